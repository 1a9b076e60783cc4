"""Payments keep since when their account has been this one, and who changed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exits", "0008_pre_frozen")]

    operations = [
        migrations.AddField(
            "payment",
            "payee_changed_at",
            models.DateTimeField(db_default=models.Value("infinity")),
        ),
        migrations.AddField("payment", "payee_changed_by", models.TextField(db_default="")),
    ]
