"""What was charged for a cover, and what of a plan of instalments was not lodged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deposits", "0004_pre_releases")]

    operations = [
        migrations.AddField("cover", "premium_minor", models.BigIntegerField(db_default=0)),
        migrations.AddField("mix", "unpaid_minor", models.BigIntegerField(db_default=0)),
        # Nobody kept count of what was lodged early: nothing was, as far as is known.
        migrations.RunSQL(
            "UPDATE deposits_mix SET unpaid_minor = deferred_minor", migrations.RunSQL.noop
        ),
    ]
