"""What stands in the way, until when, what it holds; and what may leave: pure columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.exits.facts import Blocker, Judged, Plan, Scope
from xiaobao.kernel.clocks import add_days
from xiaobao.kernel.columns import FAR_US, groups_of
from xiaobao.kernel.money import Rounding, share_of

if TYPE_CHECKING:
    from xiaobao.exits.facts import Standings, Things
    from xiaobao.exits.terms import ConditionTerms
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int, Mask

# What the requirement of a seller who stays was sized for already.
RUNNING = (Blocker.OPEN_TRADE, Blocker.REFUND, Blocker.QUIET)


def ends_of(things: Things, terms: ConditionTerms, zone: Zone) -> Int:
    """When each thing ends if nothing new happens; FAR_US where only an act ends it."""
    known = np.where(things.since_us < FAR_US, things.since_us, 0)
    most = np.where(things.since_us < FAR_US, add_days(known, terms.most_days, zone), FAR_US)
    return np.maximum(np.minimum(things.until_us, most), things.least_us)


def judge(things: Things, terms: ConditionTerms, zone: Zone, at_us: Int | int) -> Judged:
    """Things at one moment, or one for each.

    What is held rounds up: the guarantee is not short of the odd unit.
    """
    ends = ends_of(things, terms, zone)
    stands = terms.is_asked & (ends > at_us)
    share = share_of(things.basis_minor, terms.hold_bps, np.full(len(things), Rounding.UP))
    return Judged(
        ends_us=ends,
        held_minor=np.where(stands, share, 0),
        is_standing=stands,
        is_waited_for=stands & terms.is_waited_for,
        version=terms.version,
    )


def _sum_by(seller_ids: Int, things: Things, amount: Int) -> Int:
    """Amounts summed by seller, row for row of `seller_ids`, which ascend."""
    total = np.zeros(len(seller_ids), np.int64)
    np.add.at(total, np.searchsorted(seller_ids, things.seller_id), amount)
    return total


def plan(scope: int, standings: Standings, things: Things, judged: Judged) -> Plan:
    """What each seller may take now; `standings` ascend by seller.

    The debt is repaid first. Who stays keeps what is required, and what is held beyond it; who
    leaves keeps what its own things hold, and all that is required while one is waited for.
    """
    ids = standings.seller_id
    set_off = np.minimum(standings.deposit_minor, standings.debt_minor)
    left = standings.deposit_minor - set_off
    held = _sum_by(ids, things, judged.held_minor)
    running = _sum_by(ids, things, _running(things, judged))
    waiting = _sum_by(ids, things, judged.is_waited_for.astype(np.int64)) > 0
    kept = _kept(scope, standings, held, running, waiting)
    return Plan(
        seller_id=ids, set_off_minor=set_off, kept_minor=kept, free_minor=left - kept,
        is_waiting=waiting,
    )  # fmt: skip


def _running(things: Things, judged: Judged) -> Int:
    """What things hold that the requirement was sized for already."""
    return np.where(np.isin(things.kind, RUNNING), judged.held_minor, 0)


def _kept(scope: int, standings: Standings, held: Int, running: Int, waiting: Mask) -> Int:
    """What stays of each deposit beside so much that is held."""
    if scope == Scope.PART:
        short = standings.required_minor - standings.counted_elsewhere_minor
        keep = np.maximum(short, running) + held - running
    else:
        keep = np.where(waiting, np.maximum(held, standings.required_minor), held)
    left = standings.deposit_minor - np.minimum(standings.deposit_minor, standings.debt_minor)
    kept: Int = np.clip(keep, 0, left)
    return kept


def shares_held(scope: int, standings: Standings, things: Things, judged: Judged) -> Int:
    """How much of what one seller keeps comes free when each thing ends, one after the other.

    So the shares of what ends at a moment are what may leave then. Where less is there than all
    of them hold, what ends last has it; where all that is required waits for something, that has
    what is kept beyond all amounts.
    """
    order = np.lexsort((things.subject_id, things.kind, judged.ends_us))
    # What stands from each thing on, and nothing after the last.
    held = _from_each(judged.held_minor[order])
    running = _from_each(_running(things, judged)[order])
    waiting = _from_each(judged.is_waited_for[order].astype(np.int64)) > 0
    kept = _kept(scope, standings, held, running, waiting)
    shares = np.zeros(len(things), np.int64)
    shares[order] = kept[:-1] - kept[1:]
    return shares


def _from_each(amounts: Int) -> Int:
    """The sum of each row and all after it; 0 after the last."""
    sums: Int = np.append(np.cumsum(amounts[::-1])[::-1], 0)
    return sums


def last_end_us(shares: Int, judged: Judged) -> int:
    """When the last of what is kept comes free; 0 where nothing does, FAR_US by an act alone."""
    return int(np.where(shares > 0, judged.ends_us, 0).max(initial=0))


def moments_of(judged: Judged) -> Int:
    """The moments at which something ends, in order, each once."""
    ends = judged.ends_us[judged.is_standing & (judged.ends_us < FAR_US)]
    moments: Int = np.unique(ends)
    return moments


def next_end_us(judged: Judged) -> int:
    """The first end of anything that stands; FAR_US where nothing ends by itself."""
    moments = moments_of(judged)
    return int(moments[0]) if len(moments) else FAR_US


def waits_until_us(judged: Judged) -> int:
    """When the last thing waited for ends; 0 where nothing is."""
    return int(np.where(judged.is_waited_for, judged.ends_us, 0).max(initial=0))


def by_kind_and_end(things: Things, judged: Judged) -> Int:
    """A group number for things that are told in one line: equal kind, end and actor."""
    return groups_of(things.kind, judged.ends_us, things.actor)


def is_above(sales_minor: Int, least_minor: Int) -> Mask:
    """Whose sales reach the threshold."""
    reached: Mask = sales_minor >= least_minor
    return reached
