"""Whether a stop was accepted, and those that wait for it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_pre_by_day")]

    operations = [
        migrations.AddField("stop", "is_accepted", models.BooleanField(db_default=True)),
        migrations.AddIndex(
            "stop",
            models.Index(
                fields=["until_at"],
                name="claims_stop_to_accept",
                condition=Q(is_accepted=False),
            ),
        ),
    ]
