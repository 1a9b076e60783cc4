"""Inspections: opened on a sample that nobody chose, looked at order by order, and ended.

An inspection decides nothing about a seller: a breach that it finds is recorded as a violation,
which the seller is told of and may appeal, and on which another person decides.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import queries as claims
from xiaobao.evidence.queries import lot_of
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import queries, rules, store
from xiaobao.supervision.acts.counting import inspected_span
from xiaobao.supervision.acts.problems import (
    FindingStands,
    InspectionClosed,
    InspectionKeyReused,
    InspectionOpen,
    InspectionWithoutReasons,
    NothingToInspect,
    OrderNotSampled,
    OutcomeContradicts,
    SampleUnfinished,
)
from xiaobao.supervision.facts import (
    Finding,
    InspectionEvent,
    InspectionState,
    Outcome,
    Watched,
)
from xiaobao.violations import acts as violations
from xiaobao.violations.facts import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.people.facts import Actor
    from xiaobao.promises.facts import ViolationKind
    from xiaobao.supervision.facts import InspectionRow


@transaction.atomic
def open_inspection(
    seller_id: int, *, watched: Watched, words: str, by: Actor, key: str, at: datetime
) -> InspectionRow:
    """Draw a sample of a shop's orders to be looked at, with the reason why.

    Nobody chooses: the lot is made of the log's root as signed before the last counted week ended,
    of the shop and of that week. Asked again in the same week it draws the same orders.

    :raises InspectionWithoutReasons: without reasons or a key
    :raises InspectionKeyReused: if the key names something else
    :raises InspectionOpen: while another one of the shop is open
    :raises NothingToInspect: where the shop sold nothing in the weeks counted
    """
    _check_said(words=words, key=key)
    digest = _digest("open", int(watched), words)
    store.hold_desk(seller_id)
    if (known := _known(seller_id, key, digest)) is not None:
        return known
    number = queries.last_inspection(seller_id)
    if number and queries.inspection(seller_id, number).state is InspectionState.OPEN:
        raise InspectionOpen(number=number)
    market_id = int(sellers.markets_of(np.array([seller_id]))[0])
    week, terms = queries.last_week(market_id), queries.watch_terms()
    if week is None:
        raise NothingToInspect(weeks=terms.rate_weeks)
    since_us, until_us = inspected_span(promises.market_of(market_id), week)
    placed, _ = orders.orders_between(seller_id, since_us, until_us)
    if len(placed) == 0:
        raise NothingToInspect(weeks=terms.rate_weeks)
    seed = rules.seed_of(lot_of(seller_id, 0, moment_of(until_us)))
    size = rules.size_of(len(placed), sought_bps=terms.sought_bps, sure_bps=terms.sure_bps)
    sample = rules.draw(placed, size, seed=seed, seller_id=seller_id, week=week)
    is_known = _known_broken(seller_id, market_id, sample, (since_us, until_us), watched)
    store.add_inspection(
        seller_id, number + 1, market_id=market_id, watched=watched, week=week, seed=seed,
        since_us=since_us, until_us=until_us, population=len(placed), by=_who(by), words=words,
        at=at, sample=sample, is_known=is_known,
    )  # fmt: skip
    _write(seller_id, number + 1, InspectionEvent.OPENED, key, digest, by, words, at)
    return queries.inspection(seller_id, number + 1)


def _known_broken(
    seller_id: int, market_id: int, sample: Int, span: tuple[int, int], watched: Watched
) -> Mask:
    """Which orders of a sample facts, claims or earlier breaches show to be broken already."""
    placed, broke = orders.orders_between(seller_id, *span)
    paid_seller, paid = claims.paid_orders(market_id, *span)
    answered = np.isin(sample, queries.orders_in_breaches(seller_id))
    claimed = answered | np.isin(sample, paid[paid_seller == seller_id])
    clocks = broke[np.searchsorted(placed, sample)]
    if watched is Watched.ANY:
        return (clocks > 0) | claimed
    if watched is Watched.CLAIMS:
        return claimed
    mask: Mask = answered | ((clocks & (1 << int(watched))) > 0)
    return mask


@transaction.atomic
def record_findings(
    seller_id: int,
    number: int,
    findings: Mapping[str, tuple[Finding, str]],
    *,
    by: Actor,
    key: str,
    at: datetime,
) -> InspectionRow:
    """What was found about orders of the sample, by their names, with words where it is broken.

    :raises InspectionWithoutReasons: without findings, a key, or words about a broken order
    :raises InspectionUnknown: if there is no such inspection
    :raises InspectionKeyReused: if the key names something else
    :raises InspectionClosed: once it is closed
    :raises OrderNotSampled: for an order that was not drawn
    :raises FindingStands: for an order with a finding already
    """
    _check_said(key=key, findings="some" if findings else "")
    for finding, words in findings.values():
        if finding is Finding.BROKEN:
            _check_said(words=words)
    said = [[name, int(one), words] for name, (one, words) in sorted(findings.items())]
    digest = _digest("find", number, said)
    store.hold_desk(seller_id)
    held = queries.inspection(seller_id, number)
    if (known := _known(seller_id, key, digest)) is not None:
        return known
    if held.state is InspectionState.CLOSED:
        raise InspectionClosed(number=number)
    drawn = {one.order: one for one in queries.sample_of(seller_id, number)}
    for name in findings:
        if name not in drawn:
            raise OrderNotSampled(order=name)
        if drawn[name].finding is not None:
            raise FindingStands(order=name)
    broken = sum(one is Finding.BROKEN for one, _ in findings.values())
    seq = _write(
        seller_id, number, InspectionEvent.FOUND, key, digest, by, "", at,
        found=held.found + len(findings), broken=held.broken + broken,
    )  # fmt: skip
    store.add_findings(
        seller_id, number, seq, np.array([drawn[name].order_id for name in findings]),
        [one for one, _ in findings.values()], [words for _, words in findings.values()],
    )  # fmt: skip
    return queries.inspection(seller_id, number)


@transaction.atomic
def close_inspection(
    seller_id: int,
    number: int,
    *,
    outcome: Outcome,
    words: str,
    by: Actor,
    key: str,
    at: datetime,
    kind: ViolationKind | None = None,
) -> InspectionRow:
    """End an inspection with its outcome; a breach is recorded as a violation of this kind.

    It counts the broken orders that neither facts, claims nor an earlier breach have shown until
    now: those had their consequences. It is recorded as by whoever closes: on an appeal another
    person decides.

    :raises InspectionWithoutReasons: without an outcome, reasons or a key; a breach without kind
    :raises InspectionUnknown: if there is no such inspection
    :raises InspectionKeyReused: if the key names something else
    :raises InspectionClosed: once it is closed
    :raises SampleUnfinished: for an outcome before every order was looked at
    :raises OutcomeContradicts: where the sample says otherwise
    """
    is_breach = outcome is Outcome.BREACH
    _check_said(
        words=words, key=key, outcome="" if outcome is Outcome.NONE else "some",
        kind="" if is_breach and kind is None else "some",
    )  # fmt: skip
    digest = _digest("close", number, int(outcome), int(kind or 0), words)
    store.hold_desk(seller_id)
    held = queries.inspection(seller_id, number)
    if (known := _known(seller_id, key, digest)) is not None:
        return known
    if held.state is InspectionState.CLOSED:
        raise InspectionClosed(number=number)
    fresh = _fresh(held)
    if outcome is not Outcome.CALLED_OFF:
        if held.found < held.sampled:
            raise SampleUnfinished(sampled=held.sampled, found=held.found)
        if is_breach != (fresh > 0):
            raise OutcomeContradicts(broken=fresh)
    violation = ""
    if is_breach:
        assert kind is not None
        (shop,) = sellers.names_of(np.array([seller_id])).values()
        violation = f"sample-{shop}-{number}"
        violations.record_violation(
            seller_id, violation, kind=kind, source=Source.INSPECTION, by=by.name, at=at,
            units=fresh, words=words,
        )  # fmt: skip
    _write(
        seller_id, number, InspectionEvent.CLOSED, key, digest, by, words, at, found=held.found,
        broken=held.broken, outcome=outcome, violation=violation, closed_at=at,
    )  # fmt: skip
    return queries.inspection(seller_id, number)


def _fresh(held: InspectionRow) -> int:
    """How many orders were found broken that nothing had shown at the opening, nor does now."""
    broken = [
        one.order_id for one in queries.sample_of(held.seller_id, held.number)
        if one.finding is Finding.BROKEN and not one.is_known
    ]  # fmt: skip
    span = us_of(held.since_at), us_of(held.until_at)
    known = _known_broken(
        held.seller_id, held.market_id, np.array(broken, np.int64), span, held.watched
    )
    return len(broken) - int(known.sum())


def _check_said(**given: str) -> None:
    """:raises InspectionWithoutReasons: where something is blank"""
    for field, said in given.items():
        if not said.strip():
            raise InspectionWithoutReasons(field=field)


def _digest(*said: object) -> int:
    """Of what an act says: the same key may say the same again, and nothing else."""
    return id_of(hashlib.sha256(json.dumps(said).encode()).hexdigest())


def _known(seller_id: int, key: str, digest: int) -> InspectionRow | None:
    """The inspection as it stands, where the very same was done under this key before.

    :raises InspectionKeyReused: if the key names something else
    """
    done = queries.done_under(seller_id, key)
    if done is None:
        return None
    if done[1] != digest:
        raise InspectionKeyReused(key=key)
    return queries.inspection(seller_id, done[0])


def _who(by: Actor) -> tuple[int, str]:
    return by.user_id, by.name


def _write(
    seller_id: int, number: int, event: InspectionEvent, key: str, digest: int, by: Actor,
    words: str, at: datetime, *, found: int = 0, broken: int = 0, outcome: Outcome = Outcome.NONE,
    violation: str = "", closed_at: datetime | None = None,
) -> int:  # fmt: skip
    """Write down what was done, and what the inspection is after it; return its number."""
    seq = queries.last_seq(seller_id, number) + 1
    store.add_event(
        seller_id, number, seq, event, key=key, digest=digest, by=_who(by), words=words, at=at
    )
    store.change_inspection(
        seller_id, number, seq=seq, found=found, broken=broken, outcome=outcome,
        violation=violation, closed_at=closed_at,
    )  # fmt: skip
    return seq
