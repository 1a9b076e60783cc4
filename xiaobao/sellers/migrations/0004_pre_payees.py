"""Who led a seller's money elsewhere, when, and whom to ask about it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sellers", "0003_pre_who_left")]

    operations = [
        migrations.CreateModel(
            name="PayeeChange",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "seller_id", "seq", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seller_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                ("account", models.TextField()),
                ("account_before", models.TextField()),
                ("holder", models.TextField()),
                ("holder_before", models.TextField()),
                ("phone_before", models.TextField()),
            ],
            options={"db_table": "sellers_payee"},
        ),
    ]  # fmt: skip
