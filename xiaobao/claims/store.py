"""The only code that writes or locks claims, their timelines, offers and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import Claims, Entries, OfferState, Stops
from xiaobao.database import sets
from xiaobao.database.arrays import uuids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int

_SMALL = ("market_id", "kind", "ask", "stage", "state", "before")
_MIDDLE = ("category_id", "marks", "abuse", "seq", "offers", "stops", "holds")
_FIXED = (
    "seller_id", "claim_id", "order_id", "buyer_id", "item_id", "promises", "goods_minor",
    "freight_minor", "loss_minor", "ordered_us", "filed_us", "category_id", "market_id", "kind",
    "stage",
)  # fmt: skip
_SQL_TYPES = {"i2": "smallint", "i4": "integer", "i8": "bigint", "ts": "timestamptz"}


def _kind_of(name: str) -> str:
    if name.endswith("_us"):
        return "ts"
    return "i2" if name in _SMALL else "i4" if name in _MIDDLE else "i8"


def _column_of(name: str) -> str:
    return name.removesuffix("_us") + "_at" if name.endswith("_us") else name


SPEC = {name: _kind_of(name) for name in Claims.names()}
COLUMNS = ", ".join(f"c.{_column_of(name)}" for name in SPEC)
_STORED = {_column_of(name): kind for name, kind in SPEC.items()}
_CHANGED = {
    name: kind
    for name, kind in SPEC.items()
    if name in {"seller_id", "claim_id"} or name not in _FIXED
}
_CHANGED_NAMES = ", ".join(map(_column_of, _CHANGED))
_CHANGED_ARRAYS = ", ".join(f"%s::{_SQL_TYPES[kind]}[]" for kind in _CHANGED.values())
_CHANGES = ", ".join(
    f"{_column_of(name)} = u.{_column_of(name)}"
    for name in _CHANGED
    if name not in {"seller_id", "claim_id"}
)
_ENTRY = {
    "seller_id": "i8", "claim_id": "i8", "digest": "i8", "amount_minor": "i8", "bits": "i8",
    "happened_at": "ts", "due_at": "ts", "cause": "uuid", "seq": "i4", "event": "i2",
    "state": "i2", "party": "i2", "words": "text",
}  # fmt: skip


def _array(values: Int, kind: str) -> NDArray[Any]:
    if kind == "ts":
        return np.ascontiguousarray(values).view("M8[us]")
    return np.ascontiguousarray(values.astype(kind))


# -- claims --------------------------------------------------------------------------------------


def hold(seller_id: Int, claim_id: Int) -> Asked[Claims]:
    """Those of these claims that are there, locked, by seller and claim."""
    return sets.ask_arrays(
        f"SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) "
        "AS u(seller_id, claim_id) JOIN claims_claim c USING (seller_id, claim_id) "
        "ORDER BY c.seller_id, c.claim_id FOR UPDATE OF c",
        [seller_id, claim_id],
        SPEC,
        Claims.of,
    )


def hold_due(until_us: int, limit: int) -> Claims:
    """The claims due first, locked, passing over those that others hold; in due order."""
    return Claims.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM claims_claim c WHERE c.due_at <= (%s::timestamptz[])[1] "
            "AND c.due_at < 'infinity' ORDER BY c.due_at, c.seller_id, c.claim_id LIMIT %s "
            "FOR UPDATE OF c SKIP LOCKED",
            [np.array([until_us]).view("M8[us]"), limit],
            SPEC,
        )
    )


def hold_of_orders(seller_id: Int, order_id: Int) -> Asked[Claims]:
    """Every claim about these orders, locked, by seller and claim."""
    return sets.ask_arrays(
        f"SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) "
        "AS u(seller_id, order_id) JOIN claims_claim c USING (seller_id, order_id) "
        "ORDER BY c.seller_id, c.claim_id FOR UPDATE OF c",
        [seller_id, order_id],
        SPEC,
        Claims.of,
    )


def add(
    claims: Claims,
    *,
    digest: Int,
    claim_name: Sequence[str],
    order_name: Sequence[str],
    buyer_name: Sequence[str],
    words: Sequence[str],
) -> None:
    """Add new claims, sent with what comes next."""
    columns: dict[str, Any] = {_column_of(n): c for n, c in claims.as_dict().items()}
    columns |= {
        "digest": digest, "claim_name": claim_name, "order_name": order_name,
        "buyer_name": buyer_name, "words": words,
    }  # fmt: skip
    texts = dict.fromkeys(("claim_name", "order_name", "buyer_name", "words"), "text")
    sets.put_in("claims_claim", columns, {**_STORED, "digest": "i8", **texts})


def change(claims: Claims) -> None:
    """Write claims held as they stand now; what was filed stays, but for what is asked."""
    if len(claims):
        columns = claims.as_dict()
        sets.write(
            f"UPDATE claims_claim c SET {_CHANGES} FROM unnest({_CHANGED_ARRAYS}) "
            f"AS u({_CHANGED_NAMES}) "
            "WHERE c.seller_id = u.seller_id AND c.claim_id = u.claim_id",
            [_array(columns[name], kind) for name, kind in _CHANGED.items()],
        )


def filed_digest(seller_id: int, claim_id: int) -> Asked[tuple[str, int] | None]:
    """The name of a claim that stands under this id, and the digest of what was filed."""
    return sets.ask_rows(
        "SELECT claim_name, digest FROM claims_claim WHERE seller_id = %s AND claim_id = %s",
        [seller_id, claim_id],
        lambda rows: (rows[0][0], rows[0][1]) if rows else None,
    )


# -- timelines -----------------------------------------------------------------------------------


def add_entries(entries: Entries, words: Sequence[str]) -> None:
    """Append entries; each stands once under its cause."""
    columns: dict[str, Any] = entries.as_dict()
    columns |= {"happened_at": entries.at_us, "due_at": entries.due_us, "words": words}
    sets.put_in("claims_event", columns, _ENTRY)


def digest_under(seller_id: int, claim_id: int, cause: tuple[int, int]) -> Asked[int | None]:
    """The digest of the act that stands under a cause; None where none does."""
    return sets.ask_rows(
        "SELECT digest FROM claims_event WHERE seller_id = %s AND claim_id = %s "
        "AND cause = (%s::uuid[])[1]",
        [seller_id, claim_id, uuids(np.array([cause[0]]), np.array([cause[1]]))],
        lambda rows: int(rows[0][0]) if rows else None,
    )


# -- offers --------------------------------------------------------------------------------------


def add_offer(
    seller_id: int,
    claim_id: int,
    number: int,
    *,
    party: int,
    amount_minor: int,
    with_return: bool,
    words: str,
    at: datetime,
) -> None:
    """Add an offer; what the same party offered before stands no longer."""
    answer_offers(seller_id, claim_id, OfferState.REPLACED, at=at, party=party)
    sets.execute(
        "INSERT INTO claims_offer (seller_id, claim_id, number, party, amount_minor, with_return, "
        "words, state, made_at, answered_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'infinity')",
        [
            seller_id, claim_id, number, party, amount_minor, with_return, words,
            OfferState.STANDING.value, at,
        ],
    )  # fmt: skip


def answer_offers(
    seller_id: int,
    claim_id: int,
    state: OfferState,
    *,
    at: datetime,
    party: int | None = None,
    number: int | None = None,
) -> int:
    """Answer the offers that stand: of one party, of one number, or all."""
    return sets.execute(
        "UPDATE claims_offer SET state = %s, answered_at = %s WHERE seller_id = %s "
        "AND claim_id = %s AND state = %s AND (%s::int IS NULL OR party = %s) "
        "AND (%s::int IS NULL OR number = %s)",
        [
            state.value, at, seller_id, claim_id, OfferState.STANDING.value, party, party, number,
            number,
        ],
    )  # fmt: skip


def close_offers(claims: Claims, at_us: Int) -> None:
    """No offer of these claims stands any longer."""
    if claims.offers.any():
        sets.execute(
            "UPDATE claims_offer o SET state = %s, answered_at = u.at "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) "
            "AS u(seller_id, claim_id, at) WHERE o.seller_id = u.seller_id "
            "AND o.claim_id = u.claim_id AND o.state = %s",
            [
                OfferState.REPLACED.value, claims.seller_id, claims.claim_id,
                _array(at_us, "ts"), OfferState.STANDING.value,
            ],
        )  # fmt: skip


def offer(seller_id: int, claim_id: int, number: int) -> tuple[int, int, int, bool] | None:
    """Of one offer: party, state, amount, whether with a return."""
    rows = sets.fetch_rows(
        "SELECT party, state, amount_minor, with_return FROM claims_offer "
        "WHERE seller_id = %s AND claim_id = %s AND number = %s",
        [seller_id, claim_id, number],
    )
    return rows[0] if rows else None


# -- stops ---------------------------------------------------------------------------------------


def add_stop(
    seller_id: int,
    claim_id: int,
    number: int,
    *,
    reason: int,
    party: int,
    words: str,
    at: datetime,
    until: datetime,
    is_accepted: bool = True,
) -> None:
    sets.execute(
        "INSERT INTO claims_stop (seller_id, claim_id, number, reason, party, is_accepted, words, "
        "stop_at, until_at, resume_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'infinity')",
        [seller_id, claim_id, number, reason, party, is_accepted, words, at, until],
    )


def accept_stop(seller_id: int, claim_id: int, *, until: datetime) -> None:
    """The stop that stands is accepted, and lasts longer."""
    sets.execute(
        "UPDATE claims_stop SET is_accepted = true, until_at = %s WHERE seller_id = %s "
        "AND claim_id = %s AND resume_at = 'infinity'",
        [until, seller_id, claim_id],
    )


def end_stops(claims: Claims, at_us: Int) -> None:
    """End the stop that stands of each of these claims."""
    sets.execute(
        "UPDATE claims_stop s SET resume_at = u.at FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::timestamptz[]) AS u(seller_id, claim_id, at) WHERE s.seller_id = u.seller_id "
        "AND s.claim_id = u.claim_id AND s.resume_at = 'infinity'",
        [claims.seller_id, claims.claim_id, _array(at_us, "ts")],
    )


def stops_of(claims: Claims) -> Stops:
    """Every time in which a clock of these claims stood still."""
    return Stops.of(
        **sets.fetch_arrays(
            "SELECT s.seller_id, s.claim_id, s.number, s.reason, s.party, s.is_accepted, "
            "s.stop_at, s.resume_at "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, claim_id) "
            "JOIN claims_stop s USING (seller_id, claim_id) "
            "ORDER BY s.seller_id, s.claim_id, s.number",
            [claims.seller_id, claims.claim_id],
            {
                "seller_id": "i8", "claim_id": "i8", "number": "i4", "reason": "i2",
                "party": "i2", "is_accepted": "bool", "stop_us": "ts", "resume_us": "ts",
            },
        )
    )  # fmt: skip
