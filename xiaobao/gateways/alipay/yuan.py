"""Money as Alipay writes it: yuan with two decimals, as text; exact both ways."""

from __future__ import annotations

import re

_YUAN = re.compile(r"([+-]?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")
FEN = 100
CURRENCY = "CNY"


def yuan_of(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    whole, part = divmod(abs(fen), FEN)
    return f"{sign}{whole}.{part:02d}"


def fen_of(text: str) -> int:
    """:raises ValueError: unless it is a sum in yuan, exact to the fen"""
    found = _YUAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no sum in yuan")
    sign, whole, part = found.groups()
    fen = int(whole) * FEN + int((part or "").ljust(2, "0"))
    return -fen if sign == "-" else fen
