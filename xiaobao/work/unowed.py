"""Money that left unowed: what did, what was done about each, and what is open of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from xiaobao.advances import queries as advances_now
from xiaobao.advances.facts import PayoutState
from xiaobao.database.lists import Order, Part, Place
from xiaobao.database.sets import fetch_rows
from xiaobao.exits import queries as exits_now
from xiaobao.gateways.alipay.names import named, number_of
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.problems import Problem
from xiaobao.ledger import queries as books

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.deposits.facts import Moved

LONGEST_REF = 100
Key = tuple[int, "UUID"]


class StepKind(IntEnum):
    ASKED = 1
    BACK = 2
    WRITTEN_OFF = 3


STEP_WORDS = {
    StepKind.ASKED: ("已要求退回", "asked back"),
    StepKind.BACK: ("已追回", "came back"),
    StepKind.WRITTEN_OFF: ("已核销", "written off"),
}


class UnowedUnknown(Problem):
    code: ClassVar[str] = "unowed_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "number 字段：{number} 不是误付；见 xiaobao unowed list"
    en: ClassVar[str] = "number: {number} left no money unowed; see xiaobao unowed list"
    page_zh: ClassVar[str] = "{number} 不在误付之列；请刷新页面，从现有的误付里选"
    page_en: ClassVar[str] = (
        "{number} left no money unowed; reload the page and choose among those listed"
    )


class Step(NamedTuple):
    """One thing done about it."""

    kind: StepKind
    ref: str
    amount_minor: int
    at: datetime
    by: str
    words: str


@dataclass(frozen=True)
class UnowedRow:
    """A payout or a refund that was given up or stopped, and left all the same."""

    number: str
    seller_id: int
    movement: UUID
    amount_minor: int
    currency: str
    at: datetime
    is_refund: bool
    steps: tuple[Step, ...]

    def came(self, kind: StepKind) -> int:
        return sum(one.amount_minor for one in self.steps if one.kind is kind)

    @property
    def back_minor(self) -> int:
        return self.came(StepKind.BACK)

    @property
    def open_minor(self) -> int:
        """By so much the account holds less than the books say."""
        return self.amount_minor - self.back_minor - self.came(StepKind.WRITTEN_OFF)

    @property
    def is_asked(self) -> bool:
        return any(one.kind is StepKind.ASKED for one in self.steps)


# As the rooms sort theirs.
BY_ENDING: Order[UnowedRow] = Order(
    (
        Part("ended_at", "ts", is_descending=True), Part("seller_id", is_descending=True),
        Part("movement", "uuid", is_descending=True),
    ),
    lambda row: (row.at, row.seller_id, row.movement),
)  # fmt: skip


def paid_unowed() -> list[UnowedRow]:
    """Those not settled yet, however they were heard of, the latest first."""
    return [row for row in all_unowed() if row.open_minor]


def all_unowed() -> list[UnowedRow]:
    """Every one there ever was, with what was done about it, the latest first."""
    return _rows(_left(None, None))


def unowed_listed(
    *, is_settled: bool, place: Place | None = None, limit: int
) -> list[UnowedRow]:  # fmt: skip
    """A page of them, the latest first: those that are open, or with `is_settled` all."""
    found: list[UnowedRow] = []
    while True:
        left = _left(place, limit)
        found += [row for row in _rows(left) if is_settled or row.open_minor]
        if len(left) < limit or len(found) >= limit:
            return found[:limit]
        place = Place(tuple(_key(left[-1])))


def _left(place: Place | None, limit: int | None) -> list[tuple[Moved, bool]]:
    """What left unowed, and whether as a refund: payouts and refunds as one list."""
    both = [
        *((one, False) for one in advances_now.unowed_payouts(place=place, limit=limit)),
        *((one, True) for one in exits_now.unowed_refunds(place=place, limit=limit)),
    ]  # fmt: skip
    return sorted(both, key=_key, reverse=True)[:limit]


def _key(left: tuple[Moved, bool]) -> tuple[datetime, int, UUID]:
    moved, _ = left
    assert moved.at is not None, "what has moved has ended"
    return moved.at, moved.seller_id, moved.id


def unowed_numbered(number: str) -> UnowedRow:
    """:raises UnowedUnknown: where the number names none"""
    one = named(number)
    found: list[tuple[Moved, bool]] = []
    if one is not None and one.direction is Direction.OUT:
        key = [one.seller_id], [one.id]
        found = [
            *((moved, False) for moved in advances_now.payouts_named(*key)),
            *((moved, True) for moved in exits_now.refunds_named(*key)),
        ]
    rows = _rows([each for each in found if each[0].state == PayoutState.PAID_UNOWED])
    if not rows:
        raise UnowedUnknown(number=number[:LONGEST_REF])
    return rows[0]


def steps_about(keys: Collection[Key]) -> dict[Key, tuple[Step, ...]]:
    """What was done about these, each in the order in which it was."""
    rows = fetch_rows(
        "SELECT seller_id, movement, kind, ref, amount_minor, taken_at, taken_by, words "
        "FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, movement) "
        "JOIN work_unowed_step USING (seller_id, movement) ORDER BY taken_at, kind, ref",
        [[seller for seller, _ in keys], [movement for _, movement in keys]],
    )
    found: dict[Key, tuple[Step, ...]] = defaultdict(tuple)
    for seller, movement, kind, *rest in rows:
        found[seller, movement] += (Step(StepKind(kind), *rest),)
    return found


def open_sums(rows: Iterable[UnowedRow]) -> dict[str, int]:
    """What is open of these in each currency; of the bills' own always."""
    sums = {"CNY": 0}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.open_minor
    return sums


def steps_taken(begins: datetime, ends: datetime) -> list[tuple[str, str, Step]]:
    """What was done in [begins, ends): number, currency, step."""
    rows = fetch_rows(
        "SELECT seller_id, movement, kind, ref, amount_minor, taken_at, taken_by, words "
        "FROM work_unowed_step WHERE taken_at >= %s AND taken_at < %s "
        "ORDER BY taken_at, seller_id, movement, kind, ref",
        [begins, ends],
    )
    kept_in = dict(books.currencies_of(np.array([seller for seller, *_ in rows], np.int64)))
    return [
        (number_of(Direction.OUT, seller, movement), kept_in[seller],
         Step(StepKind(kind), *rest))
        for seller, movement, kind, *rest in rows
    ]  # fmt: skip


def booked_back(refs: Collection[str]) -> dict[str, int]:
    """How much is booked as come back by each of these lines of account bills."""
    rows = fetch_rows(
        "SELECT ref, sum(amount_minor)::bigint FROM work_unowed_step WHERE kind = %s "
        "AND ref = ANY(%s::text[]) GROUP BY ref",
        [StepKind.BACK.value, list(refs)],
    )
    return dict(rows)


def _rows(found: Sequence[tuple[Moved, bool]]) -> list[UnowedRow]:
    steps = steps_about([(one.seller_id, one.id) for one, _ in found])
    kept_in = dict(books.currencies_of(np.array([one.seller_id for one, _ in found], np.int64)))
    return [
        UnowedRow(
            number_of(Direction.OUT, one.seller_id, one.id), one.seller_id, one.id,
            one.amount_minor, kept_in[one.seller_id], one.at, is_refund,
            steps[one.seller_id, one.id],
        )
        for one, is_refund in found
        if one.at is not None
    ]  # fmt: skip
