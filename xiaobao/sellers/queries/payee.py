"""Where money goes back to: whether that changes, when it last did, and who it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_rows
from xiaobao.outbox import queries as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers.facts import PAYEE_FIELDS, PayeeChange
from xiaobao.sellers.queries.known import profile_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from xiaobao.kernel.columns import Int


def changes_payee(seller_id: int, changes: Mapping[str, str]) -> bool:
    """Whether money would go back to another account, or in another name, than was given.

    What was taken away once and is given anew is another one, too: else two steps would be none.
    """
    stands = profile_of(seller_id)
    changed = [
        field
        for field in PAYEE_FIELDS
        if changes.get(field, stands[field]).strip() != stands[field].strip()
    ]
    return any(stands[field].strip() for field in changed) or (
        bool(changed) and payee_changed_at(seller_id) is not None
    )


def payout_accounts(seller_ids: Int) -> dict[int, str]:
    """Where these sellers are paid, of those who said."""
    return dict(
        fetch_rows(
            "SELECT seller_id, trim(payout_account) FROM sellers_profile "
            "WHERE seller_id = ANY(%s::bigint[]) AND trim(payout_account) <> ''",
            [seller_ids],
        )
    )


def changes_telephone(seller_id: int, changes: Mapping[str, str]) -> bool:
    """Whether whoever is called about the shop would be reached no more where they were."""
    stands = profile_of(seller_id)["phone"].strip()
    return bool(stands) and changes.get("phone", stands).strip() != stands


def payee_changed_at(seller_id: int) -> datetime | None:
    """When the account that stood was last changed; None where it never was."""
    return outbox.last_told(seller_id, EventKind.SELLER_PAYEE_CHANGED)


def payee_changes(seller_id: int) -> list[PayeeChange]:
    """Every change that was kept with who made it, the last first; of the telephone alone, too."""
    rows = fetch_rows(
        "SELECT changed_at, changed_by, account, account_before, holder, holder_before, "
        "phone_before FROM sellers_payee WHERE seller_id = %s ORDER BY seq DESC",
        [seller_id],
    )
    return [PayeeChange(*row) for row in rows]
