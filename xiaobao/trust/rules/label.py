"""What a shop's record comes to, and its label as programs read and check it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.trust.facts import (
    FORMAT,
    KEPT_DAYS,
    MOST_HEADROOM,
    PAYOUT_DAYS,
    VALID_HOURS,
    Standings,
)
from xiaobao.trust.rules.signing import LabelRefused, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.evidence.rules.notes import Verifier
    from xiaobao.kernel.columns import Int
    from xiaobao.trust.facts import LabelRow, Records

# The square of 1.96, as a fraction: the bound is one-sided at 97.5 per cent.
_Z_SQUARED, _Z = 3.8416, 1.96
LONGEST = 100_000


def standings(r: Records) -> Standings:
    """See `Standings`."""
    kept = r.orders - r.broken
    whole = np.maximum(r.orders, 1)
    asked = np.maximum(r.required_minor, 1)
    # Nothing asked for is met, and all of it is there.
    percent = np.where(r.required_minor > 0, r.available_minor * 100 // asked, MOST_HEADROOM)
    return Standings(
        kept_bps=np.where(r.orders > 0, kept * WHOLE_BPS // whole, 0),
        least_bps=least_bps(kept, r.orders),
        headroom_percent=np.minimum(percent, MOST_HEADROOM),
        is_met=r.available_minor >= r.required_minor,
    )


def least_bps(kept: Int, orders: Int) -> Int:
    """The lower bound of Wilson's interval for the share that was kept; 0 where nothing is known.

    Few orders prove little: 5 of 5 kept say "above 56 %", 500 of 500 say "above 99 %". An estimate
    and no money, so reckoned in floats; it rounds down, to the shop's disadvantage.
    """
    n = np.maximum(orders, 1).astype(np.float64)
    spread = np.sqrt(_Z_SQUARED + 4 * kept * (n - kept) / n)
    bound = (2 * kept + _Z_SQUARED - _Z * spread) / (2 * (n + _Z_SQUARED))
    known = np.where(orders > 0, bound, 0)
    floored: Int = np.maximum(np.floor(known * WHOLE_BPS), 0).astype(np.int64)
    return floored


# -- the signed label ----------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckedLabel:
    """What a label says, and whose signature holds over it."""

    label: dict[str, Any]
    key: str
    is_expired: bool


def spelt(row: LabelRow) -> dict[str, Any]:
    """The label as a program reads it: whole numbers and texts alone, so it has one spelling."""
    penalty = row.penalty
    return {
        "format": FORMAT,
        "shop": row.seller.name,
        "market": row.market,
        "at": row.at.isoformat(timespec="seconds"),
        "valid_until": (row.at + timedelta(hours=VALID_HOURS)).isoformat(timespec="seconds"),
        "standing": row.seller.state.name.lower(),
        "restricted_by": [one.name.lower() for one in row.seller.restricted_by],
        "promises": [one.promise.name.lower() for one in row.promises],
        "items_covered": row.items_covered,
        "deposit": {
            "is_quoted": row.is_quoted, "is_met": row.is_met,
            "headroom_percent": row.headroom_percent,
        },
        "kept": {
            "days": KEPT_DAYS, "orders": row.orders, "broken": row.broken,
            "rate_bps": row.kept_bps, "least_bps": row.least_bps,
        },
        "payout": {
            "days": PAYOUT_DAYS, "claims": row.claims_paid, "median_hours": row.median_hours,
        },
        "penalty": None if penalty is None else {
            "begins": penalty.begins_at.isoformat(timespec="seconds"),
            "ends": penalty.ends_at.isoformat(timespec="seconds"),
            "clause": penalty.clause, "measures": list(penalty.measures_en),
            "is_corrected": penalty.is_corrected,
        },
    }  # fmt: skip


def checked(body: bytes, verifiers: Sequence[Verifier], *, at: datetime) -> CheckedLabel:
    """What a label says, where one of these keys signed it.

    :raises LabelRefused: where none did, or it is no label
    """
    label, key = opened(body, verifiers, FORMAT, LONGEST)
    try:
        until = datetime.fromisoformat(label["valid_until"])
    except (KeyError, TypeError, ValueError) as trouble:
        raise LabelRefused("有效期无法读取", "it says not until when it is valid") from trouble
    return CheckedLabel(label, key, is_expired=at > until)
