"""A lodgement that waits for its payer: the gateway's code as a drawing, its amount and end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from xiaobao.deposits.facts import LodgementState
from xiaobao.gateways.payments import CODE_HOURS, code_shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from xiaobao.deposits.facts import LodgementRow

# Light modules around the code, which readers need.
QUIET = 4


@dataclass(frozen=True)
class ToScan:
    """`path` draws the dark modules within a square of `side` units; `link` opens the same."""

    amount_minor: int
    until: datetime
    link: str
    side: int
    path: str


def to_scan(lodgements: Iterable[LodgementRow], *, at: datetime) -> ToScan | None:
    """The newest code that may still be scanned."""
    for one in lodgements:
        code = code_shown(one.answer) if one.state is LodgementState.UNKNOWN else ""
        if code and one.answered_at:
            until = one.answered_at + timedelta(hours=CODE_HOURS)
            if at < until:
                return ToScan(one.amount_minor, until, code, *drawn(code))
    return None


def drawn(code: str) -> tuple[int, str]:
    """The side of a QR code with its quiet zone, and a path over its dark modules."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    made.add_data(code)
    modules = made.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(modules) for x, is_dark in enumerate(row) if is_dark
    )  # fmt: skip
    return len(modules), path
