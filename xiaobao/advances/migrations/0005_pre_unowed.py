"""The few payouts that moved although nothing was owed are found without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advances", "0004_pre_paid_unowed")]

    operations = [
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                models.F("ended_at"),
                condition=models.Q(("state", 7)),
                name="advances_payout_unowed",
            ),
        ),
    ]
