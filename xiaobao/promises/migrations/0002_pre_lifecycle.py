"""Versions that are put to consultation, announced, followed, or withdrawn before in force."""

from django.db import migrations, models

FORWARD = """
ALTER TABLE promises_term DROP CONSTRAINT promises_term_one_at_a_time;
ALTER TABLE promises_term ADD CONSTRAINT promises_term_one_at_a_time
    EXCLUDE USING gist (int8range(k, k, '[]') WITH &&, during WITH &&)
    WHERE (withdrawn_at IS NULL);
-- A row is withdrawn before it is in force, or never.
ALTER TABLE promises_term ADD CONSTRAINT promises_term_withdrawn_in_time
    CHECK (withdrawn_at < lower(during));

CREATE OR REPLACE FUNCTION promises_term_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.term_id, NEW.pack_id, NEW.market_id, NEW.line, NEW.tbl, NEW.key, NEW.k, NEW.values,
        NEW.clause, lower(NEW.during))
       IS DISTINCT FROM
       (OLD.term_id, OLD.pack_id, OLD.market_id, OLD.line, OLD.tbl, OLD.key, OLD.k, OLD.values,
        OLD.clause, lower(OLD.during))
       OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
       -- An open end closes; it opens again only where the row that followed was withdrawn.
       OR (NEW.during <> OLD.during AND NOT upper_inf(OLD.during) AND NOT (
           upper_inf(NEW.during) AND EXISTS (
               SELECT FROM promises_term f WHERE f.k = OLD.k
               AND lower(f.during) = upper(OLD.during) AND f.withdrawn_at IS NOT NULL)
           AND NOT EXISTS (
               SELECT FROM promises_term f WHERE f.k = OLD.k
               AND lower(f.during) >= upper(OLD.during) AND f.withdrawn_at IS NULL)))
    THEN
        RAISE EXCEPTION 'a published term stands: it may be followed, not changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

BACKWARD = """
ALTER TABLE promises_term DROP CONSTRAINT promises_term_withdrawn_in_time;
ALTER TABLE promises_term DROP CONSTRAINT promises_term_one_at_a_time;
ALTER TABLE promises_term ADD CONSTRAINT promises_term_one_at_a_time
    EXCLUDE USING gist (int8range(k, k, '[]') WITH &&, during WITH &&);
CREATE OR REPLACE FUNCTION promises_term_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.term_id, NEW.pack_id, NEW.market_id, NEW.line, NEW.tbl, NEW.key, NEW.k, NEW.values,
        NEW.clause, lower(NEW.during))
       IS DISTINCT FROM
       (OLD.term_id, OLD.pack_id, OLD.market_id, OLD.line, OLD.tbl, OLD.key, OLD.k, OLD.values,
        OLD.clause, lower(OLD.during))
       OR (NEW.during <> OLD.during AND NOT upper_inf(OLD.during))
    THEN
        RAISE EXCEPTION 'a published term stands: it may be followed, not changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('promises', '0001_pre_catalogue'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('comment_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('said_at', models.DateTimeField()),
                ('said_by', models.TextField()),
                ('words', models.TextField()),
            ],
            options={
                'db_table': 'promises_reply',
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('pack_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('withdrawn_at', models.DateTimeField()),
                ('withdrawn_by', models.TextField()),
                ('why', models.TextField()),
            ],
            options={
                'db_table': 'promises_withdrawal',
            },
        ),
        migrations.AddField(
            model_name='term',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('pack_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('draft_id', models.BigIntegerField()),
                ('announced_at', models.DateTimeField()),
                ('announced_by', models.TextField()),
                ('effective_at', models.DateTimeField()),
                ('is_major', models.BooleanField()),
                ('notice_days', models.SmallIntegerField()),
                ('why_major', models.JSONField()),
            ],
            options={
                'db_table': 'promises_announcement',
                'constraints': [models.CheckConstraint(condition=models.Q(('effective_at__gt', models.F('announced_at'))), name='promises_announcement_ahead')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('comment_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('draft_id', models.BigIntegerField()),
                ('said_at', models.DateTimeField()),
                ('said_by', models.TextField()),
                ('words', models.TextField()),
                ('words_sha256', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'promises_comment',
                'constraints': [models.UniqueConstraint(fields=('draft_id', 'said_by', 'words_sha256'), name='promises_comment_once')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('draft_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('market_id', models.SmallIntegerField()),
                ('name', models.TextField()),
                ('version', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.TextField()),
                ('files', models.JSONField()),
            ],
            options={
                'db_table': 'promises_draft',
                'constraints': [models.UniqueConstraint(fields=('market_id', 'name', 'version'), name='promises_draft_version')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
