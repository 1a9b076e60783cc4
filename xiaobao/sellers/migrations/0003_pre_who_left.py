"""Find those who ever left without reading everybody's history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sellers", "0002_pre_policy_answers")]

    operations = [
        migrations.AddIndex(
            model_name="standingentry",
            index=models.Index(
                fields=["seller_id"],
                condition=models.Q(event__in=(8, 9)),
                name="sellers_standing_left",
            ),
        ),
    ]
