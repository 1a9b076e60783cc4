"""What a bill's remark says a line is: from `vocabulary.toml`; other remarks are unknown."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

UNKNOWN = "unknown"


class Booking(NamedTuple):
    """What a line is booked as; `reason` in the bill's own word, `order` where it names one."""

    kind: str
    is_compensation: bool
    reason: str = ""
    order: str = ""


@dataclass(frozen=True)
class _Phrase:
    pattern: re.Pattern[str]
    kind: str
    way: str
    is_compensation: bool
    reason: str


@dataclass(frozen=True)
class KindWords:
    zh: str
    en: str


class _Told(NamedTuple):
    phrases: tuple[_Phrase, ...]
    kinds: dict[str, KindWords]
    fees: tuple[re.Pattern[str], ...]


@cache
def _told() -> _Told:
    file = Path(__file__).with_name("vocabulary.toml")
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    phrases = tuple(
        _Phrase(
            re.compile(row["says"]), row["kind"], row["way"],
            row.get("is_compensation", False), row.get("reason", ""),
        )
        for row in told["phrase"]
    )  # fmt: skip
    kinds = {row["name"]: KindWords(row["zh"], row["en"]) for row in told["kind"]}
    return _Told(phrases, kinds, tuple(re.compile(row["says"]) for row in told["fee"]))


def is_fee(kind: str) -> bool:
    """Whether this kind of business of an account bill is a fee."""
    return any(pattern.fullmatch(kind) for pattern in _told().fees)


def kinds() -> dict[str, KindWords]:
    return _told().kinds


def booked(remark: str, fen: int) -> Booking:
    """What a line of this remark is; a release that takes money away is none."""
    # Brackets and colons come in half width and in full.
    text = unicodedata.normalize("NFKC", remark).strip()
    for phrase in _told().phrases:
        found = phrase.pattern.match(text)
        if found is not None and (fen < 0) is (phrase.way == "out"):
            parts = found.groupdict()
            return Booking(
                phrase.kind, phrase.is_compensation, parts.get("reason") or phrase.reason,
                parts.get("order") or "",
            )  # fmt: skip
    return Booking(UNKNOWN, is_compensation=False)
