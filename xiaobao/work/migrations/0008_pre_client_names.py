"""No two clients in force of one owner have one name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0007_pre_bills")]

    operations = [
        # Of clients that share a name all but the first say which they are.
        migrations.RunSQL(
            "UPDATE work_api_client SET name = name || ' ' || client_id WHERE revoked_at IS NULL "
            "AND EXISTS (SELECT FROM work_api_client AS c WHERE c.seller_id = "
            "work_api_client.seller_id AND c.name = work_api_client.name "
            "AND c.revoked_at IS NULL AND (c.added_at, c.client_id) < "
            "(work_api_client.added_at, work_api_client.client_id))",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="apiclient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("seller_id", "name"),
                name="work_api_client_named",
            ),
        ),
    ]
