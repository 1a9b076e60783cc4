"""What another system says of an order beside what the house knows: differences, never repairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.gateways.feeds.faults import Words
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders
from xiaobao.orders.facts import BreachKind, FactKind, OrderStates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.columns import Int, Mask

ANY_BREACH = sum(1 << kind for kind in BreachKind)


class Difference(Enum):
    """How what a file says may differ from what is known here."""

    TOTAL_IS_NO_SUM = "total_is_no_sum"
    GOODS_DIFFER = "goods_differ"
    SHIP_BY_DIFFERS = "ship_by_differs"
    SHIP_BY_NOT_HERE = "ship_by_not_here"
    PAID_ONLY_THERE = "paid_only_there"
    PAID_ONLY_HERE = "paid_only_here"
    PAID_AMOUNT_DIFFERS = "paid_amount_differs"
    LATE_ONLY_THERE = "late_only_there"


DIFFERENCE_WORDS = {
    Difference.TOTAL_IS_NO_SUM: Words(
        "总金额不等于货款加邮费", "the total is not the goods and the freight together"
    ),
    Difference.GOODS_DIFFER: Words("货款与已知的不同", "the goods cost other than known here"),
    Difference.SHIP_BY_DIFFERS: Words(
        "应发货时间与已知的承诺不同", "the ship-by time is another than the promise known here"
    ),
    Difference.SHIP_BY_NOT_HERE: Words(
        "有应发货时间，而这里的订单没有自己的承诺时间",
        "there is a ship-by time, and the order here promises none of its own",
    ),
    Difference.PAID_ONLY_THERE: Words(
        "平台已主动赔付，这里没有发现违约", "the platform paid the buyer; no breach was found here"
    ),
    Difference.PAID_ONLY_HERE: Words(
        "这里因违约赔付，平台没有主动赔付", "a breach was paid here; the platform paid nothing"
    ),
    Difference.PAID_AMOUNT_DIFFERS: Words(
        "两边都赔付，金额不同", "both paid the buyer, and not the same"
    ),
    Difference.LATE_ONLY_THERE: Words(
        "按其发货时间已超时，这里没有赔付", "late by its own times; nothing was paid here"
    ),
}


@dataclass(frozen=True)
class Compensation:
    """Whether the platform paid the buyer by itself, and how much."""

    is_paid: bool
    minor: int


@dataclass(frozen=True)
class Said:
    """What a file says of one order; texts are empty where it says nothing."""

    row: int  # of the sheet
    seller: str
    order: str
    buyer: str
    at: str
    goods: str
    freight: str
    ship_by: str = ""
    total: str = ""
    is_late: bool = False
    compensation: Compensation | None = None


@dataclass(frozen=True)
class Differs:
    """One difference: whose order, what is said, what is known."""

    line: int
    order: str
    difference: Difference
    theirs: str
    ours: str

    def says(self, language: str) -> str:
        zh = language.startswith("zh")
        words = DIFFERENCE_WORDS[self.difference].says(language)
        head = f"第 {self.line} 行，订单 {self.order}" if zh else f"line {self.line}, {self.order}"
        if not (self.theirs or self.ours):
            return f"{head}: {words}"
        theirs, ours = self.theirs or "-", self.ours or "-"
        tail = f"对方 {theirs}，本方 {ours}" if zh else f"{theirs} there, {ours} here"
        return f"{head}: {words} ({tail})"


class _Known:
    """The orders that a file speaks of, as they are known."""

    def __init__(self, said: Sequence[Said]) -> None:
        self.seller = np.array([id_of(one.seller) for one in said], np.int64)
        self.order = np.array([id_of(one.order) for one in said], np.int64)
        states = orders.states_of(self.seller, self.order)
        keys = zip(states.seller_id.tolist(), states.order_id.tolist(), strict=True)
        self._place = {key: place for place, key in enumerate(keys)}
        self._states = states

    def state(self, number: int) -> OrderStates | None:
        """The state of the order that the number-th speaks of, if it was placed."""
        key = (int(self.seller[number]), int(self.order[number]))
        place = self._place.get(key)
        if place is None or self._states.ordered_us[place] >= FAR_US:
            return None
        return self._states.take(np.array([place]))


def agreed(facts: pa.Table, said: Sequence[Said], kept: Int) -> Mask:
    """Which facts are `placed` of orders known to be just as the file says: nothing new.

    Files that say less than was told before (no buyer, no freight) would else contradict it.
    """
    known = _Known(said)
    same_rows = [
        one.row
        for number, one in enumerate(said)
        if (state := known.state(number)) is not None and _is_same(one, state)
    ]
    placed = pc.equal(facts["fact"], int(FactKind.PLACED)).to_numpy(zero_copy_only=False)
    return np.asarray(placed & np.isin(kept, same_rows), bool)


def _us(text: str) -> int:
    return us_of(datetime.fromisoformat(text))


def _is_same(one: Said, state: OrderStates) -> bool:
    said = [
        (one.at and _us(one.at), state.ordered_us),
        (one.goods and int(one.goods), state.goods_minor),
        (one.freight and int(one.freight), state.freight_minor),
        (one.buyer and id_of(one.buyer), state.buyer_id),
    ]
    return all(value == "" or value == known[0] for value, known in said)


def differences(said: Sequence[Said], line: Int) -> list[Differs]:
    """Everything that differs, once the file was taken in, order by order."""
    known = _Known(said)
    paid = orders.ask_compensated(
        known.seller, known.order, np.full(len(said), ANY_BREACH, np.int64)
    ).answer
    found = []
    for number, one in enumerate(said):
        state = known.state(number)
        for difference, theirs, ours in _of_one(one, state, int(paid[number])):
            found.append(Differs(int(line[one.row]), one.order, difference, theirs, ours))
    return found


def _of_one(one: Said, state: OrderStates | None, paid: int) -> list[tuple[Difference, str, str]]:
    found = []
    if one.total and one.goods and int(one.total) != int(one.goods) + int(one.freight or 0):
        sums = str(int(one.goods) + int(one.freight or 0))
        found.append((Difference.TOTAL_IS_NO_SUM, one.total, sums))
    if state is not None and one.goods and int(one.goods) != state.goods_minor[0]:
        found.append((Difference.GOODS_DIFFER, one.goods, str(state.goods_minor[0])))
    if state is not None and one.ship_by:
        ours = int(state.ship_by_us[0])
        if ours >= FAR_US:
            found.append((Difference.SHIP_BY_NOT_HERE, one.ship_by, ""))
        elif ours != _us(one.ship_by):
            found.append((Difference.SHIP_BY_DIFFERS, one.ship_by, moment_of(ours).isoformat()))
    return found + _paid(one, paid)


def _paid(one: Said, paid: int) -> list[tuple[Difference, str, str]]:
    there = one.compensation
    if there is not None and there.is_paid:
        if paid == 0:
            return [(Difference.PAID_ONLY_THERE, str(there.minor), "0")]
        if there.minor != paid:
            return [(Difference.PAID_AMOUNT_DIFFERS, str(there.minor), str(paid))]
    elif there is not None and paid:
        return [(Difference.PAID_ONLY_HERE, "0", str(paid))]
    if one.is_late and paid == 0 and not (there and there.is_paid):
        return [(Difference.LATE_ONLY_THERE, "", "")]
    return []
