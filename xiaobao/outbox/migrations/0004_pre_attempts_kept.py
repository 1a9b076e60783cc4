"""Attempts by when they were made: the oldest go first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_pre_owner")]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["tried_at"], name="outbox_attempt_at"),
        ),
    ]
