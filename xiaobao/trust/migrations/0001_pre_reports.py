"""Reports of quarters as they were published, and the quarter that is due next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            "Report",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "market_id", "day", "number", blank=True, editable=False,
                        primary_key=True, serialize=False,
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("day", models.IntegerField()),
                ("market_id", models.SmallIntegerField()),
                ("number", models.SmallIntegerField()),
                ("why", models.TextField()),
                ("by", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "trust_report",
                "constraints": [
                    models.CheckConstraint(
                        name="trust_report_says_why_it_corrects",
                        condition=models.Q(("number", 1), ("why", ""))
                        | models.Q(("number__gt", 1)) & ~models.Q(("why", "")),
                    ),
                    models.UniqueConstraint(
                        fields=("market_id", "day", "why"), name="trust_report_corrected_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "ReportDue",
            [
                ("market_id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("day", models.IntegerField()),
            ],
            options={"db_table": "trust_report_due"},
        ),
    ]  # fmt: skip
