from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_pre_intents'),
    ]

    operations = [
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('user_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('zone', models.TextField()),
                ('chosen_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'people_zone',
            },
        ),
    ]
