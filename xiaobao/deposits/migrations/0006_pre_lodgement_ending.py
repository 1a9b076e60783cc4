"""A mark on what is being called off: until that is answered, nothing told of it is believed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deposits", "0005_pre_premiums")]

    operations = [
        migrations.AddField("lodgement", "is_ending", models.BooleanField(db_default=False)),
    ]
