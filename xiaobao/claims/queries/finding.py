"""Finding claims: by name, by what is due, by what waits for a ruling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from xiaobao.claims.facts import (
    Ask,
    ClaimEvent,
    ClaimKey,
    ClaimKind,
    Claims,
    ClaimState,
    ListRow,
    Mark,
)
from xiaobao.claims.store import COLUMNS, SPEC
from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int


class ClaimUnknown(Problem):
    code = "claim_unknown"
    status: ClassVar[int] = 404
    zh = "claim 字段：没有名为“{claim}”的维权；用 xiaobao claims list 查看"
    en = "claim: there is none called '{claim}'; see xiaobao claims list"


class ClaimNameShared(Problem):
    """Names of claims are unique per seller."""

    code = "claim_name_shared"
    zh = "claim 字段：有 {count} 个卖家的维权名为“{claim}”；请同时给出卖家（--seller）"
    en = "claim: '{claim}' names claims of {count} sellers; name the seller too (--seller)"


def claim_named(claim: str, seller: str | None = None) -> ClaimKey:
    """The claim of this outside name, of this seller where one is named.

    :raises ClaimUnknown: if there is none
    :raises ClaimNameShared: if several sellers have one, and none is named
    """
    rows = sets.fetch_rows(
        "SELECT seller_id, claim_id FROM claims_claim WHERE claim_id = %s AND claim_name = %s "
        "AND (%s::bigint IS NULL OR seller_id = %s)",
        [id_of(claim), claim, *[None if seller is None else id_of(seller)] * 2],
    )
    if not rows:
        raise ClaimUnknown(claim=claim)
    if len(rows) > 1:
        raise ClaimNameShared(claim=claim, count=len(rows))
    return ClaimKey(*rows[0])


def claims_of(seller_id: Int, claim_id: Int) -> Claims:
    """Those of these claims that are there, as they stand, by seller and claim."""
    return Claims.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) "
            "AS u(seller_id, claim_id) JOIN claims_claim c USING (seller_id, claim_id) "
            "ORDER BY c.seller_id, c.claim_id",
            [seller_id, claim_id],
            SPEC,
        )
    )


def claims_about(seller_id: int, order_id: int) -> Claims:
    """Every claim about one order."""
    return ask_claims_about(seller_id, order_id).answer


def ask_claims_about(seller_id: int, order_id: int) -> Asked[Claims]:
    """As `claims_about`, asked together with what is asked or done next."""
    return sets.ask_arrays(
        f"SELECT {COLUMNS} FROM claims_claim c WHERE c.seller_id = (%s::bigint[])[1] "
        "AND c.order_id = (%s::bigint[])[1] ORDER BY c.claim_id",
        [np.array([seller_id]), np.array([order_id])],
        SPEC,
        Claims.of,
    )


# The order in which claims wait for a ruling; rows of whoever lists them have these names.
BY_RULING: Order[Any] = Order(
    (Part("c.platform_due_at", "ts"), Part("c.seller_id"), Part("c.claim_id")),
    lambda row: (row.due_at, row.seller_id, row.claim_id),
)


def waiting_for_ruling(
    limit: int = 4096,
    *,
    kind: ClaimKind | None = None,
    due_until: datetime | None = None,
    place: Place | None = None,
) -> Claims:
    """Claims under review or appealed: those first whose clock runs, or ran, out first.

    A page that goes back from its place is read backwards.
    """
    return Claims.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM claims_claim c WHERE c.state IN (6, 16) "
            "AND (%(kind)s::smallint IS NULL OR c.kind = %(kind)s) "
            "AND (%(due)s::timestamptz IS NULL OR c.platform_due_at <= %(due)s)"
            f"{BY_RULING.after(place)}{BY_RULING.by(place)} LIMIT %(limit)s",
            {"kind": kind, "due": due_until, "limit": limit} | BY_RULING.params(place),
            SPEC,
        )
    )


_TO_LOOK_AT = "state IN (6, 16) AND marks & 1024 = 0"  # Mark.FOR_PERSON
# A claim is looked at when it comes to review, and when the platform's clock runs out.
_LOOK_AT = "CASE WHEN marks & 32 = 0 THEN platform_since_at ELSE platform_due_at END"


def to_look_at(until_us: int, limit: int = 512) -> Claims:
    """Claims that wait for a ruling and were not looked at as they stand."""
    return Claims.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM claims_claim c WHERE {_TO_LOOK_AT} "
            f"AND {_LOOK_AT} <= (%s::timestamptz[])[1] "
            "ORDER BY c.platform_since_at, c.seller_id, c.claim_id LIMIT %s",
            [np.array([until_us]).view("M8[us]"), limit],
            SPEC,
        )
    )


def next_to_look_at_us() -> int | None:
    """When the first claim came to wait for a look; None where none does."""
    rows = sets.fetch_rows(f"SELECT min({_LOOK_AT}) FROM claims_claim WHERE {_TO_LOOK_AT}")
    return None if rows[0][0] is None else us_of(rows[0][0])


def last_moment_us(claims: Claims) -> Int:
    """When the last thing happened to each claim, row for row."""
    found = sets.fetch_arrays(
        "SELECT e.happened_at FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) "
        "WITH ORDINALITY AS u(seller_id, claim_id, seq, n) "
        "JOIN claims_event e USING (seller_id, claim_id, seq) ORDER BY u.n",
        [claims.seller_id, claims.claim_id, claims.seq],
        {"at_us": "ts"},
    )
    assert len(found["at_us"]) == len(claims), "a claim without its last entry"
    return found["at_us"]


def next_due_us() -> int | None:
    """When the clock of the first claim runs out; None where none runs."""
    rows = sets.fetch_rows("SELECT min(due_at) FROM claims_claim WHERE due_at < 'infinity'")
    return None if rows[0][0] is None else us_of(rows[0][0])


_LISTED = (
    "claim_name, order_name, seller_id, claim_id, kind, ask, state, market_id, exposure_minor, "
    "paid_minor, filed_at, nullif(due_at, 'infinity'), marks"
)


BY_CLOCK: Order[ListRow] = Order(
    (Part("due_at", "ts"), Part("filed_at", "ts"), Part("seller_id"), Part("claim_id")),
    lambda row: (row.due_at, row.filed_at, row.seller_id, row.claim_id),
)


def claims_listed(
    *,
    seller_id: int | None = None,
    state: ClaimState | None = None,
    due_until: datetime | None = None,
    place: Place | None = None,
    limit: int = 100,
) -> list[ListRow]:
    """Claims for a list: those due first, then by time of filing."""
    rows = sets.fetch_rows(
        f"SELECT {_LISTED} FROM claims_claim "
        "WHERE (%(seller)s::bigint IS NULL OR seller_id = %(seller)s) "
        "AND (%(state)s::smallint IS NULL OR state = %(state)s) "
        "AND (%(due)s::timestamptz IS NULL OR due_at <= %(due)s)"
        f"{BY_CLOCK.after(place)}{BY_CLOCK.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "state": state, "due": due_until, "limit": limit}
        | BY_CLOCK.params(place),
    )
    return straight([_list_row(row) for row in rows], place)


BY_FILING: Order[ListRow] = Order(
    (Part("filed_at", "ts", is_descending=True), Part("claim_id", is_descending=True)),
    lambda row: (row.filed_at, row.claim_id),
)


def claims_against(
    seller_id: int,
    *,
    state: ClaimState | None = None,
    place: Place | None = None,
    limit: int = 100,
) -> list[ListRow]:
    """Claims against one seller, those filed last first."""
    rows = sets.fetch_rows(
        f"SELECT {_LISTED} FROM claims_claim WHERE seller_id = %(seller)s "
        "AND (%(state)s::smallint IS NULL OR state = %(state)s)"
        f"{BY_FILING.after(place)}{BY_FILING.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "state": state, "limit": limit} | BY_FILING.params(place),
    )
    return straight([_list_row(row) for row in rows], place)


def claims_by(buyer: str, *, limit: int = 100) -> list[ListRow]:
    """One buyer's claims against whomever, those filed last first."""
    rows = sets.fetch_rows(
        f"SELECT {_LISTED} FROM claims_claim WHERE buyer_id = %s ORDER BY filed_at DESC LIMIT %s",
        [id_of(buyer), limit],
    )
    return [_list_row(row) for row in rows]


def _list_row(row: Sequence[Any]) -> ListRow:
    values = list(row)
    values[4:7] = ClaimKind(values[4]), Ask(values[5]), ClaimState(values[6])
    values[-1] = Mark(values[-1])
    return ListRow(*values)


def counts_by_state() -> dict[ClaimState, int]:
    """How many claims stand where; every state is named."""
    rows = sets.fetch_rows("SELECT state, count(*) FROM claims_claim GROUP BY state")
    return dict.fromkeys(ClaimState, 0) | {ClaimState(row[0]): row[1] for row in rows}


def counts_by_event() -> dict[ClaimEvent, int]:
    """How often each thing happened to any claim; every event is named."""
    rows = sets.fetch_rows("SELECT event, count(*) FROM claims_event GROUP BY event")
    return dict.fromkeys(ClaimEvent, 0) | {ClaimEvent(row[0]): row[1] for row in rows}


def paid_total() -> int:
    """What every claim there is has paid its buyer."""
    rows = sets.fetch_rows("SELECT coalesce(sum(paid_minor), 0)::bigint FROM claims_claim")
    return int(rows[0][0])


def name_of(seller_id: int, claim_id: int) -> str:
    """The outside name of a claim.

    :raises ClaimUnknown: if there is none of these ids
    """
    rows = sets.fetch_rows(
        "SELECT claim_name FROM claims_claim WHERE seller_id = %s AND claim_id = %s",
        [seller_id, claim_id],
    )
    if not rows:
        raise ClaimUnknown(claim=claim_id)
    return str(rows[0][0])


def names_of(claims: Claims) -> dict[tuple[int, int], str]:
    """The outside names of claims, by seller and claim."""
    rows = sets.fetch_rows(
        "SELECT c.seller_id, c.claim_id, c.claim_name "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, claim_id) "
        "JOIN claims_claim c USING (seller_id, claim_id)",
        [claims.seller_id.tolist(), claims.claim_id.tolist()],
    )
    return {(row[0], row[1]): row[2] for row in rows}


def persons_with_claims(seller_id: int, buyer_id: int, persons: list[int]) -> set[int]:
    """Which of these persons claimed against this seller, or had a claim of this buyer."""
    rows = sets.fetch_rows(
        "SELECT buyer_id FROM claims_claim WHERE seller_id = %s AND buyer_id = ANY(%s) "
        "UNION SELECT seller_id FROM claims_claim WHERE seller_id = ANY(%s) AND buyer_id = %s",
        [seller_id, persons, persons, buyer_id],
    )
    return {row[0] for row in rows}
