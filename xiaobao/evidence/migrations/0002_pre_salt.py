from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0001_pre_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='piece',
            name='salt',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
    ]
