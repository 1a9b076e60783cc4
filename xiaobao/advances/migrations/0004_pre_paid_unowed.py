"""A payout that was stopped may turn out to have been paid."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("advances", "0003_pre_stopped")]

    operations = [
        migrations.RemoveConstraint("payout", "advances_payout_waits"),
        migrations.AddConstraint(
            "payout",
            models.CheckConstraint(
                name="advances_payout_waits",
                condition=Q(state__in=[2, 5, 6, 7], next_at__isnull=True, ended_at__isnull=False)
                | Q(state__in=[0, 1, 3, 4], next_at__isnull=False, ended_at__isnull=True),
            ),
        ),
    ]
