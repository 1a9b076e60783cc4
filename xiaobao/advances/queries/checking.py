"""Every law of compensations: each cause has posted what it should, and each breach was paid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import rules
from xiaobao.advances.facts import Borne, Leg, Owed, PayoutState, Restored, Split
from xiaobao.database.sets import fetch_arrays, fetch_rows
from xiaobao.kernel.columns import groups_of
from xiaobao.kernel.references import digests_of, uuid_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account, Broken, Postings, Why
from xiaobao.ledger.rules import differing
from xiaobao.orders import queries as orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import Breaches

    Span = tuple[int, int]

# Law: in words, zh and en.
LAWS = {
    "cause": (
        "每个事由的分录须恰好是其应有的",
        "a cause has exactly the postings it should have",
    ),
    "payout": (
        "每笔赔付的买家部分须恰好有一笔付款",
        "what a compensation owes the buyer is one payout",
    ),
    "breach": (
        "自动赔付的违约须恰好按其金额赔付",
        "a breach that pays by itself was compensated with its own amounts",
    ),
}
# Purposes that nobody but this room posts for.
_OWN = (
    Why.COMPENSATION, Why.COVER_DRAWN, Why.ADVANCE, Why.BUYER_PAID, Why.REVERSAL,
    Why.DEBT_RECOVERED, Why.FUND_GRANTED, Why.BORNE_AGAIN, Why.PAYOUT_STOPPED,
)  # fmt: skip
# What was locked for a cause is the deposit's in its row, and one sum with what else it gave.
_LOCKED = {
    Leg.LOCKED_TO_BUYER: Leg.DEPOSIT_TO_BUYER,
    Leg.LOCKED_TO_PLATFORM: Leg.DEPOSIT_TO_PLATFORM,
}
_PARTS = tuple(
    name.removesuffix("_minor") for name in Split.names() if not name.endswith("_locked_minor")
)
_PAID = [PayoutState.CONFIRMED.value, PayoutState.RECONCILED.value]


def check(limit_per_law: int = 100) -> list[Broken]:
    """Every breach of every law; run it in one snapshot where others write meanwhile."""
    broken: list[Broken] = list(_payouts(limit_per_law))
    for law in (_causes, _breaches):
        found: list[Broken] = []
        for span in ledger.seller_spans():
            found += law(span)
            if len(found) >= limit_per_law:
                break
        broken += found[:limit_per_law]
    return broken


def _broken(law: str, seller_id: int, detail: str, expected: int, found: int) -> Broken:
    return Broken(law, int(seller_id), detail, int(expected), int(found), *LAWS[law])


def _payouts(limit: int) -> Iterator[Broken]:
    rows = fetch_rows(
        """
        SELECT coalesce(s.seller_id, p.seller_id), coalesce(s.cause, p.payout),
               coalesce(s.amount, 0), coalesce(p.amount, 0)
        FROM (SELECT seller_id, cause, buyer_id,
                     buyer_reserve + buyer_deposit + buyer_cover + buyer_fund
                         + buyer_grant AS amount
              FROM advances_split) AS s
        FULL JOIN advances_payout AS p ON p.seller_id = s.seller_id AND p.payout = s.cause
        WHERE coalesce(s.amount, 0) <> coalesce(p.amount, 0)
           OR (p.amount > 0 AND s.buyer_id IS DISTINCT FROM p.buyer_id)
        ORDER BY 1, 2 LIMIT %s
        """,
        [limit],
    )
    for seller_id, cause, expected, found in rows:
        yield _broken("payout", seller_id, f"cause {cause}", expected, found)


def _causes(span: Span) -> Iterator[Broken]:
    stands = _summed(ledger.posted_for((*_OWN, Why.PENALTY), span))
    owned = np.isin(stands.why, _OWN)
    wrong = differing(_expected(span), stands, owned)
    for row in range(len(wrong)):
        cause = uuid_of(wrong.cause_hi[row], wrong.cause_lo[row])
        yield _broken(
            "cause", wrong.seller_id[row], f"cause {cause} leg {wrong.leg[row]}",
            wrong.expected_minor[row], wrong.found_minor[row],
        )  # fmt: skip


def _summed(stands: Postings) -> Postings:
    """What was drawn from a hold beside what was drawn from the deposit, as one posting."""
    leg, source = stands.leg.copy(), stands.source.copy()
    for locked, free in _LOCKED.items():
        is_locked = stands.leg == locked
        leg[is_locked], source[is_locked] = free, Account.DEPOSIT
    why = np.where(stands.why == Why.BORNE_AGAIN, Why.PENALTY, stands.why)
    group = groups_of(
        stands.seller_id, stands.cause_hi, stands.cause_lo, leg, source, stands.target, why
    )
    _, first = np.unique(group, return_index=True)
    total = np.zeros(len(first), np.int64)
    np.add.at(total, group, stands.amount_minor)
    one = stands.take(first)
    return replace(one, leg=leg[first], source=source[first], why=why[first], amount_minor=total)


def _expected(span: Span) -> Postings:
    """What compensations, payouts, reversals and recoveries should have posted, by their rows."""
    owed, split = _compensated(span)
    return Postings.concat(
        [
            rules.postings_of(owed, split),
            _paid(span),
            _stopped(span),
            _reversed(span),
            _recovered(span),
        ]
    )


def _paid(span: Span) -> Postings:
    found = _payouts_in(span, _PAID)
    return rules.paid_postings(**found, at_us=np.zeros(len(found["amount_minor"]), np.int64))


def _stopped(span: Span) -> Postings:
    # What moved all the same is the fund's loss, not the book's: it posts nothing more.
    found = _payouts_in(span, [PayoutState.STOPPED.value, PayoutState.PAID_UNOWED.value])
    return rules.stopped_postings(**found, at_us=np.zeros(len(found["amount_minor"]), np.int64))


def _payouts_in(span: Span, states: list[int]) -> dict[str, Int]:
    return _of(
        "SELECT seller_id, payout, amount FROM advances_payout "
        "WHERE seller_id BETWEEN %s AND %s AND state = ANY(%s::bigint[])",
        [*span, np.array(states)],
        {"seller_id": "i8", "payout": "uuid", "amount_minor": "i8"},
    )


def _recovered(span: Span) -> Postings:
    found = _of(
        "SELECT seller_id, cause, reserve, deposit FROM advances_recovery "
        "WHERE seller_id BETWEEN %s AND %s",
        [*span],
        {"seller_id": "i8", "cause": "uuid", "from_reserve": "i8", "from_deposit": "i8"},
    )
    return rules.recovered_postings(**found, at_us=0)


def _compensated(span: Span) -> tuple[Owed, Split]:
    found = _of(
        f"SELECT seller_id, cause, market_id, subject_id, buyer_id, {', '.join(_PARTS)} "
        "FROM advances_split WHERE seller_id BETWEEN %s AND %s",
        [*span],
        {
            "seller_id": "i8", "cause": "uuid", "market_id": "i2", "subject_id": "i8",
            "buyer_id": "i8", **dict.fromkeys(_PARTS, "i8"),
        },
    )  # fmt: skip
    none = np.zeros(len(found["seller_id"]), np.int64)
    split = Split(
        buyer_locked_minor=none,
        platform_locked_minor=none,
        **{f"{name}_minor": found.pop(name) for name in _PARTS},
    )
    parts = split.as_dict()
    sums = {
        f"{whose}_minor": np.sum([c for n, c in parts.items() if n.startswith(whose)], axis=0)
        for whose in ("buyer", "platform")
    }
    owed = Owed(**found, **sums, at_us=none)
    return owed, split


def _reversed(span: Span) -> Postings:
    found = _of(
        "SELECT r.seller_id, r.cause, r.reserve, r.deposit, r.cover, r.cancelled, r.returned "
        "FROM advances_reversal r WHERE r.seller_id BETWEEN %s AND %s",
        [*span],
        {
            "seller_id": "i8", "cause": "uuid", "reserve": "i8", "deposit": "i8", "cover": "i8",
            "cancelled": "i8", "returned": "i8",
        },
    )  # fmt: skip
    key = {name: found.pop(name) for name in ("seller_id", "cause_hi", "cause_lo")}
    restored = Restored(**{f"{name}_minor": column for name, column in found.items()})
    borne = Borne(
        **key, reserve_minor=restored.reserve_minor, deposit_minor=restored.deposit_minor,
        cover_minor=restored.cover_minor,
        fund_minor=restored.cancelled_minor + restored.returned_minor,
    )  # fmt: skip
    return rules.restoration_postings(borne, restored, 0)


def _breaches(span: Span) -> Iterator[Broken]:
    found = orders.breaches_of_sellers(*span)
    paying = found.take(found.is_paid_by_itself & (found.buyer_minor + found.platform_minor > 0))
    owed, _ = _compensated(span)
    paid = {
        key: buyer + platform
        for key, buyer, platform in zip(
            _keys(owed).tolist(), owed.buyer_minor.tolist(), owed.platform_minor.tolist(),
            strict=True,
        )
    }  # fmt: skip
    for row in np.flatnonzero(~np.isin(_said(paying), _said(owed))).tolist():
        one = paying.take(np.array([row]))
        cause = uuid_of(one.cause_hi[0], one.cause_lo[0])
        asked = one.buyer_minor[0] + one.platform_minor[0]
        stands = paid.get(int(_keys(one)[0]), 0)
        yield _broken("breach", one.seller_id[0], f"cause {cause}", asked, stands)


def _keys(rows: Owed | Breaches) -> Int:
    return digests_of(rows.seller_id, rows.cause_hi, rows.cause_lo)


def _said(rows: Owed | Breaches) -> Int:
    """A cause with whom it pays and how much."""
    return digests_of(
        rows.seller_id, rows.cause_hi, rows.cause_lo, rows.buyer_id, rows.buyer_minor,
        rows.platform_minor,
    )  # fmt: skip


def _of(query: str, params: list[object], spec: dict[str, str]) -> dict[str, Int]:
    found = fetch_arrays(query, params, spec)
    return {name: column.astype(np.int64) for name, column in found.items()}
