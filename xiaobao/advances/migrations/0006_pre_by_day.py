"""Where the payouts of a span of days lie, for whoever reconciles such a span."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("advances", "0005_pre_unowed")]

    operations = [
        migrations.AddIndex(
            "payout",
            BrinIndex(
                fields=["created_at", "ended_at"], name="advances_payout_by_day",
                autosummarize=True,
            ),
        ),
    ]  # fmt: skip
