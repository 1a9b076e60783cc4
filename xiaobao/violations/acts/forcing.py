"""Forced exits are carried out by the room above; here it is written down that they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.violations import store
from xiaobao.violations.facts import ForcedExitState

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.violations.facts import ForcedExits


@transaction.atomic
def finish_forced_exits(exits: ForcedExits, *, at: datetime) -> int:
    """These decisions were carried out; return how many were due and are done now.

    A decision that was revoked, or carried out before, stays as it is.
    """
    return store.penalties.end_forced_exits(
        exits.seller_id, exits.day, exits.step, ForcedExitState.DONE, at=at
    )
