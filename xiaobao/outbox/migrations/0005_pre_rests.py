"""A receiver that does not answer rests, and is then tried with one message at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_pre_attempts_kept")]

    operations = [
        migrations.AddField("subscription", "unanswered", models.IntegerField(db_default=0)),
        migrations.AddField("subscription", "rests_until", models.DateTimeField(null=True)),
    ]
