"""What of a fraudulent buyer's money was stopped before it was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hearings", "0002_pre_jury")]

    operations = [
        migrations.AddField("ruling", "stopped_minor", models.BigIntegerField(db_default=0)),
    ]
