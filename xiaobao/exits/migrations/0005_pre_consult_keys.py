"""What was said in a consultation carries its form's key: sent twice, it is said once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exits", "0004_pre_checks")]

    operations = [
        migrations.AddField(
            model_name="consultwords",
            name="key",
            field=models.TextField(db_default=""),
        ),
        migrations.AddConstraint(
            model_name="consultwords",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("seller_id", "key"),
                name="exits_consult_words_once",
            ),
        ),
    ]
