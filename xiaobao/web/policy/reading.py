"""What a pack says, as pages show it: findings, sentences of what changes, one table of terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404

from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Certainty
from xiaobao.promises.rules.comparing import Side, changes_of
from xiaobao.promises.rules.formats import FORMATS, shown
from xiaobao.promises.rules.telling import day_words, reworded, sentences

if TYPE_CHECKING:
    from xiaobao.promises.facts import Draft, Pack, Term

CERTAINTY_WORDS = {
    Certainty.HIGH: ("高", "high"),
    Certainty.MEDIUM: ("中", "medium"),
    Certainty.LOW: ("低", "low"),
    Certainty.CONFLICTING: ("说法不一", "conflicting"),
}


@dataclass(frozen=True)
class TermRow:
    """One number of a table: what holds, from when till when, on what clause and whose word."""

    key: str
    begins: str
    ends: str
    column: str
    value: str
    clause: str
    source: str
    certainty: tuple[str, str]


def said_differently(before: Pack, after: Pack) -> list[tuple[str, str]]:
    """What changes, a sentence in zh and en for each row, and for each text that is reworded."""
    changes = changes_of(
        Side(before.terms, before.categories), Side(after.terms, after.categories)
    )
    told = [(zh, en) for _, zh, en in sentences(changes, after)]
    return told + [(zh, en) for _, zh, en in reworded(before, after)]


def tables_of(pack: Pack) -> list[tuple[str, tuple[str, str], int]]:
    """The tables of a pack: name, words, how many rows."""
    counts: dict[str, int] = {}
    for term in pack.terms:
        counts[term.table] = counts.get(term.table, 0) + 1
    return [
        (name, (FORMATS[name].zh, FORMATS[name].en), count)
        for name, count in sorted(counts.items())
    ]


def rows_of(pack: Pack, table: str) -> list[TermRow]:
    return [
        _row(term, column, value, pack.zone)
        for term in pack.terms
        if term.table == table
        for column, value in term.values.items()
    ]


def _row(term: Term, column: str, value: int | bool | str, zone: str) -> TermRow:
    own = term.notes.get(column, {})
    certainty = own.get("certainty", Certainty(term.certainty).name)
    return TermRow(
        key=term.key,
        begins=day_words(term.begins_us, zone),
        ends="" if term.ends_us == FAR_US else day_words(term.ends_us, zone),
        column=column,
        value=shown(column, value),
        clause=own.get("clause", term.clause),
        source=own.get("source", term.source),
        certainty=CERTAINTY_WORDS[Certainty[certainty.upper()]],
    )


def draft_or_404(draft_id: int) -> Draft:
    """:raises Http404: where there is no such draft"""
    found = [
        one for market in promises.markets() for one in promises.drafts(market.name)
        if one.draft_id == draft_id
    ]  # fmt: skip
    if not found:
        raise Http404
    return found[0]
