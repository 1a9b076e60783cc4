"""What each clock's breaches paid the platform: a punitive part is paid once per group."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_pre_facts_orders_breaches'),
    ]

    operations = [
        migrations.AddField(
            model_name='breach',
            name='platform_had_minor',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='watch',
            name='platform_minor',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.RunSQL(
            """
            UPDATE orders_watch w SET platform_minor = b.platform_minor
            FROM (SELECT seller_id, order_id, clock, sum(platform_minor)::bigint AS platform_minor
                  FROM orders_breach WHERE platform_minor > 0 GROUP BY 1, 2, 3) AS b
            WHERE w.seller_id = b.seller_id AND w.order_id = b.order_id AND w.clock = b.clock
            """,
            migrations.RunSQL.noop,
        ),
    ]
