from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0009_pre_comparisons'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnowedStep',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'movement', 'kind', 'ref', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('movement', models.UUIDField()),
                ('kind', models.SmallIntegerField()),
                ('ref', models.TextField()),
                ('amount_minor', models.BigIntegerField()),
                ('taken_at', models.DateTimeField()),
                ('taken_by', models.TextField()),
                ('words', models.TextField()),
            ],
            options={
                'db_table': 'work_unowed_step',
                'constraints': [
                    models.CheckConstraint(
                        condition=Q(('amount_minor', 0), ('kind', 1))
                        | Q(('amount_minor__gt', 0), ('kind__in', (2, 3))),
                        name='work_unowed_step_amount',
                    ),
                ],
            },
        ),
    ]
