"""Where the claims on orders of a span of days lie, for whoever gauges such a span."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_pre_tests")]

    operations = [
        migrations.AddIndex(
            "claim",
            BrinIndex(fields=["ordered_at"], name="claims_claim_by_day", autosummarize=True),
        ),
    ]
