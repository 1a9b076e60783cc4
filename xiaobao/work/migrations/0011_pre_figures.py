"""Figures over all of history, kept with the moment that they were reckoned at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0010_pre_unowed")]

    operations = [
        migrations.CreateModel(
            "Figure",
            [
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("reckoned_at", models.DateTimeField()),
                ("took_us", models.BigIntegerField()),
                ("body", models.JSONField()),
            ],
            options={"db_table": "work_figure"},
        ),
    ]
