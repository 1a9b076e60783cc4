"""Where the lines of one item lie, for whoever asks what a shop ever sold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_pre_breaches_by_day")]

    operations = [
        migrations.AddIndex(
            "line",
            models.Index(fields=["seller_id", "item_id"], name="orders_line_by_item"),
        ),
    ]
