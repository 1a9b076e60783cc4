"""A buyer files a claim: in time, about an own order, one of a kind; its exposure is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.beginning import digest_of
from xiaobao.claims.acts.course import Course, row_of
from xiaobao.claims.acts.judging import due_on, exposed
from xiaobao.claims.acts.money import lock_exposure
from xiaobao.claims.acts.problems import (
    AmountWrong,
    ClaimNameTaken,
    ClaimsNotHeard,
    ClaimStands,
    ItemNotOrdered,
    OrderOfAnother,
    OrderUnknown,
    ShopHadLeft,
)
from xiaobao.claims.acts.showing import order_prepared, prepared_of, show
from xiaobao.claims.facts import (
    STATE_WORDS,
    Ask,
    ClaimEvent,
    ClaimKind,
    Claims,
    ClaimState,
    Mark,
    Party,
)
from xiaobao.claims.queries.around import abuse_signs_of
from xiaobao.claims.queries.clocks import clocks_missing
from xiaobao.claims.queries.finding import ask_claims_about, claims_of, name_of
from xiaobao.claims.queries.law import tables_missing
from xiaobao.claims.queries.offering import columns_of_order, promised_on
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import among
from xiaobao.kernel.references import id_of
from xiaobao.orders import acts as orders
from xiaobao.orders import queries as orders_now
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from xiaobao.claims.facts import ClaimRow, Handed
    from xiaobao.evidence.acts import Prepared
    from xiaobao.orders.facts import LineRow, OrderDetail

_E, _S = ClaimEvent, ClaimState
_ALL = np.array([True])


@dataclass(frozen=True)
class _Filing:
    """What a buyer files."""

    seller: str
    order: str
    buyer: str
    claim: str
    kind: ClaimKind
    ask: Ask
    asked_minor: int
    loss_minor: int
    item: str
    words: str
    negotiates: bool

    def digest(self) -> int:
        return digest_of(
            self.seller, self.order, self.buyer, self.kind, self.ask, self.asked_minor,
            self.loss_minor, self.item, self.words, int(self.negotiates),
        )  # fmt: skip


@promises.one_catalogue()
def file_claim(
    *,
    seller: str,
    order: str,
    buyer: str,
    kind: ClaimKind,
    ask: Ask,
    claim: str,
    asked_minor: int = 0,
    loss_minor: int = 0,
    item: str = "",
    words: str = "",
    negotiates: bool = False,
    handed: Sequence[Handed] = (),
    at: datetime,
) -> ClaimRow:
    """File a claim under its name: one transaction, and once, however often it is told.

    The offer as it stood and what happened on the way are recorded as evidence. What the claim
    could cost the seller is locked in the seller's book, as far as the deposit is free. A buyer
    who `negotiates` first talks to the seller; else the seller has to answer by its clock.

    :raises OrderUnknown: if the seller has no such order
    :raises OrderOfAnother: if it is another buyer's
    :raises ShopHadLeft: if the seller had left the guarantee when it was placed
    :raises ItemNotOrdered: if it has no such item
    :raises ClaimStands: if the order has a claim of this kind
    :raises ClaimNameTaken: if the name stands for another claim
    :raises ClaimsNotHeard: if the market's pack had no terms for claims
    :raises EvidenceRefused: for the first piece that cannot be taken
    """
    filing = _Filing(
        seller, order, buyer, claim, kind, ask, asked_minor, loss_minor, item, words, negotiates
    )
    seller_id, claim_id = id_of(seller), id_of(claim)
    told = orders_now.ask_order(seller_id, id_of(order))
    known = _known(filing, seller_id, claim_id)
    if known is not None:
        return known
    detail = _order(filing, told.answer)
    claims = _claims(filing, detail, seller_id, claim_id, at)
    shown = order_prepared(seller_id, claim_id, detail, at)
    pieces, limits = prepared_of(claims, Party.BUYER, handed, at)
    with transaction.atomic():
        store.hold_of_orders(claims.seller_id, claims.order_id)
        held = orders.ask_hold(claims.seller_id, claims.order_id)
        # Once the order is held: another may have filed a claim about it until then.
        others = ask_claims_about(seller_id, detail.order_id)
        known = _known(filing, seller_id, claim_id)
        if known is not None:
            return known
        _check_others(claims, others.answer)
        exposure = exposed(claims, claims.filed_us, held.answer, is_filing=True)
        claims = lock_exposure(claims, exposure, claims.filed_us)
        return _record(filing, claims, shown, pieces, limits, at)


def _known(filing: _Filing, seller_id: int, claim_id: int) -> ClaimRow | None:
    """The claim of this name as it stands; None where there is none.

    :raises ClaimNameTaken: if it is another
    """
    stored = store.filed_digest(seller_id, claim_id).answer
    if stored is None:
        return None
    if stored != (filing.claim, filing.digest()):
        raise ClaimNameTaken(claim=filing.claim)
    return row_of(claims_of(np.array([seller_id]), np.array([claim_id])), is_new=False)


def _order(filing: _Filing, detail: OrderDetail | None) -> OrderDetail:
    if detail is None or detail.ordered_at is None or detail.order != filing.order:
        raise OrderUnknown(seller=filing.seller, order=filing.order)
    if detail.buyer != filing.buyer:
        raise OrderOfAnother(order=filing.order, buyer=filing.buyer)
    missing = [k.name.lower() for k in clocks_missing(detail.market_id, us_of(detail.ordered_at))]
    missing += tables_missing(detail.market_id, us_of(detail.ordered_at))
    if missing:
        raise ClaimsNotHeard(
            market=promises.market_of(detail.market_id).name, missing=", ".join(missing)
        )
    return detail


def _claims(
    filing: _Filing, detail: OrderDetail, seller_id: int, claim_id: int, at: datetime
) -> Claims:
    """The claim as filed, standing nowhere yet."""
    assert detail.ordered_at is not None
    at_us, ordered_us = us_of(at), us_of(detail.ordered_at)
    lines = _lines(filing, detail)
    goods = sum(line.price_minor * line.quantity for line in lines) if filing.item else 0
    goods_minor = min(goods, detail.goods_minor) if filing.item else detail.goods_minor
    for amount in (filing.asked_minor, filing.loss_minor):
        if amount < 0:
            raise AmountWrong(
                amount_minor=amount, least_minor=0, most_minor=2**53,
                currency=promises.market_of(detail.market_id).currency,
            )  # fmt: skip
    asked = orders_now.ask_states(np.array([seller_id]), np.array([detail.order_id]))
    given = promised_on(seller_id, lines, detail.market_id, ordered_us)
    if sellers.outside(np.array([seller_id]), np.array([ordered_us]))[0]:
        raise ShopHadLeft(order=filing.order)
    state = asked.answer
    columns = columns_of_order(detail, lines, filing.buyer, given.answer, state, at_us)
    columns |= {
        "seller_id": seller_id, "claim_id": claim_id, "asked_minor": filing.asked_minor,
        "loss_minor": filing.loss_minor, "kind": filing.kind, "ask": filing.ask,
        "goods_minor": goods_minor,
    }  # fmt: skip
    return Claims.of(**{name: [int(value)] for name, value in columns.items()})


def _lines(filing: _Filing, detail: OrderDetail) -> list[LineRow]:
    lines = [line for line in detail.lines if not filing.item or line.item == filing.item]
    if filing.item and not lines:
        items = ", ".join(sorted({line.item for line in detail.lines})) or "-"
        raise ItemNotOrdered(order=filing.order, item=filing.item, items=items)
    return lines


def _check_others(claims: Claims, others: Claims) -> None:
    """:raises ClaimStands: if the order has a claim of this kind"""
    same = others.take(
        (others.kind == claims.kind[0]) & ~among(others.state, (_S.WITHDRAWN, _S.LAPSED))
    )
    if len(same):
        words = STATE_WORDS[ClaimState(int(same.state[0]))]
        named = name_of(int(same.seller_id[0]), int(same.claim_id[0]))
        raise ClaimStands(claim=named, state_zh=words.zh, state_en=words.en)


def _record(
    filing: _Filing, claims: Claims, shown: Sequence[Prepared], pieces: Sequence[Prepared],
    limits: Any, at: datetime,
) -> ClaimRow:  # fmt: skip
    digest = filing.digest()
    course = Course(claims, claims.filed_us, key=claims.claim_id, digest=digest)
    if filing.negotiates:
        due_us = due_on(course, ClockKind.NEGOTIATION, _ALL)
        course.happens(_E.TALKS_OPENED, party=Party.BUYER, amount_minor=filing.asked_minor,
                       due_us=due_us, words=filing.words)  # fmt: skip
        course.start("talks", due_us)
        course.mark(Mark.TALKED)
    else:
        due_us = due_on(course, ClockKind.SELLER_ANSWER, _ALL)
        course.happens(_E.FILED, party=Party.BUYER, amount_minor=filing.asked_minor,
                       due_us=due_us, words=filing.words)  # fmt: skip
        course.start("seller", due_us)
    show(course, Party.BUYER, pieces, limits, at, own=shown)
    course.put(abuse=abuse_signs_of(course.claims))
    filed = course.filed()
    store.add(
        filed, digest=np.array([digest]), claim_name=[filing.claim], order_name=[filing.order],
        buyer_name=[filing.buyer], words=[filing.words],
    )  # fmt: skip
    course.record_entries()
    return row_of(filed, is_new=True)
