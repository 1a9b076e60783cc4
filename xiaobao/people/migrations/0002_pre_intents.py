from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_pre_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='Intent',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'intent_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('intent_id', models.UUIDField()),
                ('duty', models.SmallIntegerField()),
                ('subject', models.TextField()),
                ('words', models.TextField()),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.TextField()),
                ('by_user_id', models.BigIntegerField()),
                ('by', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(db_default='')),
                ('is_signed', models.BooleanField(db_default=False)),
            ],
            options={
                'db_table': 'people_intent',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('seller_id', 'duty', 'subject'), name='people_intent_once')],
            },
        ),
    ]
