"""Whatever rules decided about a bucket of sellers as it stands in the database, as rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import ClaimFacts
from xiaobao.database.sets import fetch_columns, fetch_rows
from xiaobao.hearings.facts import RuledBy
from xiaobao.lab.happened.replaying import BREACH, NOT_ASKED, PROPOSAL, VIOLATION, changes_of
from xiaobao.lab.history.seller_rows import INSIDE
from xiaobao.lab.history.tables import from_rows
from xiaobao.violations.facts import ForcedExitState, PenaltyState

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.lab.engines.question import History
    from xiaobao.lab.happened.replaying import Rows

_MINE = """{0}.seller_id IN (SELECT seller_id FROM sellers_seller
    WHERE market_id = %(market)s AND mod(seller_id, %(buckets)s) = %(bucket)s)"""
_BREACHES = f"""
    SELECT seller_id, order_id, kind, clock, buyer_id, ordered_day, due_at, ground, base_minor,
        owed_minor, buyer_minor, platform_minor, is_paid_by_itself
    FROM orders_breach b WHERE {_MINE.format("b")}
"""
_RULINGS = f"""
    SELECT seller_id, claim_id, round, refund_minor + freight_minor + compensation_minor,
        punitive_minor, bears_minor, fund_minor
    FROM hearings_ruling r
    WHERE by IN ({RuledBy.RULE:d}, {RuledBy.DEFAULT:d}) AND {_MINE.format("r")}
"""
_CONTENTS = f"""
    SELECT seller_id, claim_id, round, content FROM hearings_ruling r WHERE {_MINE.format("r")}
    ORDER BY seller_id, claim_id, round
"""
_VIOLATIONS = f"""
    SELECT seller_id, violation_id, kind, source, units, happened_at, recorded_at, effect,
        points_class, points, strikes, penalty_minor
    FROM violations_violation v WHERE {_MINE.format("v")}
"""
_POINTS = f"""
    SELECT seller_id, points_class, points, strikes FROM violations_tally t
    WHERE (points > 0 OR strikes > 0) AND {_MINE.format("t")}
"""
_PENALTIES = f"""
    SELECT seller_id, day, step, points, penalty_minor, EXISTS (SELECT 1
        FROM violations_forced_exit f WHERE f.seller_id = p.seller_id AND f.day = p.day
        AND f.step = p.step AND f.state <> {ForcedExitState.REVOKED:d})
    FROM violations_penalty p WHERE state <> {PenaltyState.REVOKED:d} AND {_MINE.format("p")}
"""
_EXITS = f"""
    SELECT seller_id, number, seq, set_off_minor, kept_minor, free_minor, is_waiting, true
    FROM exits_check x WHERE {_MINE.format("x")}
"""
_DAY = "(({0} AT TIME ZONE %(zone)s)::date - DATE '1970-01-01')::bigint"
_QUOTES = f"""
    SELECT DISTINCT ON (seller_id, {_DAY.format("quoted_at")}) seller_id,
        {_DAY.format("quoted_at")}, required_minor
    FROM deposits_quote q WHERE {_MINE.format("q")}
    ORDER BY seller_id, {_DAY.format("quoted_at")}, quoted_at DESC
"""
_SHORTFALLS = f"""
    SELECT s.seller_id, s.state = ANY(%(inside)s::smallint[]),
        coalesce(d.short_since IS NOT NULL, false), -b.fund
    FROM sellers_seller s LEFT JOIN deposits_requirement d USING (seller_id)
    JOIN ledger_book b USING (seller_id)
    WHERE {_MINE.format("s")}
"""
_BY_DAY = {"seller_id": "i8", "day": "i8", "amount": "i8"}


class Standing:
    """One bucket of what stands."""

    def __init__(self, history: History, bucket: int) -> None:
        place = history.place
        self._asked = {
            "market": place.market_id, "buckets": history.buckets, "bucket": bucket,
            "zone": place.zone, "inside": np.array(INSIDE, np.int64),
        }  # fmt: skip

    def breaches(self) -> Rows:
        return self._typed(_BREACHES, BREACH)

    def rulings(self) -> Rows:
        return fetch_rows(_RULINGS, self._asked)

    def proposals(self) -> tuple[Rows, ClaimFacts, Rows]:
        """Every ruling, by whomever: its name, the facts it was taken on, what was proposed."""
        told = fetch_rows(_CONTENTS, self._asked)
        bodies = [json.loads(row[-1]) for row in told]
        facts = from_rows(
            ClaimFacts,
            # A column that is younger than a ruling is 0 there: it was not.
            {n: [b["facts"].get(n, 0) for b in bodies] for n in ClaimFacts.names()},
        )
        proposed = [tuple(b["proposal"].get(n, 0) for n in PROPOSAL) for b in bodies]
        return [row[:-1] for row in told], facts, proposed

    def violations(self) -> Rows:
        weights = ("effect", "points_class", "points", "strikes", "penalty_minor")
        return self._typed(_VIOLATIONS, (*VIOLATION, *weights))

    def points(self) -> Rows:
        return fetch_rows(_POINTS, self._asked)

    def penalties(self) -> Rows:
        return fetch_rows(_PENALTIES, self._asked)

    def exits(self) -> Rows:
        return fetch_rows(_EXITS, self._asked)

    def shortfalls(self) -> Rows:
        return fetch_rows(_SHORTFALLS, self._asked)

    def asked(self, inside: dict[int, tuple[int, Mask]]) -> Rows:
        """Each change of what is asked of a seller inside the guarantee, by day."""
        quotes = fetch_columns(_QUOTES, self._asked, _BY_DAY)
        rows: Rows = []
        for seller_id, (first, is_inside) in inside.items():
            required = _last_by(quotes, seller_id, first, len(is_inside))
            asked = np.where(is_inside, required, NOT_ASKED)[:, None]
            rows += changes_of(np.array([seller_id]), first, asked)
        return rows

    def _typed(self, query: str, names: tuple[str, ...]) -> Rows:
        columns = fetch_columns(
            query, self._asked, {name: _KINDS.get(name, "i8") for name in names}
        )
        return list(zip(*(columns[name].tolist() for name in names), strict=True))


_SHORT = ("kind", "clock", "ground", "source", "effect", "points_class", "strikes")
_KINDS = {
    **dict.fromkeys(_SHORT, "i2"), "ordered_day": "i4", "is_paid_by_itself": "bool",
    **dict.fromkeys(("due_us", "happened_us", "recorded_us"), "ts"),
}  # fmt: skip


def _last_by(found: dict[str, Any], seller_id: int, first: int, days: int) -> Int:
    """The last that was said by the end of each day; 0 before anything was."""
    mine = found["seller_id"] == seller_id
    place = np.searchsorted(found["day"][mine], np.arange(first, first + days), side="right")
    said: Int = np.append(0, found["amount"][mine])[place]
    return said
