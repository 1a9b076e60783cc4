"""A code to scan is drawn as it is, while it can be scanned, and is a link where it is one."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import numpy as np
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from tests.claims.making import NOW
from xiaobao.deposits.facts import LodgementRow, LodgementState
from xiaobao.web.seller.pages.scanning import QUIET, to_scan

CODE = "https://qr.alipay.com/bax03431ljhokirwl38f00a7"


def lodgement(state: LodgementState, answer: str, minor: int = 100) -> LodgementRow:
    return LodgementRow(UUID(int=1), minor, state, NOW, NOW, "", answer)


def test_the_newest_open_code_is_drawn_until_it_runs_out() -> None:
    rows = [
        lodgement(LodgementState.CONFIRMED, f"SCAN {CODE}"),
        lodgement(LodgementState.UNKNOWN, "no answer"),
        lodgement(LodgementState.UNKNOWN, f"SCAN {CODE}", 123_450),
    ]
    shown = to_scan(rows, at=NOW)
    assert shown is not None
    assert (shown.amount_minor, shown.link, shown.until) == (
        123_450, CODE, NOW + timedelta(hours=2),
    )  # fmt: skip
    dark = np.zeros((shown.side, shown.side), bool)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", shown.path):
        dark[int(y), int(x)] = True
    made = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    made.add_data(CODE)
    inside = dark[QUIET:-QUIET, QUIET:-QUIET]
    assert inside.tolist() == made.get_matrix()
    assert dark.sum() == inside.sum() > 0
    assert to_scan(rows, at=shown.until) is None
    assert to_scan(rows[:2], at=NOW) is None


def test_nothing_but_an_address_of_the_web_is_shown() -> None:
    rows = [lodgement(LodgementState.UNKNOWN, "SCAN javascript:alert(1)")]
    assert to_scan(rows, at=NOW) is None
