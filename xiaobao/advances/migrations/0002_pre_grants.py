from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("advances", "0001_pre_advances"),
    ]

    operations = [
        migrations.AddField(
            model_name="split",
            name="buyer_grant",
            field=models.BigIntegerField(db_default=0),
        ),
    ]
