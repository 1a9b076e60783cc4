"""Verified answers read: what they say became of our money, and nothing beyond that."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from xiaobao.gateways.alipay.codes import RESULTS, Meaning, meaning_of
from xiaobao.gateways.alipay.wire import NotBelieved
from xiaobao.gateways.alipay.yuan import fen_of
from xiaobao.gateways.payments import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

OK = "10000"
STATES = {
    "SUCCESS": Result.CONFIRMED, "TRADE_SUCCESS": Result.CONFIRMED,
    "TRADE_FINISHED": Result.CONFIRMED, "FAIL": Result.FAILED, "REFUND": Result.FAILED,
    "TRADE_CLOSED": Result.FAILED, "CLOSED": Result.FAILED,
}  # fmt: skip


class Said(NamedTuple):
    """A verified answer, or none: what it means, its reference, its words."""

    result: Result
    ref: str
    words: str
    meaning: Meaning | None = None


SILENT = Said(Result.UNKNOWN, "", "NO_ANSWER", Meaning.UNKNOWN)


def refused(code: str) -> Said:
    return Said(Result.FAILED, "", code, meaning_of("", code))


def read(answer: Mapping[str, Any], ref: str, *, state: str = "status") -> Said:
    """What a verified answer says: a state where it carries one, else what its code means."""
    code, sub_code = str(answer.get("code", "")), str(answer.get("sub_code", ""))
    if code != OK:
        meaning = meaning_of(code, sub_code)
        return Said(RESULTS[meaning], "", sub_code or code, meaning)
    said = str(answer.get(state, ""))
    words = str(answer.get("error_code") or said)
    return Said(STATES.get(said, Result.UNKNOWN), str(answer.get(ref, "")), words)


def told(answer: Mapping[str, Any], ref: str, *, state: str = "status") -> Said:
    """As `read`, of an answer to a question: one that is refused says nothing of the money."""
    said = read(answer, ref, state=state)
    if said.meaning in {None, Meaning.NOT_FOUND}:
        return said
    return Said(Result.UNKNOWN, "", said.words, Meaning.UNKNOWN)


def about(said: Said, answer: Mapping[str, Any], field: str, number: str) -> Said:
    """:raises NotBelieved: for an old answer about something else"""
    if said.meaning is None and answer.get(field) != number:
        raise NotBelieved(f"the answer is not about {number}")
    return said


def same_sum(said: Said, answer: Mapping[str, Any], field: str, amount_minor: int) -> Said:
    """Another sum under our number is for a person to look at; it is never taken for ours."""
    if said.result is not Result.CONFIRMED:
        return said
    with suppress(ValueError):
        if fen_of(str(answer.get(field, ""))) == amount_minor:
            return said
    return Said(Result.UNKNOWN, said.ref, "OTHER_AMOUNT", Meaning.CONFLICT)
