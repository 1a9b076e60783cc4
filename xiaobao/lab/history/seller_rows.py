"""What the database holds of a bucket of sellers, table by table; `asked` names the bucket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from xiaobao.claims.facts import ClaimEvent, ClaimFacts, ClaimKind, ClaimState
from xiaobao.claims.rules.relating import clock_of
from xiaobao.database.sets import fetch_columns, fetch_rows
from xiaobao.exits.facts import Things
from xiaobao.hearings.facts import Before, RuledBy
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US, Columns
from xiaobao.lab.history.tables import (
    SETTLED,
    WAITS_FOR_PERSON,
    Checks,
    Covers,
    Endings,
    Kept,
    Money,
    Paid,
    Recorded,
    Rulings,
    Sellers,
    Stays,
    Stood,
    from_rows,
    none_of,
)
from xiaobao.ledger.facts import Account, Why
from xiaobao.sellers.facts import Standing
from xiaobao.violations.facts import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.lab.history.tables import T

# Who is inside the guarantee: asked for a deposit.
INSIDE = (Standing.ACTIVE, Standing.RESTRICTED, Standing.EXITING)
_BY_RULE = f"({RuledBy.RULE:d}, {RuledBy.DEFAULT:d})"
_PLACE = "market_id = %(market)s AND mod({0}.seller_id, %(buckets)s) = %(bucket)s"
_OF_SELLER = f"s.{_PLACE.format('s')}"
_OF_CLAIM = f"c.{_PLACE.format('c')}"

_SELLERS = f"""
    SELECT s.seller_id, coalesce(c.category_id, 0)::bigint, s.invited_at FROM sellers_seller s
    LEFT JOIN promises_category c ON c.market_id = s.market_id AND c.code = s.category
    WHERE {_OF_SELLER} ORDER BY s.seller_id
"""
_STANDING = f"""
    SELECT e.seller_id, e.state, e.happened_at FROM sellers_standing e
    JOIN sellers_seller s USING (seller_id) WHERE {_OF_SELLER} ORDER BY e.seller_id, e.seq
"""
_COVERS = f"""
    SELECT v.seller_id, v.limit_minor, v.begins_at, v.ends_at FROM deposits_cover v
    JOIN sellers_seller s USING (seller_id) WHERE {_OF_SELLER} ORDER BY v.seller_id, v.begins_at
"""
_DAY = "({0} AT TIME ZONE %(zone)s)::date - DATE '1970-01-01'"
# A claim's hold alone makes nobody look; whatever else moves in the same moment does.
_IS_SEEN = """(p.why NOT IN (%(locked)s, %(freed)s) OR EXISTS (SELECT FROM ledger_posting q
    WHERE q.seller_id = p.seller_id AND q.at = p.at AND q.why NOT IN (%(locked)s, %(freed)s)))"""
_IS_RELEASE = "(p.source = %(reserve)s AND p.target = %(refunds)s)"
_MOVED = f"""
    SELECT p.seller_id, {_DAY.format("p.at")} AS day,
        CASE WHEN p.target = %(deposit)s THEN p.amount WHEN p.source = %(deposit)s
            THEN -p.amount ELSE 0 END AS deposit,
        CASE WHEN p.target = %(reserve)s THEN p.amount WHEN p.source = %(reserve)s
            THEN -p.amount ELSE 0 END AS reserve,
        CASE WHEN p.source = %(fund)s THEN p.amount WHEN p.target = %(fund)s
            THEN -p.amount ELSE 0 END AS debt, 0 AS cover,
        CASE WHEN NOT {_IS_SEEN} THEN CASE WHEN p.target = %(deposit)s THEN p.amount
            ELSE -p.amount END ELSE 0 END AS unseen,
        CASE WHEN {_IS_RELEASE} THEN -p.amount ELSE 0 END AS released,
        {_IS_SEEN} AND NOT {_IS_RELEASE} AS looked
    FROM ledger_posting p JOIN sellers_seller s USING (seller_id)
    LEFT JOIN orders_breach b ON b.seller_id = p.seller_id AND b.cause = p.cause
    WHERE {_OF_SELLER} AND b.cause IS NULL AND p.why <> %(recovered)s
    AND (p.source IN (%(deposit)s, %(reserve)s, %(fund)s)
        OR p.target IN (%(deposit)s, %(reserve)s, %(fund)s, %(buyers)s, %(penalty)s))
"""
_INSURED = f"""
    SELECT d.seller_id, {_DAY.format("d.drawn_at")}, 0, 0, 0, d.amount_minor,
        0, 0, true
    FROM deposits_draw d JOIN sellers_seller s USING (seller_id)
    LEFT JOIN orders_breach b ON b.seller_id = d.seller_id AND b.cause = d.cause
    WHERE {_OF_SELLER} AND b.cause IS NULL
    UNION ALL SELECT d.seller_id, {_DAY.format("d.returned_at")}, 0, 0, 0, -d.amount_minor,
        0, 0, true
    FROM deposits_return d JOIN sellers_seller s USING (seller_id)
    LEFT JOIN orders_breach b ON b.seller_id = d.seller_id AND b.cause = d.cause
    WHERE {_OF_SELLER} AND b.cause IS NULL
"""
_MONEY = f"""
    SELECT seller_id, day::bigint, sum(deposit)::bigint, sum(reserve)::bigint, sum(debt)::bigint,
        sum(cover)::bigint, sum(unseen)::bigint, sum(released)::bigint, bool_or(looked)
    FROM ({_MOVED} UNION ALL {_INSURED}) AS moved GROUP BY 1, 2 ORDER BY 1, 2
"""
# What a rule rules, it rules at night, after the day's breaches were settled.
_BY_NIGHT = f"""(e.event = {ClaimEvent.PAID:d} AND EXISTS (SELECT FROM hearings_ruling r
    WHERE r.seller_id = e.seller_id AND r.claim_id = e.claim_id AND r.ruled_at = e.happened_at
    AND r.by IN {_BY_RULE}))"""
_PAYS = (
    f"{ClaimEvent.ACCEPTED:d}, {ClaimEvent.OFFER_ACCEPTED:d}, {ClaimEvent.PAID:d}, "
    f"{ClaimEvent.RETURN_SHIPPED:d}"
)
_PAID = f"""
    SELECT c.seller_id, c.order_id, c.kind, (SELECT min({_DAY.format("e.happened_at")}
            + {_BY_NIGHT}::int) FROM claims_event e WHERE e.seller_id = c.seller_id
            AND e.claim_id = c.claim_id AND e.event IN ({_PAYS}))::bigint, c.compensation_minor
    FROM claims_claim c WHERE c.kind = ANY(%(watched)s::smallint[]) AND c.compensation_minor > 0
    AND {_OF_CLAIM} ORDER BY c.seller_id, c.order_id, c.claim_id
"""
_LAST_ROUND = (
    "NOT EXISTS (SELECT 1 FROM hearings_ruling n WHERE n.seller_id = r.seller_id "
    "AND n.claim_id = r.claim_id AND n.round > r.round)"
)
# What rules decided is decided anew; of the others the ruling that stands is kept.
_KEPT = f"""
    SELECT by, kind, count(*), coalesce(sum(paid), 0)::bigint, coalesce(sum(punitive), 0)::bigint
    FROM (
        SELECT r.by::bigint AS by, c.kind::bigint AS kind, r.paid_minor AS paid,
            r.platform_minor AS punitive
        FROM hearings_ruling r JOIN claims_claim c USING (seller_id, claim_id)
        WHERE {_LAST_ROUND} AND r.by NOT IN {_BY_RULE} AND {_OF_CLAIM}
        UNION ALL SELECT %(settled)s, c.kind, c.paid_minor, 0 FROM claims_claim c
        WHERE c.state = %(agreed)s AND {_OF_CLAIM}
        UNION ALL SELECT %(waits)s, c.kind, 0, 0 FROM claims_claim c
        WHERE c.state = ANY(%(reviewed)s::smallint[]) AND {_OF_CLAIM}) AS decided
    GROUP BY by, kind ORDER BY by, kind
"""
_FROM_RULINGS = f"""
    FROM hearings_ruling r JOIN claims_claim c USING (seller_id, claim_id)
    WHERE r.by IN {_BY_RULE} AND {_OF_CLAIM} ORDER BY r.seller_id, r.claim_id, r.round
"""
_ENDINGS = f"""
    SELECT c.seller_id, c.claim_id, c.item_id, c.kind, e.happened_at, coalesce((
            SELECT max(r.round) FROM hearings_ruling r WHERE r.seller_id = c.seller_id
            AND r.claim_id = c.claim_id AND r.ruled_at <= e.happened_at), 0)::bigint,
        coalesce((SELECT r.amount_minor FROM claims_event r WHERE r.seller_id = c.seller_id
            AND r.claim_id = c.claim_id AND r.event = {ClaimEvent.RULED:d} AND r.seq < e.seq
            ORDER BY r.seq DESC LIMIT 1) > 0, false)
    FROM claims_event e JOIN claims_claim c USING (seller_id, claim_id)
    WHERE e.event IN ({ClaimEvent.RECOVERY_BEGUN:d}, {ClaimEvent.CLOSED:d}) AND {_OF_CLAIM}
    ORDER BY e.happened_at, c.seller_id, c.claim_id, e.seq
"""
_RECORDED = f"""
    SELECT v.seller_id, v.violation_id, v.kind, v.source, v.incident_id, v.subject_id, v.units,
        v.is_corrected, v.happened_at, v.recorded_at, coalesce((
            SELECT max(e.happened_at) FROM violations_event e WHERE e.seller_id = v.seller_id
            AND e.violation_id = v.violation_id AND e.event = {Event.REVOKE:d}), 'infinity')
    FROM violations_violation v JOIN sellers_seller s USING (seller_id)
    WHERE {_OF_SELLER} ORDER BY v.recorded_at, v.seller_id, v.violation_id
"""
_CHECKS = f"""
    SELECT x.seller_id, x.number, x.seq, x.scope, x.checked_at,
        least(e.closing_at, x.checked_at), least(e.terms_at, x.checked_at), x.deposit_minor,
        x.required_minor, x.counted_elsewhere_minor, x.debt_minor, x.is_unblockable,
        x.seq = (SELECT min(f.seq) FROM exits_check f WHERE f.seller_id = x.seller_id
            AND f.number = x.number), x.things
    FROM exits_check x JOIN exits_exit e USING (seller_id, number)
    WHERE x.{_PLACE.format("x")} ORDER BY x.seller_id, x.number, x.seq
"""


def rows_of(table: type[T], asked: dict[str, Any]) -> T:
    """The rows of one table for the bucket of sellers asked for."""
    return cast("T", _READ[table](asked))


def _kinds(table: type[Columns], **narrow: str) -> dict[str, str]:
    kinds = {
        name: "bool" if name.startswith("is_") else "ts" if name.endswith("_us") else "i8"
        for name in table.names()
    }
    return kinds | narrow


def _plain(table: type[T], query: str, **narrow: str) -> Callable[[dict[str, Any]], T]:
    return lambda asked: from_rows(table, fetch_columns(query, asked, _kinds(table, **narrow)))


def _stays(asked: dict[str, Any]) -> Stays:
    """Spans inside: from a standing that is, until the next one that is not."""
    e = fetch_columns(_STANDING, asked, {"seller_id": "i8", "state": "i2", "at_us": "ts"})
    if len(e["state"]) == 0:
        return none_of(Stays)
    seller, at = e["seller_id"], e["at_us"]
    inside = np.isin(e["state"], INSIDE)
    is_first = np.append(True, seller[1:] != seller[:-1])
    was = np.append(False, inside[:-1]) & ~is_first
    enters, leaves = np.flatnonzero(inside & ~was), np.flatnonzero(~inside & was)
    # Each span ends with the next leaving, where that is the same seller's.
    place = np.searchsorted(leaves, enters)
    ends = np.append(leaves, len(seller))[place]
    is_over = np.append(seller, -1)[ends] == seller[enters]
    return Stays(seller[enters], at[enters], np.where(is_over, np.append(at, 0)[ends], FAR_US))


def _money(asked: dict[str, Any]) -> Money:
    accounts = {
        "deposit": int(Account.DEPOSIT), "reserve": int(Account.RESERVE),
        "fund": int(Account.FUND), "refunds": int(Account.REFUNDS),
        "buyers": int(Account.BUYERS), "penalty": int(Account.PENALTY),
        "recovered": int(Why.DEBT_RECOVERED), "locked": int(Why.EXPOSURE_LOCKED),
        "freed": int(Why.EXPOSURE_FREED),
    }  # fmt: skip
    return _plain(Money, _MONEY)(asked | accounts)


def _paid(asked: dict[str, Any]) -> Paid:
    kinds = np.array([kind for kind in ClaimKind if clock_of(np.array(kind)) > 0], np.int64)
    spec = {"seller_id": "i8", "order_id": "i8", "clock": "i2", "day": "i8", "amount": "i8"}
    found = fetch_columns(_PAID, asked | {"watched": kinds}, spec)
    return Paid(
        found["seller_id"], found["order_id"], clock_of(found["clock"].astype(np.int64)),
        found["day"], found["amount"],
    )  # fmt: skip


def _kept(asked: dict[str, Any]) -> Kept:
    states = {
        "settled": SETTLED, "waits": WAITS_FOR_PERSON, "agreed": int(ClaimState.SETTLED),
        "reviewed": np.array([ClaimState.UNDER_REVIEW, ClaimState.WITH_JURY], np.int64),
    }  # fmt: skip
    return _plain(Kept, _KEPT)(asked | states)


def _contents(part: str, table: type[T]) -> Callable[[dict[str, Any]], T]:
    """What each ruling was judged on, as its content says."""

    def read(asked: dict[str, Any]) -> T:
        told = [json.loads(body)[part] for (body,) in fetch_rows(_CONTENTS, asked)]
        # A column that is younger than a ruling is 0 there: it was not.
        return from_rows(
            table, {name: [row.get(name, 0) for row in told] for name in table.names()}
        )

    return read


_CONTENTS = f"SELECT r.content {_FROM_RULINGS}"
_RULINGS = (
    f"SELECT r.seller_id, r.claim_id, r.round, r.by, r.ruled_at, {_LAST_ROUND} {_FROM_RULINGS}"
)
_MOMENTS = [name.endswith("_us") for name in Checks.names()]


def _checks(asked: dict[str, Any]) -> Checks:
    rows = [row[:-1] for row in fetch_rows(_CHECKS, asked)]
    if not rows:
        return none_of(Checks)
    columns = zip(*rows, strict=True)
    return from_rows(
        Checks,
        {
            name: [us_of(v) for v in column] if is_moment else list(column)
            for name, column, is_moment in zip(Checks.names(), columns, _MOMENTS, strict=True)
        },
    )


def _stood(asked: dict[str, Any]) -> Stood:
    told = [row[-1] for row in fetch_rows(_CHECKS, asked)]
    names = [name for name in Things.names() if name != "seller_id"]
    assert names == Stood.names()[1:], "what stood is what an exit is judged on"
    columns = {name: [v for one in told for v in one[name]] for name in names}
    counts = [len(one["kind"]) for one in told]
    return from_rows(Stood, {"check": np.repeat(np.arange(len(told)), counts), **columns})


_READ: dict[type[Columns], Callable[[dict[str, Any]], Columns]] = {
    Sellers: _plain(Sellers, _SELLERS),
    Stays: _stays,
    Covers: _plain(Covers, _COVERS),
    Money: _money,
    Paid: _paid,
    Kept: _kept,
    Rulings: _plain(Rulings, _RULINGS, round="i2", by="i2"),
    ClaimFacts: _contents("facts", ClaimFacts),
    Before: _contents("before", Before),
    Endings: _plain(Endings, _ENDINGS, kind="i2"),
    Recorded: _plain(Recorded, _RECORDED, kind="i2", source="i2"),
    Checks: _checks,
    Stood: _stood,
}
