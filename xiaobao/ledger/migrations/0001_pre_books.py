"""Books, postings and holds."""

import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Book',
            fields=[
                ('seller_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('last_at', models.DateTimeField()),
                ('outside', models.BigIntegerField()),
                ('deposit', models.BigIntegerField()),
                ('locked', models.BigIntegerField()),
                ('reserve', models.BigIntegerField()),
                ('fund', models.BigIntegerField()),
                ('buyers', models.BigIntegerField()),
                ('refunds', models.BigIntegerField()),
                ('penalty', models.BigIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
            ],
            options={
                'db_table': 'ledger_book',
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('outside'), '+', models.F('deposit')), '+', models.F('locked')), '+', models.F('reserve')), '+', models.F('fund')), '+', models.F('buyers')), '+', models.F('refunds')), '+', models.F('penalty')), 0), name='ledger_book_sums_to_zero'), models.CheckConstraint(condition=models.Q(('buyers__gte', 0), ('deposit__gte', 0), ('locked__gte', 0), ('reserve__gte', 0), ('fund__lte', 0), ('penalty__gte', 0), ('refunds__gte', 0)), name='ledger_book_floors')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'hold', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('captured', models.BigIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('hold', models.UUIDField()),
                ('cause', models.UUIDField()),
                ('source', models.SmallIntegerField()),
                ('state', models.SmallIntegerField()),
            ],
            options={
                'db_table': 'ledger_hold',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('captured__gte', 0), ('captured__lte', models.F('amount'))), name='ledger_hold_captures')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'cause', 'leg', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('seq', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('amount', models.BigIntegerField()),
                ('source_after', models.BigIntegerField()),
                ('target_after', models.BigIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('cause', models.UUIDField()),
                ('hold', models.UUIDField()),
                ('leg', models.SmallIntegerField()),
                ('op', models.SmallIntegerField()),
                ('source', models.SmallIntegerField()),
                ('target', models.SmallIntegerField()),
                ('why', models.SmallIntegerField()),
            ],
            options={
                'db_table': 'ledger_posting',
                'constraints': [models.UniqueConstraint(fields=('seller_id', 'seq'), name='ledger_posting_seq'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('source', models.F('target')), _negated=True)), name='ledger_posting_moves'), models.CheckConstraint(condition=models.Q(('source__gte', 0), ('source__lte', 7), ('target__gte', 0), ('target__lte', 7)), name='ledger_posting_accounts')],
            },
        ),
        # Half-empty pages let a balance be updated in place, without touching the index (HOT).
        migrations.RunSQL(
            "ALTER TABLE ledger_book SET (fillfactor = 50)", migrations.RunSQL.noop
        ),
        # Only holds that can run out are swept.
        migrations.RunSQL(
            "CREATE INDEX ledger_hold_due ON ledger_hold (expires_at) "
            "WHERE state = 0 AND expires_at < 'infinity'",
            migrations.RunSQL.noop,
        ),
    ]
