"""What publishing a pack changes: rows added, open rows ended; and what it may not change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import Certainty, Term
from xiaobao.promises.rules.formats import shown

if TYPE_CHECKING:
    from collections.abc import Iterable


class Refusal(IntEnum):
    """Why a row cannot be published over what is published already."""

    REWRITTEN = 1  # another value or clause under a name that stands
    LOST = 2  # a published row is missing
    RETROACTIVE = 3  # it would begin or end before the moment of effect


@dataclass(frozen=True)
class Changes:
    """What to record, or why not; `refused` names the rows by their draft or published form."""

    added: tuple[Term, ...]
    ended: tuple[Term, ...]  # published rows with their new end
    noted: tuple[Term, ...]  # published rows whose source or certainty was corrected
    refused: tuple[tuple[Refusal, Term], ...]


def changes_between(published: Iterable[Term], drafted: Iterable[Term], at_us: int) -> Changes:
    """Compare row by row: a published row keeps its values for ever and may only be followed.

    A table that was never published may begin in the past: nothing was judged by it.
    """
    before = {term.name: term for term in published}
    after = {term.name: term for term in drafted}
    known_tables = {term.table for term in before.values()}
    added = [t for name, t in after.items() if name not in before]
    both = [(before[name], t) for name, t in after.items() if name in before]
    ended = [_with_end(old, new) for old, new in both if old.ends_us != new.ends_us]
    refused = [(Refusal.LOST, old) for name, old in before.items() if name not in after]
    refused += [
        (Refusal.REWRITTEN, new)
        for old, new in both
        if (old.values, old.clause) != (new.values, new.clause)
    ]
    refused += [
        (Refusal.RETROACTIVE, t) for t in added if t.table in known_tables and t.begins_us < at_us
    ]
    refused += [
        (Refusal.RETROACTIVE, new)
        for old, new in both
        if old.ends_us != new.ends_us and (old.ends_us != FAR_US or new.ends_us < at_us)
    ]
    noted = [_with_notes(old, new) for old, new in both if _notes(old) != _notes(new)]
    return Changes(tuple(added), tuple(ended), tuple(noted), tuple(refused))


def needs_notice(published: Iterable[Term], changes: Changes) -> bool:
    """Whether anybody who is bound already would be bound otherwise.

    What is published for the first time, a whole market or a table new to it, binds nobody yet.
    """
    known_tables = {term.table for term in published}
    return bool(changes.ended) or any(t.table in known_tables for t in changes.added)


def _notes(term: Term) -> tuple[str, int, dict[str, dict[str, str]]]:
    return term.source, term.certainty, term.notes


def _with_end(old: Term, new: Term) -> Term:
    return Term(**{**vars(old), "ends_us": new.ends_us})


def _with_notes(old: Term, new: Term) -> Term:
    return Term(
        **{**vars(old), "source": new.source, "certainty": new.certainty, "notes": new.notes}
    )


@dataclass(frozen=True)
class Difference:
    """One line of a comparison of two packs: a row or a column that is not the same."""

    table: str
    key: str
    begins_us: int
    column: str  # empty where the whole row is on one side only
    before: str
    after: str


def differences(before: Iterable[Term], after: Iterable[Term]) -> list[Difference]:
    """What one pack says and the other does not, row by row and column by column."""
    old = {term.name: term for term in before}
    new = {term.name: term for term in after}
    found = []
    for name in sorted(old.keys() | new.keys()):
        left = _shown(old[name]) if name in old else {}
        right = _shown(new[name]) if name in new else {}
        found += [
            Difference(*name, column, left.get(column, ""), right.get(column, ""))
            for column in {**left, **right}
            if left.get(column, "") != right.get(column, "")
        ]
    return found


def _shown(term: Term) -> dict[str, str]:
    said = {column: shown(column, value) for column, value in term.values.items()}
    said["ends"] = "" if term.ends_us == FAR_US else moment_of(term.ends_us).isoformat()
    said |= {"clause": term.clause, "source": term.source}
    said["certainty"] = Certainty(term.certainty).name.lower()
    notes = term.notes.items()
    return said | {f"{column}.{f}": text for column, note in notes for f, text in note.items()}
