from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exits', '0002_pre_consults'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exit',
            name='exits_exit_one_under_way',
        ),
        migrations.AddConstraint(
            model_name='exit',
            constraint=models.UniqueConstraint(condition=models.Q(('state__lte', 6)), fields=('seller_id',), name='exits_exit_one_before_paying'),
        ),
    ]
