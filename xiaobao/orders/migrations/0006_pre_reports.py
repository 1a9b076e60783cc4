"""Reports of force majeure are reviewed: by when, by whom, until when what was approved excuses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_pre_lines_by_item")]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "seller_id", "order_id", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seller_id", models.BigIntegerField()),
                ("order_id", models.BigIntegerField()),
                ("market_id", models.SmallIntegerField()),
                ("state", models.SmallIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.TextField(default="")),
                ("words", models.TextField(default="")),
            ],
            options={
                "db_table": "orders_report",
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="orders_report_by_clock")
                ],
            },
        ),
        migrations.AddField("breach", "is_platforms", models.BooleanField(db_default=False)),
        migrations.AddField("breachdetail", "recorded_us", models.BigIntegerField(db_default=0)),
    ]
