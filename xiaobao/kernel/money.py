"""Money: integer minor units, ISO 4217, and divisions that name who bears the rounding."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

# ISO 4217 exponents of the currencies a book may be kept in.
MINOR_DIGITS = {
    "AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2, "IDR": 2,
    "INR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "MOP": 2, "MXN": 2, "MYR": 2, "PHP": 2, "RUB": 2,
    "SGD": 2, "THB": 2, "TWD": 2, "USD": 2, "VND": 0,
}  # fmt: skip
SYMBOLS = {"CNY": "¥", "BRL": "R$", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥"}
WHOLE_BPS = 10_000


class Rounding(IntEnum):
    """Where the part of a minor unit goes; the pack says which."""

    DOWN = 0
    HALF_UP = 1
    UP = 2


# What is added before whole ten-thousands are counted, by how the rest is rounded.
_EXTRA = np.zeros(len(Rounding), np.int64)
_EXTRA[[Rounding.HALF_UP, Rounding.UP]] = WHOLE_BPS // 2, WHOLE_BPS - 1


def share_of(amount: Int, bps: Int, rounding: Int) -> Int:
    """`bps` ten-thousandths of non-negative `amount`, rounded as the pack says, per row.

    Whole ten-thousands are multiplied apart from the rest: a hundredfold of any amount that an
    order may have still fits.
    """
    # Columns are divided by one number many times as quickly as their remainder is taken.
    whole = amount // WHOLE_BPS
    rest = amount - whole * WHOLE_BPS
    return whole * bps + (rest * bps + _EXTRA[rounding]) // WHOLE_BPS


def clamp(amount: Int, least: Int, most: Int) -> Int:
    """`amount`, not below `least`, and not above `most` (which wins where they cross)."""
    return np.minimum(np.maximum(amount, least), most)


def in_words(minor: int, currency: str) -> str:
    """As people read it: ¥1,234.50."""
    digits = MINOR_DIGITS[currency]
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(int(minor)), 10**digits)
    tail = f".{part:0{digits}d}" if digits else ""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{whole:,}{tail}"


def decimal_of(minor: int, currency: str) -> str:
    """As other systems write it: 1234.50."""
    digits = MINOR_DIGITS[currency]
    whole, part = divmod(abs(int(minor)), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{part:0{digits}d}" if digits else "")


MOST_MINOR = 2**53 - 1


def minor_from(text: str, currency: str) -> int | None:
    """The minor units of an amount as people write it, exactly; None where it is no such amount.

    It must be positive, have no more decimals than the currency, and be safe in JSON.
    """
    try:
        minor = Decimal(text.strip()).scaleb(MINOR_DIGITS[currency])
    except InvalidOperation:
        return None
    if not minor.is_finite() or minor != minor.to_integral_value():
        return None
    return int(minor) if 0 < minor <= MOST_MINOR else None


def as_json(minor: int, currency: str) -> dict[str, int | str]:
    return {"amount": int(minor), "currency": currency}
