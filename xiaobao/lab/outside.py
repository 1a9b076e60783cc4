"""Figures from outside that a comparison rests on, with source and certainty: `outside.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from xiaobao.kernel.money import MINOR_DIGITS
from xiaobao.orders.facts import BreachKind


@dataclass(frozen=True)
class Scenario:
    """How much of the harm is found, and how much of that is upheld."""

    key: str
    zh: str
    en: str
    found_bps: int
    upheld_bps: int
    source: str
    source_zh: str
    certainty: str


@dataclass(frozen=True)
class Gain:
    """What a seller gains by breaking a promise, as a share of the price."""

    kind: BreachKind
    share_bps: int
    source: str
    source_zh: str
    certainty: str


@dataclass(frozen=True)
class Outside:
    """All of them."""

    floors: tuple[int, ...]
    sizes: tuple[int, ...]
    scenarios: tuple[Scenario, ...]
    gains: dict[BreachKind, Gain]

    def floors_minor(self, currency: str) -> tuple[int, ...]:
        return tuple(floor * 10 ** MINOR_DIGITS[currency] for floor in self.floors)

    def sizes_minor(self, currency: str) -> tuple[int, ...]:
        return tuple(size * 10 ** MINOR_DIGITS[currency] for size in self.sizes)


@cache
def outside() -> Outside:
    read = tomllib.loads(files(__package__).joinpath("outside.toml").read_text(encoding="utf-8"))
    gains = [
        Gain(BreachKind[row.pop("promise").upper()], **row)
        for row in (dict(row) for row in read["gains"])
    ]
    return Outside(
        tuple(read["floors"]), tuple(read["sizes"]),
        tuple(Scenario(**row) for row in read["scenarios"]), {gain.kind: gain for gain in gains},
    )  # fmt: skip
