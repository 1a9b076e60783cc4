"""What Alipay's codes mean for us: whether money moved, and who can do what; from `codes.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from xiaobao.gateways.payments import Result


class Meaning(StrEnum):
    """Classes of codes; each says what follows."""

    UNKNOWN = "unknown"  # ask what became of it; never send again before it is known
    CONFLICT = "conflict"  # the same number with other content: known to it, so ask
    NOT_FOUND = "not_found"  # it never heard of it
    FUND = "fund"  # our account is empty, or has paid out what it may in a day: all waits
    LIMIT = "limit"  # this sum, or this payee for today
    PAYEE = "payee"  # whoever is paid has to do something
    PAYER = "payer"  # whoever pays has to do something
    REQUEST = "request"  # we asked wrongly, or may not ask


RESULTS = {
    Meaning.UNKNOWN: Result.UNKNOWN,
    Meaning.CONFLICT: Result.UNKNOWN,
    Meaning.NOT_FOUND: Result.NOT_FOUND,
    Meaning.FUND: Result.FAILED,
    Meaning.LIMIT: Result.FAILED,
    Meaning.PAYEE: Result.FAILED,
    Meaning.PAYER: Result.FAILED,
    Meaning.REQUEST: Result.FAILED,
}


@dataclass(frozen=True)
class Code:
    code: str
    meaning: Meaning
    zh: str
    en: str


@dataclass(frozen=True)
class Limit:
    """One sum that bounds what may be asked, with where it was read and how sure it is."""

    name: str
    fen: int
    code: str
    source: str
    certainty: str


@dataclass(frozen=True)
class Wait:
    """A span that has to pass first, with where it was read and how sure it is."""

    name: str
    minutes: int
    source: str
    certainty: str


@cache
def _told() -> dict[str, list[dict[str, object]]]:
    file = Path(__file__).with_name("codes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def codes() -> dict[str, Code]:
    found = (
        Code(str(row["code"]), Meaning(str(row["meaning"])), str(row["zh"]), str(row["en"]))
        for row in _told()["code"]
    )
    return {one.code: one for one in found}


@cache
def limits() -> dict[str, Limit]:
    found = (
        Limit(
            str(row["name"]), int(str(row["fen"])), str(row["code"]), str(row["source"]),
            str(row["certainty"]),
        )
        for row in _told()["limit"]
    )  # fmt: skip
    return {one.name: one for one in found}


@cache
def waits() -> dict[str, Wait]:
    found = (
        Wait(
            str(row["name"]), int(str(row["minutes"])), str(row["source"]), str(row["certainty"])
        )
        for row in _told()["wait"]
    )  # fmt: skip
    return {one.name: one for one in found}


def meaning_of(code: str, sub_code: str) -> Meaning:
    """What a verified refusal means; a word we do not know means that we do not know."""
    for name in (sub_code, sub_code.rpartition(".")[2], code):
        if name in codes():
            return codes()[name].meaning
    if sub_code.startswith("isv."):
        return Meaning.REQUEST
    return Meaning.UNKNOWN
