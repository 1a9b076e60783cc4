"""A claim as it is judged: its own row, the order as it stands, what else was paid and upheld."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimFacts, ClaimState, Mark
from xiaobao.claims.queries.before import pattern_days_of, with_purchases_before
from xiaobao.claims.rules import relating
from xiaobao.claims.rules.lifecycle import OPEN
from xiaobao.database import sets
from xiaobao.kernel.clocks import DAY_US
from xiaobao.orders import queries as orders

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.facts import OrderStates


def facts_of(
    claims: Claims, *, judged_us: Int, states: OrderStates | None = None, is_filing: bool = False
) -> ClaimFacts:
    """The facts of each claim at its moment of judgement, row for row.

    `states` are the orders where the caller holds them, so that no refund comes in between. While
    a claim `is_filing` what open claims ask of the same order counts as taken.
    """
    asked = None if states is not None else orders.ask_states(claims.seller_id, claims.order_id)
    breaches = relating.breaches_of(claims.kind)
    compensated = orders.ask_compensated(claims.seller_id, claims.order_id, breaches)
    days = pattern_days_of(claims)
    shared = _shared(claims, judged_us - days * DAY_US, is_filing=is_filing)
    held = states if asked is None else asked.answer
    assert held is not None, "what is not given is asked"
    order = held.take(_rows(held, claims))
    # What the shop gave back for other items is theirs; where it names none it is this one's.
    elsewhere = _refunded_for_others(claims, order)
    taken = relating.taken_from(
        claims, order.goods_minor, shared["same_minor"], shared["others_minor"] + elsewhere
    )
    back = order.refund_paid_minor - elsewhere
    # What the shop gave back beyond the goods was for the freight.
    beyond = np.maximum(order.refund_paid_minor - order.goods_minor, 0)
    freight = claims.counted_freight_minor + shared["freight_minor"] + beyond
    paid = compensated.answer
    facts = ClaimFacts(
        seller_id=claims.seller_id,
        claim_id=claims.claim_id,
        market_id=claims.market_id,
        order_id=claims.order_id,
        buyer_id=claims.buyer_id,
        category_id=claims.category_id,
        kind=claims.kind,
        ask=claims.ask,
        stage=claims.stage,
        ordered_us=claims.ordered_us,
        signed_us=order.signed_us,
        completed_us=order.completed_us,
        filed_us=claims.filed_us,
        judged_us=judged_us,
        is_shipped=order.first_scan_us <= judged_us,
        is_signed=order.signed_us <= judged_us,
        is_completed=order.completed_us <= judged_us,
        goods_minor=claims.goods_minor,
        freight_minor=np.maximum(claims.freight_minor - freight, 0),
        refunded_minor=back + taken + claims.counted_refund_minor,
        compensated_minor=paid + shared["kin_minor"] + claims.counted_compensation_minor,
        loss_minor=claims.loss_minor,
        evidence_buyer=claims.evidence_buyer,
        evidence_seller=claims.evidence_seller,
        promises=claims.promises,
        is_answered=(claims.marks & Mark.ANSWERED) != 0,
        is_denied=(claims.marks & Mark.DENIED) != 0,
        is_accepted=(claims.marks & Mark.ACCEPTED) != 0,
        seller_due_us=claims.seller_due_us,
        buyer_due_us=claims.buyer_due_us,
        is_cured=(claims.marks & Mark.CURED) != 0,
        similar_upheld=shared["upheld"],
        similar_sold=np.zeros(len(claims), np.int64),
        is_person_asked=(claims.marks & Mark.PERSON_ASKED) != 0,
        asked_minor=claims.asked_minor,
        abuse=claims.abuse,
        units=np.ones(len(claims), np.int64),
        before_units=np.zeros(len(claims), np.int64),
        before_goods_minor=np.zeros(len(claims), np.int64),
        before_paid_minor=np.zeros(len(claims), np.int64),
        test_minor=claims.test_minor,
        is_goods_late=(claims.marks & Mark.GOODS_LATE) != 0,
    )
    return with_purchases_before(_with_units_sold(facts, claims, days), claims)


def _rows(held: OrderStates, claims: Claims) -> Int:
    """The position of each claim's order among those held, all of them there."""
    pairs = zip(held.seller_id.tolist(), held.order_id.tolist(), strict=True)
    at = {pair: row for row, pair in enumerate(pairs)}
    asked = zip(claims.seller_id.tolist(), claims.order_id.tolist(), strict=True)
    return np.array([at[pair] for pair in asked], np.int64)


_SHARED = """
    SELECT u.n - 1,
        coalesce(sum(s.taken) FILTER (WHERE s.is_same), 0)::bigint,
        coalesce(sum(s.taken) FILTER (WHERE NOT s.is_same), 0)::bigint,
        coalesce(sum(s.freight), 0)::bigint,
        coalesce(sum(s.kin_paid), 0)::bigint,
        CASE WHEN u.item_id = 0 THEN 0 ELSE (
            SELECT count(*) FROM claims_claim AS k WHERE k.seller_id = u.seller_id
            AND k.item_id = u.item_id AND k.kind = u.kind AND k.paid_minor > 0
            AND k.claim_id <> u.claim_id AND k.filed_at >= u.since) END
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
        %s::bigint[], %s::timestamptz[]) WITH ORDINALITY
        AS u (seller_id, claim_id, order_id, item_id, kind, kin, since, n)
    LEFT JOIN LATERAL (
        SELECT o.item_id = 0 OR u.item_id = 0 OR o.item_id = u.item_id AS is_same,
            CASE WHEN %s AND o.state = ANY(%s::smallint[])
                THEN least(o.goods_minor, o.exposure_minor)
                ELSE o.refund_minor + least(o.goods_minor, o.agreed_minor) END AS taken,
            o.freight_back_minor AS freight,
            CASE WHEN u.kin & (1::bigint << o.kind::int) <> 0 THEN o.compensation_minor
                ELSE 0 END AS kin_paid
        FROM claims_claim AS o WHERE o.seller_id = u.seller_id AND o.order_id = u.order_id
            AND o.claim_id <> u.claim_id) AS s ON true
    GROUP BY u.n, u.seller_id, u.item_id, u.kind, u.claim_id, u.since ORDER BY u.n
"""


def _shared(claims: Claims, since_us: Int, *, is_filing: bool) -> dict[str, Int]:
    return sets.fetch_arrays(
        _SHARED,
        [
            claims.seller_id, claims.claim_id, claims.order_id, claims.item_id,
            claims.kind.astype(np.int16), relating.kin_of(claims.kind),
            since_us.view("M8[us]"), is_filing, np.array((*OPEN, ClaimState.GOODS_OWED), np.int16),
        ],
        {
            "row": "i8", "same_minor": "i8", "others_minor": "i8", "freight_minor": "i8",
            "kin_minor": "i8", "upheld": "i8",
        },
    )  # fmt: skip


def _refunded_for_others(claims: Claims, order: OrderStates) -> Int:
    """Asked only where a claim is about one item, and something was given back."""
    back = np.zeros(len(claims), np.int64)
    asking = (claims.item_id != 0) & (order.refund_paid_minor > 0)
    if asking.any():
        rows = claims.take(asking)
        back[asking] = orders.refunded_for_others(rows.seller_id, rows.order_id, rows.item_id)
    return back


def _with_units_sold(facts: ClaimFacts, claims: Claims, days: Int) -> ClaimFacts:
    """Units are counted only where a pattern could be: where others were upheld."""
    asking: Mask = facts.similar_upheld > 0
    if not asking.any():
        return facts
    sold = np.zeros(len(facts), np.int64)
    rows = claims.take(asking)
    sold[asking] = orders.units_sold(
        rows.seller_id, rows.item_id, facts.judged_us[asking] - days[asking] * DAY_US,
        facts.judged_us[asking],
    )  # fmt: skip
    return replace(facts, similar_sold=sold)
