"""Questions about sellers and changes of policy: what they were told, what they said to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import us_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import PackState, Promise
from xiaobao.promises.rules.majority import MarketSellers
from xiaobao.sellers import rules
from xiaobao.sellers.facts import AnswerRow, Objection, PolicyNoticeRow, Standing

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Version

_BOUND = [int(Standing.ACTIVE), int(Standing.RESTRICTED), int(Standing.EXITING)]
_EVER = datetime.max.replace(tzinfo=UTC)


def answers_of(seller_id: int) -> list[AnswerRow]:
    """Everything a seller said to announced versions, oldest first."""
    known = {version.pack_id: version for version in _versions(seller_id)}
    rows = sets.fetch_rows(
        "SELECT pack_id, is_accepted, said_at, said_by FROM sellers_answer "
        "WHERE seller_id = %s ORDER BY said_at, pack_id, seq",
        [seller_id],
    )
    return [AnswerRow(row[0], known[row[0]].version, *row[1:]) for row in rows]


def objection_of(seller_id: int) -> Objection | None:
    """The objection that stands, the earliest if several do: its terms govern an exit.

    It stands until the seller accepts that version or a later one, signs the agreement anew, or
    the version is withdrawn.
    """
    signed = sets.fetch_rows(
        "SELECT max(signed_at) FROM sellers_signature WHERE seller_id = %s", [seller_id]
    )
    effects = {
        version.pack_id: us_of(version.effective_at)
        for version in _versions(seller_id)
        if version.state is not PackState.WITHDRAWN
    }
    answer = rules.objection_that_stands(answers_of(seller_id), effects, signed[0][0])
    if answer is None:
        return None
    effective_us = effects[answer.pack_id]
    return Objection(
        seller_id, answer.pack_id, answer.version, answer.said_at, answer.said_by,
        effective_us, effective_us - 1,
    )  # fmt: skip


def notices_of(seller_id: int) -> list[PolicyNoticeRow]:
    """What a seller was told of announced versions, oldest first."""
    rows = sets.fetch_rows(
        "SELECT pack_id, told_at, orders, before_minor, after_minor, lines FROM sellers_notice "
        "WHERE seller_id = %s ORDER BY pack_id",
        [seller_id],
    )
    return [
        PolicyNoticeRow(
            pack_id=row[0], told_at=row[1], orders=row[2], before_minor=row[3],
            after_minor=row[4], lines=tuple(row[5]),
        )
        for row in rows
    ]  # fmt: skip


def told_of(pack_id: int) -> Int:
    """The sellers who were told what a version would change for them, by id."""
    return sets.fetch_arrays(
        "SELECT seller_id FROM sellers_notice WHERE pack_id = %s ORDER BY seller_id",
        [pack_id],
        {"seller_id": "i8"},
    )["seller_id"]


def untold(market_id: int, pack_id: int) -> Int:
    """The sellers a version binds who were not told yet what it changes for them, by id."""
    return sets.fetch_arrays(
        "SELECT seller_id FROM sellers_seller s WHERE market_id = %s "
        "AND state = ANY(%s::smallint[]) AND NOT EXISTS (SELECT FROM sellers_notice n "
        "WHERE n.seller_id = s.seller_id AND n.pack_id = %s) ORDER BY seller_id",
        [market_id, np.array(_BOUND, np.int16), pack_id],
        {"seller_id": "i8"},
    )["seller_id"]


def market_sellers(market_id: int) -> MarketSellers:
    """How many sellers a change of a market's pack can touch, by category and by promise."""
    by_category = sets.fetch_rows(
        "SELECT category, count(*) FROM sellers_seller WHERE market_id = %s "
        "AND state = ANY(%s::smallint[]) GROUP BY category",
        [market_id, _BOUND],
    )
    by_promise = sets.fetch_rows(
        "SELECT p.promise, count(*) FROM sellers_promise p "
        "JOIN sellers_seller s USING (seller_id) WHERE s.market_id = %s "
        "AND s.state = ANY(%s::smallint[]) AND p.ended_at IS NULL GROUP BY p.promise",
        [market_id, _BOUND],
    )
    return MarketSellers(
        sum(count for _, count in by_category),
        dict(by_category),
        {Promise(promise): count for promise, count in by_promise},
    )


def _versions(seller_id: int) -> list[Version]:
    rows = sets.fetch_rows(
        "SELECT market_id FROM sellers_seller WHERE seller_id = %s", [seller_id]
    )
    # Only whether a version was ever withdrawn is asked here, whatever the moment.
    return promises.versions(rows[0][0], at=_EVER) if rows else []
