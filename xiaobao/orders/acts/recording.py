"""Record a part of a batch: fold it with what is known; write states, facts, clocks and offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from django.db import IntegrityError, transaction

from xiaobao.database.sets import FEW
from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.kernel.references import digests_of
from xiaobao.orders.acts.judging import broken_promises
from xiaobao.orders.acts.noting import take_in_reports
from xiaobao.orders.acts.reading import bad_rows
from xiaobao.orders.facts import Clock, FactKind, Facts, IntakeReport, OrderStates
from xiaobao.orders.facts.admission import Fault
from xiaobao.orders.rules.fold import details_among, distinct, fold_distinct
from xiaobao.orders.rules.judging import Broken, details_for
from xiaobao.orders.rules.watching import next_due
from xiaobao.orders.store import clocks as clock_store
from xiaobao.orders.store import facts as fact_store
from xiaobao.orders.store import orders as order_store
from xiaobao.orders.store.clocks import Watches
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    import pyarrow as pa

    from xiaobao.database.trips import Asked
    from xiaobao.orders.facts.admission import BadRow
    from xiaobao.orders.store.orders import Held
    from xiaobao.promises.facts import Market

_TRIES = 3


@dataclass(frozen=True)
class Chunk:
    """A part of a batch without faults, each fact once, by order and kind."""

    facts: Facts
    stored: pa.Table  # the same rows, as `orders_fact` keeps them
    names: pa.Array  # of each row's order
    row: Int  # of each, in the batch
    told: int  # rows before repeats were dropped


@dataclass(frozen=True)
class _Standing:
    """What stands of the orders of a chunk."""

    held: Held
    there: Int  # those asked about, by their places
    clashing: Asked[Int]  # which of these stand under another name
    known: Asked[Facts]
    watches: Asked[Watches] | None  # None where they are asked of those that change


def _ask_standing(orders: Facts, names: pa.Array) -> _Standing:
    """Lock the orders and ask what is known of them: of few all at once, there or not."""
    locked = order_store.hold_orders(orders.seller_id, orders.order_id)
    if len(orders) > FEW:
        there = locked.answer.position
        clashing = order_store.named_otherwise(orders.take(there), names.take(there).to_pylist())
        known = fact_store.facts_of(orders.seller_id[there], orders.order_id[there])
        return _Standing(locked.answer, there, clashing, known, None)
    clashing = order_store.named_otherwise(orders, names.to_pylist())
    known = fact_store.facts_of(orders.seller_id, orders.order_id)
    watches = _watches_of(orders)
    return _Standing(locked.answer, np.arange(len(orders)), clashing, known, watches)


def record_chunk(chunk: Chunk, market: Market) -> IntakeReport | list[BadRow]:
    """Record; where another transaction just made one of the orders, fold with what it brought."""
    for _ in range(_TRIES - 1):
        try:
            with transaction.atomic():
                return _record(chunk, market)
        # What few write goes out as the savepoint ends: then Django says it in its own words.
        except (psycopg.errors.UniqueViolation, IntegrityError):
            continue
    return _record(chunk, market)


def _record(chunk: Chunk, market: Market) -> IntakeReport | list[BadRow]:
    facts = chunk.facts
    heads = _heads(facts)
    orders = facts.take(heads)
    told = _ask_standing(orders, chunk.names.take(heads))
    held, clashing = told.held, told.there[told.clashing.answer]
    if len(clashing):
        clash = heads[clashing]
        return bad_rows(chunk.row[clash], np.full(len(clash), Fault.NAMES_CLASH))
    was_there = np.zeros(len(heads), np.bool_)
    was_there[held.position] = True
    known = told.known.answer
    # One that came since the others were locked is none of them: adding it is what fails then.
    known = known.take(was_there[_places(orders, known)])
    is_new = _unknown(facts, known)
    flagged = 0
    if is_new.any():
        flagged = _write(chunk, known, is_new, heads, told, was_there, market)
    return IntakeReport(
        orders_new=int((~was_there).sum()),
        facts_new=int(is_new.sum()),
        facts_known=chunk.told - int(is_new.sum()),
        contradictions=flagged,
    )


def _write(
    chunk: Chunk,
    known: Facts,
    is_new: Mask,
    heads: Int,
    told: _Standing,
    was_there: Mask,
    market: Market,
) -> int:
    """Write all that the new facts change; how many orders contradict themselves since."""
    # Every order of the batch is among these facts, so states stand in the order of `heads`.
    facts = distinct(Facts.concat([known, chunk.facts.take(is_new)]))
    states, details = fold_distinct(facts), details_among(facts)
    of = _order_of(heads, len(chunk.facts))
    touched = np.unique(of[is_new])
    details = details_for(details, touched, len(states))
    held, before_us = told.held, np.full(len(heads), FAR_US)
    before_us[held.position] = held.ordered_us
    flags = np.zeros(len(heads), np.int64)
    flags[held.position] = held.flags

    changed, old = states.take(touched), was_there[touched]
    is_placed = changed.ordered_us < FAR_US
    day = days_of(np.where(is_placed, changed.ordered_us, 0), zone_of(market.zone))
    order_store.add_orders(changed.take(~old), day[~old], chunk.names.take(heads[touched[~old]]))
    order_store.change_orders(changed.take(old), day[old])
    fact_store.add_facts(chunk.stored.filter(is_new))
    take_in_reports(chunk.facts.take(is_new), states.ordered_us[of[is_new]], market)
    watches = told.watches or _watches_of(changed.take(old))
    _set_clocks(changed, old, broken_promises(changed, details), watches.answer)
    is_moved = is_placed & (changed.ordered_us != before_us[touched])
    has_lines = np.zeros(len(heads), np.bool_)
    has_lines[of[is_new & (chunk.facts.kind == FactKind.LINE)]] = True
    _take_snapshots(changed.take(old & (is_moved | (is_placed & has_lines[touched]))))
    _take_first_snapshots(chunk, ~was_there[of] & (states.ordered_us[of] < FAR_US), states, of)
    return int(((changed.flags & ~flags[touched]) != 0).sum())


def _watches_of(orders: Facts | OrderStates) -> Asked[Watches]:
    return clock_store.watches_of(orders.seller_id, orders.order_id)


def _set_clocks(states: OrderStates, old: Mask, broken: Broken, standing: Watches) -> None:
    """Each clock of each order stands at the first breach not yet found; others stand still."""
    place = _places(states, standing)
    # Those of few orders were asked for before it was known which of them change.
    is_changed = old[place] & (states.order_id[place] == standing.order_id)
    is_changed &= states.seller_id[place] == standing.seller_id
    standing, place = standing.take(is_changed), place[is_changed]
    judged = np.zeros((len(states), len(Clock) + 1), np.int64)
    judged[place, standing.clock] = standing.judged
    due = next_due(broken.verdicts, broken.clock, judged)
    is_known = np.zeros(due.shape, np.bool_)
    is_known[place, standing.clock] = True
    row, clock = np.nonzero((due < FAR_US) & ~is_known)
    nothing = np.zeros(len(row), np.int64)
    clock_store.add_watches(
        Watches(
            states.seller_id[row],
            states.order_id[row],
            clock,
            nothing,
            due[row, clock],
            nothing,
            nothing,
        )
    )
    moved = due[place, standing.clock]
    changed = Watches(**{**standing.as_dict(), "due_us": moved})
    clock_store.change_watches(changed.take(moved != standing.due_us))


def _places(orders: Facts | OrderStates, rows: Facts | Watches) -> Int:
    """Where each row's order stands among orders, which are in the order of their keys."""
    keys = np.array([orders.seller_id, orders.order_id]).T
    wanted = np.array([rows.seller_id, rows.order_id]).T
    both = np.concatenate([keys, wanted])
    order = np.lexsort((np.arange(len(both)) >= len(keys), both[:, 1], both[:, 0]))
    place = np.empty(len(both), np.int64)
    place[order] = np.cumsum(order < len(keys)) - 1
    return place[len(keys) :]


def _take_snapshots(orders: OrderStates) -> None:
    """Keep the offer of these orders as it stood at order time."""
    if not len(orders):
        return
    lines = fact_store.lines_of(orders.seller_id, orders.order_id)
    covered = sellers.covered(lines["seller_id"], lines["item_id"], lines["ordered_us"])
    digest = digests_of(lines["digest"], lines["ordered_us"], covered.astype(np.int64))
    fact_store.add_lines(lines, digest, covered)


def _take_first_snapshots(chunk: Chunk, where: Mask, states: OrderStates, of: Int) -> None:
    """The same of orders that were not there before: all their lines are in this chunk.

    `where` marks the facts of such orders, `of` is the position of each fact's order.
    """
    f = chunk.facts
    rows = np.flatnonzero(where & (f.kind == FactKind.LINE))
    if not len(rows):
        return
    told, ordered_us = chunk.stored.take(rows), states.ordered_us[of[rows]]
    item_id = told["item_id"].combine_chunks().to_numpy()
    covered = sellers.covered(f.seller_id[rows], item_id, ordered_us)
    digest = digests_of(f.digest[rows], ordered_us, covered.astype(np.int64))
    fact_store.add_new_lines(told, digest, ordered_us, covered)


def _heads(f: Facts) -> Int:
    """Where each order's facts begin."""
    is_head = np.ones(len(f), np.bool_)
    is_head[1:] = (f.seller_id[1:] != f.seller_id[:-1]) | (f.order_id[1:] != f.order_id[:-1])
    return np.flatnonzero(is_head)


def _order_of(heads: Int, count: int) -> Int:
    """The order's number for each row."""
    return np.repeat(np.arange(len(heads)), np.diff(np.append(heads, count)))


def _unknown(facts: Facts, known: Facts) -> Mask:
    """Which facts are not among those stored."""
    if not len(known):
        return np.ones(len(facts), np.bool_)
    both = Facts.concat([known, facts])
    origin = np.repeat([0, 1], [len(known), len(facts)])
    order = np.lexsort((origin, both.digest, both.kind, both.order_id, both.seller_id))
    keys = [k[order] for k in (both.seller_id, both.order_id, both.kind, both.digest)]
    repeats = np.zeros(len(order), np.bool_)
    repeats[1:] = np.logical_and.reduce([k[1:] == k[:-1] for k in keys])
    is_new = np.zeros(len(order), np.bool_)
    is_new[order] = ~repeats
    return is_new[len(known) :]
