"""What a shop's record comes to, and the text that is signed over it; pure."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.evidence.rules.notes import NoteRefused, open_note
from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.trust.facts import (
    FORMAT,
    KEPT_DAYS,
    MOST_HEADROOM,
    PAYOUT_DAYS,
    VALID_HOURS,
    Standings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


class LabelRefused(ValueError):  # noqa: N818
    """A label is misshapen, was changed, or is signed by no known key; says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


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


def signed_text(label: Mapping[str, Any]) -> str:
    """What is signed: the label without its signature, its names in order, in one line."""
    bare = {name: value for name, value in label.items() if name != "signature"}
    return json.dumps(bare, ensure_ascii=True, sort_keys=True, separators=(",", ":")) + "\n"


def with_signature(label: Mapping[str, Any], note: str) -> dict[str, Any]:
    """The label with the signature of a note over its text."""
    return {**label, "signature": note.removeprefix(signed_text(label)).strip()}


def checked(body: bytes, verifiers: Sequence[Verifier], *, at: datetime) -> CheckedLabel:
    """What a label says, where one of these keys signed it.

    :raises LabelRefused: where none did, or it is no label
    """
    label = _read(body)
    note = f"{signed_text(label)}\n{label['signature']}\n"
    try:
        open_note(note, verifiers)
        until = datetime.fromisoformat(label["valid_until"])
    except (NoteRefused, KeyError, TypeError, ValueError) as trouble:
        raise LabelRefused(f"签名不成立（{trouble}）", str(trouble)) from trouble
    (key,) = [str(one) for one in verifiers if _is_by(label["signature"], one)][:1]
    said = {name: value for name, value in label.items() if name != "signature"}
    return CheckedLabel(said, key, is_expired=at > until)


def _read(body: bytes) -> dict[str, Any]:
    try:
        label = json.loads(body) if len(body) <= LONGEST else None
    except (ValueError, RecursionError) as trouble:
        raise LabelRefused("不是 JSON", "this is no JSON") from trouble
    if not isinstance(label, dict) or label.get("format") != FORMAT:
        raise LabelRefused(f"不是 {FORMAT}", f"this is no {FORMAT}")
    if not isinstance(label.get("signature"), str):
        raise LabelRefused("没有签名", "it has no signature")
    return label


def _is_by(signature: str, verifier: Verifier) -> bool:
    name, _, encoded = signature.removeprefix("— ").partition(" ")
    return name == verifier.name and base64.b64decode(encoded)[:4] == verifier.key_hash
