"""Where money goes back to: whether that changes, and when it last did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.outbox import queries as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers.facts import PAYEE_FIELDS
from xiaobao.sellers.queries.known import profile_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def changes_payee(seller_id: int, changes: Mapping[str, str]) -> bool:
    """Whether money would go back to another account, or in another name, than was given."""
    stands = profile_of(seller_id)
    return any(
        stands[field].strip()
        and changes.get(field, stands[field]).strip() != stands[field].strip()
        for field in PAYEE_FIELDS
    )


def payee_changed_at(seller_id: int) -> datetime | None:
    """When the account that stood was last changed; None where it never was."""
    return outbox.last_told(seller_id, EventKind.SELLER_PAYEE_CHANGED)
