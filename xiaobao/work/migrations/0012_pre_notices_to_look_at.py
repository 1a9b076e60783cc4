"""What a person has to look at is found without reading all that gateways ever told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0011_pre_figures")]

    operations = [
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["-told_at", "notify_id"],
                name="work_notice_to_look_at",
                condition=models.Q(("outcome__gt", 2)),
            ),
        ),
    ]
