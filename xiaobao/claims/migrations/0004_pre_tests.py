"""What of a test that the platform ordered is borne by whoever loses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_pre_counted")]

    operations = [
        migrations.AddField("claim", "test_minor", models.BigIntegerField(db_default=0)),
    ]
