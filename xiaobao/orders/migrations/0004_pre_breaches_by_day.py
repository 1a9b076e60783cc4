"""Where the breaches of a span of days lie, for whoever gauges such a span."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_pre_breach_details")]

    operations = [
        migrations.AddIndex(
            "breach",
            BrinIndex(fields=["ordered_day"], name="orders_breach_by_day", autosummarize=True),
        ),
    ]
