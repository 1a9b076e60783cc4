"""What sellers were told of announced versions, and what they answered."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sellers', '0001_pre_sellers'),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyAnswer',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'pack_id', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('pack_id', models.BigIntegerField()),
                ('seq', models.IntegerField()),
                ('is_accepted', models.BooleanField()),
                ('said_at', models.DateTimeField()),
                ('said_by', models.TextField()),
            ],
            options={
                'db_table': 'sellers_answer',
            },
        ),
        migrations.CreateModel(
            name='PolicyNotice',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'pack_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('pack_id', models.BigIntegerField()),
                ('told_at', models.DateTimeField()),
                ('orders', models.BigIntegerField()),
                ('before_minor', models.BigIntegerField()),
                ('after_minor', models.BigIntegerField()),
                ('lines', models.JSONField()),
            ],
            options={
                'db_table': 'sellers_notice',
            },
        ),
    ]
