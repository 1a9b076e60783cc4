"""What stood of a claim when it was reopened: what is decided since comes on top of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_pre_waiting")]

    operations = [
        migrations.AddField("claim", "counted_refund_minor", models.BigIntegerField(db_default=0)),
        migrations.AddField(
            "claim", "counted_freight_minor", models.BigIntegerField(db_default=0)
        ),
        migrations.AddField(
            "claim", "counted_compensation_minor", models.BigIntegerField(db_default=0)
        ),
        # Mark.REOPENED. What was ruled of these since is read from their rulings.
        migrations.RunSQL(
            "UPDATE claims_claim SET counted_refund_minor = refund_minor, "
            "counted_freight_minor = freight_back_minor, "
            "counted_compensation_minor = compensation_minor WHERE marks & 256 <> 0",
            migrations.RunSQL.noop,
        ),
    ]
