"""What a pack says, as pages show it: findings, sentences of what changes, one table of terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404

from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Certainty
from xiaobao.promises.rules.column_words import COLUMN_WORDS
from xiaobao.promises.rules.comparing import Side, changes_of
from xiaobao.promises.rules.formats import FORMATS
from xiaobao.promises.rules.notice import earliest_lawful, local_day
from xiaobao.promises.rules.statutes import law_named
from xiaobao.promises.rules.telling import (
    day_words,
    key_words,
    reworded,
    sentences,
    value_words,
)

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Draft, Pack, Term

    Words = tuple[str, str]

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
    about: Words
    begins: str
    ends: str
    column: str
    term: Words
    value: Words
    clause: str
    source: Words
    place: Words  # where in the source, if that is said in every language
    quoted: str  # the same, in the words of whoever wrote the pack
    certainty: Words


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
        _row(term, column, pack)
        for term in pack.terms
        if term.table == table
        for column in term.values
    ]


def _row(term: Term, column: str, pack: Pack) -> TermRow:
    own = term.notes.get(column, {})
    certainty = own.get("certainty", Certainty(term.certainty).name)
    source, _, place = own.get("source", term.source).partition(":")
    is_article = place.isdigit()
    return TermRow(
        key=term.key,
        about=key_words(term.key, pack) if term.key else ("", ""),
        begins=day_words(term.begins_us, pack.zone),
        ends="" if term.ends_us == FAR_US else day_words(term.ends_us, pack.zone),
        column=column,
        term=COLUMN_WORDS.get(column, (column, column)),
        value=value_words(column, term, pack.currency),
        clause=own.get("clause", term.clause),
        source=_short(pack.sources.get(source, (source, source))),
        place=(f"第 {place} 条", f"article {place}") if is_article else ("", ""),
        quoted="" if is_article else place,
        certainty=CERTAINTY_WORDS[Certainty[certainty.upper()]],
    )


def _short(source: Words) -> Words:
    """What a source is called, without what is said of it: that stands in the pack's own file."""
    zh, en = source
    return zh.partition("：")[0], en.partition(": ")[0]


def draft_or_404(draft_id: int) -> Draft:
    """:raises Http404: where there is no such draft"""
    found = [
        one for market in promises.markets() for one in promises.drafts(market.name)
        if one.draft_id == draft_id
    ]  # fmt: skip
    if not found:
        raise Http404
    return found[0]


def clocks_of(draft: Draft, *, at: datetime) -> dict[str, Any]:
    """When a draft may be announced at the earliest, and what still waits for a reply."""
    pack, _ = promises.draft_read(draft)
    law = law_named(pack.law)
    comments = promises.comments_on(draft.draft_id)
    earliest = earliest_lawful(
        local_day(draft.opened_at, pack.zone), law.consultation_days, pack.zone
    )
    left = (earliest - local_day(at, pack.zone)).days
    return {
        "draft": draft,
        "earliest": earliest,
        "days": law.consultation_days,
        "left": max(left, 0),
        "law": law.cited(law.consultation_law),
        "is_over": left <= 0,
        "comments": comments,
        "unanswered": sum(one.replied_at is None for one in comments),
    }


def in_consultation(market: str, *, at: datetime) -> list[dict[str, Any]]:
    """The drafts of a market that everybody may still comment on, the latest first."""
    return [
        clocks_of(one, at=at)
        for one in reversed(promises.drafts(market))
        if not promises.has_version(one.market_id, one.name, one.version)
    ]
