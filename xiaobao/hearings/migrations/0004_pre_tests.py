"""What a test that the platform ordered costs whoever lost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hearings", "0003_pre_stopped")]

    operations = [
        migrations.AddField("ruling", "test_minor", models.BigIntegerField(db_default=0)),
        migrations.AddField("ruling", "test_owed_minor", models.BigIntegerField(db_default=0)),
    ]
