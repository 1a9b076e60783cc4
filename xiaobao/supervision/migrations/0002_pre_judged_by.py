"""Each week judged keeps the numbers that it was judged by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_pre_supervision")]

    operations = [
        migrations.CreateModel(
            "JudgedBy",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "market_id", "week", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("market_id", models.SmallIntegerField()),
                ("week", models.IntegerField()),
                ("sha256", models.TextField()),
                ("numbers", models.JSONField()),
            ],
            options={"db_table": "supervision_judged_by"},
        ),
    ]  # fmt: skip
