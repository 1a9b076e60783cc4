"""Tables of this room: quotes, requirements and their clocks, lodgements, cover, ladder events."""

from xiaobao.deposits.models.asked import LadderEntry, Mix, QuoteEntry, Release, Requirement
from xiaobao.deposits.models.money import (
    Authorisation,
    Cover,
    CoverReturn,
    Draw,
    Lodgement,
    Taking,
)

APPEND_ONLY = ("deposits_quote", "deposits_event", "deposits_draw", "deposits_return")

__all__ = [
    "Authorisation",
    "Cover",
    "CoverReturn",
    "Draw",
    "LadderEntry",
    "Lodgement",
    "Mix",
    "QuoteEntry",
    "Release",
    "Requirement",
    "Taking",
]
