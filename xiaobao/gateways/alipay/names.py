"""The number under which Alipay knows one of our movements: whose book, which one, which way."""

from __future__ import annotations

import re
from typing import NamedTuple
from uuid import UUID

from xiaobao.gateways.payments import Direction

# Letters, digits and underscores: all that every interface takes, in at most 64 characters.
_LETTERS = {Direction.OUT: "P", Direction.IN: "D"}
_DIRECTIONS = {letter: direction for direction, letter in _LETTERS.items()}
_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"([PD])([0-9]{1,19})_([0-9a-f]{32})")


class Named(NamedTuple):
    direction: Direction
    seller_id: int
    id: UUID


def number_of(direction: Direction, seller_id: int, one: UUID) -> str:
    return f"{_LETTERS[direction]}{seller_id}_{one.hex}"


def named(number: str) -> Named | None:
    """What a number of ours names; None where it is not one of ours."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return None
    letter, seller, name = found.groups()
    if int(seller) > _LARGEST:
        return None
    return Named(_DIRECTIONS[letter], int(seller), UUID(name))
