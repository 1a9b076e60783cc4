"""A payout may be stopped before it was sent."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("advances", "0002_pre_grants")]

    operations = [
        migrations.RemoveConstraint("payout", "advances_payout_waits"),
        migrations.AddConstraint(
            "payout",
            models.CheckConstraint(
                name="advances_payout_waits",
                condition=Q(state__in=[2, 5, 6], next_at__isnull=True, ended_at__isnull=False)
                | Q(state__in=[0, 1, 3, 4], next_at__isnull=False, ended_at__isnull=True),
            ),
        ),
    ]
