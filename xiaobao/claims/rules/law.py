"""The law of one market: the rows of every table that count for a claim, found in one look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xiaobao.claims.facts import Ground, Stage
from xiaobao.kernel.books import Book, one_of, paired, parted
from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.terms import AwardTerms, BurdenTerms, ClaimRules, ClaimTerms
    from xiaobao.kernel.calendars import Calendar
    from xiaobao.kernel.clocks import Zone

_STAGES = 4
_NONE, _FIRST = np.zeros(0, np.int64), np.zeros(1, np.int64)

C = TypeVar("C", bound=Columns)


@dataclass(frozen=True, slots=True)
class Rows(Columns):
    """The positions of the rows in force together, one table each; -1 where there is none."""

    claim: Int
    burden: Int
    rule: Int
    law: Int
    platform: Int
    promise: Int
    promise_higher: Int
    promise_highest: Int


GROUNDS = {
    Ground.LAW: "law",
    Ground.RULE: "platform",
    Ground.PROMISE: "promise",
    Ground.PROMISE_HIGHER: "promise_higher",
    Ground.PROMISE_HIGHEST: "promise_highest",
}


@dataclass(frozen=True)
class Law:
    """All terms about claims of one market, and which of their rows are in force together."""

    claims: ClaimTerms
    burdens: BurdenTerms
    awards: AwardTerms
    rules: ClaimRules
    book: Book[Rows]
    zone: Zone
    calendar: Calendar

    def rows_of(self, facts: ClaimFacts, stage: Int) -> Rows:
        """The rows in force for each claim when its order was placed.

        :raises NotInForce: where the market's packs had none
        """
        return self.book.in_force(facts.ordered_us, key_of(facts.kind, facts.category_id, stage))

    @cached_property
    def _ones(self) -> dict[str, dict[int, Any]]:
        return {"claims": {}, "burdens": {}, "rules": {}, "awards": {}}

    @cached_property
    def _award_asks(self) -> list[int]:
        asks: list[int] = self.awards.award_asks.tolist()
        return asks

    def claims_at(self, at: Int) -> ClaimTerms:
        return self._at("claims", self.claims, at)

    def burdens_at(self, at: Int) -> BurdenTerms:
        return self._at("burdens", self.burdens, at)

    def rules_at(self, at: Int) -> ClaimRules:
        return self._at("rules", self.rules, at)

    def awards_at(self, at: Int) -> AwardTerms:
        return self._at("awards", self.awards, at)

    def _at(self, table: str, rows: C, at: Int) -> C:
        """These rows of a table; one alone, as a live claim needs it, is taken once for all."""
        if len(at) == 1:
            taken: dict[int, C] = self._ones[table]
            return one_of(rows, int(at[0]), taken)
        return rows.take(at)

    def asked(self, at: Int, ask: Int) -> Int:
        """Those of some claims for which a row of awards is in force that gives what they ask."""
        if len(at) == 1:
            row = int(at[0])
            is_asked = row >= 0 and self._award_asks[row] >> int(ask[0]) & 1
            return _FIRST if is_asked else _NONE
        here = np.flatnonzero(at >= 0)
        asked: Int = here[(self.awards.award_asks[at[here]] >> ask[here] & 1) != 0]
        return asked


def key_of(kind: Int, category_id: Int, stage: Int) -> Int:
    return paired(kind, category_id * _STAGES + stage)


def law_of(
    claims: Book[ClaimTerms],
    burdens: Book[BurdenTerms],
    awards: Book[AwardTerms],
    rules: Book[ClaimRules],
    *,
    zone: Zone,
    calendar: Calendar,
) -> Law:
    """Join the books: between two moments at which any row begins or ends nothing changes."""
    books = (claims, burdens, awards, rules)
    moments = np.unique(np.concatenate([(b.begins_us, b.ends_us) for b in books], axis=1))
    begins, ends = moments[:-1], moments[1:]
    heard = np.unique(claims.key)
    stages = np.array(list(Stage))
    kind, category = parted(heard)
    # Every kind and category, at every stage, in every span.
    row = {
        "kind": np.repeat(kind, len(stages) * len(begins)),
        "category": np.repeat(category, len(stages) * len(begins)),
        "stage": np.tile(np.repeat(stages, len(begins)), len(heard)),
        "begins": np.tile(begins, len(heard) * len(stages)),
        "ends": np.tile(ends, len(heard) * len(stages)),
    }
    at, kinds = row["begins"], row["kind"]
    joined = Rows(
        claim=claims.positions(at, paired(kinds, row["category"]))[0],
        burden=burdens.positions(at, paired(kinds, row["stage"]))[0],
        rule=rules.positions(at, np.zeros(len(at), np.int64))[0],
        **{
            name: awards.positions(at, paired(kinds, np.full(len(at), ground)))[0]
            for ground, name in GROUNDS.items()
        },
    )
    there = (joined.claim >= 0) & (joined.burden >= 0) & (joined.rule >= 0)
    keys = key_of(kinds, row["category"], row["stage"])
    book = _merged(joined.take(there), keys[there], at[there], row["ends"][there])
    return Law(claims.rows, burdens.rows, awards.rows, rules.rows, book, zone, calendar)


def _merged(rows: Rows, key: Int, begins_us: Int, ends_us: Int) -> Book[Rows]:
    """Neighbouring spans that say the same, as one: the fewer rows, the shorter the search."""
    if len(rows) == 0:
        return Book(rows, key, begins_us, ends_us)
    is_new: Mask = np.ones(len(rows), np.bool_)
    is_new[1:] = (key[1:] != key[:-1]) | (begins_us[1:] != ends_us[:-1])
    for column in rows.as_dict().values():
        is_new[1:] |= column[1:] != column[:-1]
    first = np.flatnonzero(is_new)
    last = np.append(first[1:], len(rows)) - 1
    return Book(rows.take(first), key[first], begins_us[first], ends_us[last])
