from django.db import migrations


class Migration(migrations.Migration):
    """Members and looks are the room of people's now; nothing in the database changes here."""

    dependencies = [
        ('web', '0001_pre_members'),
        ('people', '0001_pre_people'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Look'),
                migrations.DeleteModel(name='Member'),
            ],
        ),
    ]
