from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0008_pre_client_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('comparison', models.UUIDField(primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(null=True)),
                ('market_id', models.SmallIntegerField()),
                ('state', models.SmallIntegerField()),
                ('asked_by', models.TextField()),
                ('engine', models.TextField()),
                ('new_label', models.TextField()),
                ('new_sha256', models.TextField()),
                ('old_label', models.TextField()),
                ('sha256', models.TextField()),
                ('figures', models.TextField()),
                ('why_zh', models.TextField()),
                ('why_en', models.TextField()),
            ],
            options={
                'db_table': 'work_comparison',
                'indexes': [models.Index(fields=['new_sha256', 'asked_at'], name='work_comparison_of')],
                'constraints': [
                    models.UniqueConstraint(
                        condition=Q(('state', 1)), fields=('new_sha256',),
                        name='work_comparison_waits_once',
                    ),
                ],
            },
        ),
    ]
