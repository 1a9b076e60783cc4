"""The few payments that moved although nothing was owed are found without looking at others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exits", "0006_pre_replaced_payments")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("ended_at"),
                condition=models.Q(("state", 7)),
                name="exits_payment_unowed",
            ),
        ),
    ]
