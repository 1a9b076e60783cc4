"""A payment that carries the money of one that was given up names it."""

from uuid import UUID

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exits", "0005_pre_consult_keys")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="replaces",
            field=models.UUIDField(db_default=UUID(int=0)),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces", UUID(int=0)), _negated=True),
                fields=("seller_id", "replaces"),
                name="exits_payment_replaced_once",
            ),
        ),
    ]
