"""What a law asks of a pack: notice, limits of numbers, terms that are void; from its file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xiaobao.promises.packs import law_text


@dataclass(frozen=True)
class Limit:
    """A number that a row may not go below or above; `least` and `most` are None where open."""

    table: str
    key: str  # `*` is every key
    column: str
    unit: str  # of a clock; empty where the number stands as it is
    least: int | None
    most: int | None
    when: dict[str, Any]
    law: str
    zh: str
    en: str


@dataclass(frozen=True)
class VoidTerm:
    """A kind of words that courts hold void in a standard contract."""

    name: str
    law: str
    zh: str
    en: str
    zh_patterns: tuple[re.Pattern[str], ...]
    en_patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Heard:
    """A kind of claim that no category of its goods may lack."""

    claim: str
    codes: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]  # of names and codes, in lower case
    law: str
    zh: str
    en: str


@dataclass(frozen=True)
class Law:
    """One body of law, and how it is cited."""

    names: dict[str, tuple[str, str]]
    notice_days: int
    major_notice_days: int
    consultation_days: int
    notice_law: str
    major_notice_law: str
    consultation_law: str
    deposit_law: str
    limits: tuple[Limit, ...]
    void_terms: tuple[VoidTerm, ...]
    heard: tuple[Heard, ...]

    def cited(self, law: str) -> tuple[str, str]:
        """A law and article, in zh and en; an article 0 means the whole of it."""
        name, _, article = law.partition(":")
        zh, en = self.names[name]
        if article in {"", "0"}:
            return f"《{zh}》", en
        return f"《{zh}》第{article}条", f"{en}, article {article}"


@lru_cache(maxsize=8)
def law_named(name: str) -> Law:
    """:raises KeyError: if there is no such law"""
    read = tomllib.loads(law_text(name))
    notices = {one["id"]: one for one in read["notices"]}
    return Law(
        names={one["id"]: (one["zh"], one["en"]) for one in read["laws"]},
        notice_days=notices["notice"]["days"],
        major_notice_days=notices["major"]["days"],
        consultation_days=notices["consultation"]["days"],
        notice_law=notices["notice"]["law"],
        major_notice_law=notices["major"]["law"],
        consultation_law=notices["consultation"]["law"],
        deposit_law=read["deposit"]["law"],
        limits=tuple(_limit(one) for one in read.get("limits", [])),
        void_terms=tuple(_void_term(one) for one in read.get("void_terms", [])),
        heard=tuple(_heard(one) for one in read.get("heard", [])),
    )


def _limit(given: dict[str, Any]) -> Limit:
    return Limit(
        given["table"], given["key"], given["column"], given.get("unit", ""),
        given.get("least"), given.get("most"), given.get("when", {}), given["law"],
        given["zh"], given["en"],
    )  # fmt: skip


def _void_term(given: dict[str, Any]) -> VoidTerm:
    return VoidTerm(
        given["id"], given["law"], given["zh"], given["en"],
        tuple(re.compile(one) for one in given["zh_patterns"]),
        tuple(re.compile(one) for one in given["en_patterns"]),
    )  # fmt: skip


def _heard(given: dict[str, Any]) -> Heard:
    patterns = [re.compile(one) for one in (*given["zh_patterns"], *given["en_patterns"])]
    return Heard(
        given["claim"], tuple(given["codes"]), tuple(patterns), given["law"], given["zh"],
        given["en"],
    )  # fmt: skip
