from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # Its tables of members and looks are taken over, with all that is in them.
        ('web', '0001_pre_members'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "ALTER TABLE web_member RENAME TO people_member",
                        "ALTER INDEX web_member_by_user RENAME TO people_member_by_user",
                        "ALTER TABLE web_look RENAME TO people_look",
                    ],
                    [
                        "ALTER TABLE people_look RENAME TO web_look",
                        "ALTER INDEX people_member_by_user RENAME TO web_member_by_user",
                        "ALTER TABLE people_member RENAME TO web_member",
                    ],
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Member',
                    fields=[
                        ('pk', models.CompositePrimaryKey('seller_id', 'user_id', 'role', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('seller_id', models.BigIntegerField()),
                        ('user_id', models.BigIntegerField()),
                        ('role', models.SmallIntegerField()),
                        ('since_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'db_table': 'people_member',
                        'indexes': [models.Index(fields=['user_id'], name='people_member_by_user')],
                    },
                ),
                migrations.CreateModel(
                    name='Look',
                    fields=[
                        ('pk', models.CompositePrimaryKey('seller_id', 'look_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('seller_id', models.BigIntegerField()),
                        ('look_id', models.UUIDField()),
                        ('user_id', models.BigIntegerField()),
                        ('role', models.SmallIntegerField()),
                        ('looked_at', models.DateTimeField()),
                        ('page', models.TextField()),
                    ],
                    options={
                        'db_table': 'people_look',
                    },
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='look',
            index=models.Index(fields=['looked_at'], name='people_look_by_time'),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('invitation_id', models.UUIDField(primary_key=True, serialize=False)),
                ('user_id', models.BigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'people_invitation',
                'indexes': [models.Index(fields=['user_id'], name='people_invitation_by_user')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('pk', models.CompositePrimaryKey('seller_id', 'event_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('user_id', models.BigIntegerField()),
                ('event', models.SmallIntegerField()),
                ('role', models.SmallIntegerField()),
                ('by_user_id', models.BigIntegerField()),
                ('by', models.TextField()),
                ('happened_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'people_event',
                'indexes': [models.Index(fields=['happened_at'], name='people_event_by_time')],
            },
        ),
    ]
