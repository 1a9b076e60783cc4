"""A small world for the tests of claims: one market, shops with deposits, orders on their way."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tests.orders.conftest import open_market
from tests.orders.making import batch, fact, hours
from xiaobao.claims import acts, queries
from xiaobao.claims.facts import (
    Answer,
    Ask,
    ClaimEvent,
    ClaimKind,
    ClaimRow,
    ClaimState,
    Handed,
    Party,
)
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import Kind
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import causes_of, id_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.ledger.queries import balances
from xiaobao.orders.acts import record_facts

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

SHOP, OTHER_SHOP = "shop", "other shop"
GOODS, FREIGHT = 100_000, 800
# Everything about an order that was signed a day ago; a Wednesday in Shanghai, 10:00.
NOW = datetime(2025, 10, 15, 2, tzinfo=UTC)


def later(**spans: float) -> datetime:
    return NOW + timedelta(**spans)


def open_world(*, deposit: int = 500_000, pack: str = "cn") -> Market:
    """Two shops, of which the first has a deposit, and one order signed for."""
    market = open_market(pack, (SHOP, OTHER_SHOP))
    if deposit:
        put(SHOP, deposit)
    place("A", market)
    return market


def place(order: str, market: Market, *, shop: str = SHOP, buyer: str = "buyer",
          goods: int = GOODS, until: str = "signed") -> None:  # fmt: skip
    """An order of one item, as far on its way as asked."""
    steps = [
        {"fact": "placed", "at": hours(0), "buyer": buyer, "goods": goods, "freight": FREIGHT,
         "currency": "CNY"},
        {"fact": "line", "at": hours(0), "item": "mug", "title": "a mug", "quantity": 1,
         "price": goods},
        {"fact": "paid", "at": hours(1)},
        {"fact": "labelled", "at": hours(3), "waybill": f"W{order}"},
        {"fact": "scanned", "at": hours(5), "waybill": f"W{order}"},
        {"fact": "delivered", "at": hours(40)},
        {"fact": "signed", "at": NOW - timedelta(days=1)},
        {"fact": "completed", "at": NOW - timedelta(hours=2)},
    ]  # fmt: skip
    names = [step["fact"] for step in steps]
    told = steps[: names.index(until) + 1]
    rows = [{"seller": shop, "order": order, **step} for step in told]
    record_facts(batch(rows), market_id=market.market_id, at=NOW - timedelta(hours=1))


def tell(market: Market, kind: str, at: datetime, order: str = "A", **more: Any) -> None:
    """One more fact of an order."""
    row = fact(kind, 0, order, **more) | {"at": at}
    record_facts(batch([row]), market_id=market.market_id, at=at)


_given = iter(range(1, 10**9))


def put(shop: str, amount: int, account: Account = Account.DEPOSIT) -> None:
    """Money from outside into one account of a shop's book."""
    one = np.array([id_of(shop)])
    at_us = np.array([us_of(NOW) - 86_400_000_000])
    high, low = causes_of(999, at_us, one, np.array([next(_given)]))
    zero = np.zeros(1, np.int64)
    ledger.post_all(
        Postings.moves(
            seller_id=one, cause_hi=high, cause_lo=low, leg=zero,
            source=zero + Account.OUTSIDE, target=zero + account, amount_minor=zero + amount,
            why=zero + Why.DEPOSIT_LODGED, at_us=at_us,
        )
    )  # fmt: skip


def book(shop: str = SHOP) -> dict[str, int]:
    """A shop's balances that are not zero."""
    columns = balances(np.array([id_of(shop)])).as_dict()
    return {n: int(c[0]) for n, c in columns.items() if c[0] and n not in ("seller_id", "seq")}


@dataclass(frozen=True)
class Held(Handed):
    """One of which the bytes are at hand."""

    body: bytes


def photo(colour: int = 90) -> Held:
    """A picture that differs by its colour; without one, what `file` shows for the claim C1."""
    body = io.BytesIO()
    picture = Image.new("RGB", (64, 64), (colour % 256, 40, 200))
    picture.putpixel((colour % 64, 3), (1, 2, 3))
    picture.save(body, "PNG")
    return Held(Kind.PHOTO, body.getvalue(), "photo.png")


def paper(kind: Kind = Kind.CERTIFICATE) -> Held:
    return Held(kind, photo(int(kind)).body, "paper.png")


def text(kind: Kind = Kind.CARRIER_RECORD, words: str = "signed by the buyer") -> Handed:
    return Handed(kind, words.encode(), "record.txt")


def file(
    claim: str = "C1", *, kind: ClaimKind = ClaimKind.NOT_AS_DESCRIBED, order: str = "A",
    at: datetime = NOW, **more: Any,
) -> ClaimRow:  # fmt: skip
    given: dict[str, Any] = {
        "seller": SHOP, "order": order, "buyer": "buyer", "kind": kind, "ask": Ask.REFUND,
        "claim": claim, "words": "not the colour shown", "at": at,
        "handed": [photo(sum(claim.encode()) - sum(b"C1") + 90)],
    }  # fmt: skip
    return acts.file_claim(**(given | more))


def key(row: ClaimRow) -> tuple[int, int]:
    return row.seller_id, row.claim_id


def deny(row: ClaimRow, *handed: Handed, at: datetime, name: str = "k-deny") -> ClaimRow:
    return acts.answer_claim(*key(row), answer=Answer.DENY, handed=handed, key=name, at=at)


def sweep(until: datetime) -> int:
    """Let every clock fire until then; how many looks it took."""
    looks = 0
    while (moved := acts.move_due_claims(until_us=us_of(until))).looked:
        looks += moved.looked
    return looks


def standing(row: ClaimRow) -> Any:
    """The claim as it stands now, as columns of one row."""
    return queries.claims_of(np.array([row.seller_id]), np.array([row.claim_id]))


def state(row: ClaimRow) -> ClaimState:
    return ClaimState(int(standing(row).state[0]))


def timeline(row: ClaimRow) -> list[tuple[str, str]]:
    """What happened, and where the claim stood after it."""
    return [
        (ClaimEvent(event).name, ClaimState(after).name)
        for event, after in fetch_rows(
            "SELECT event, state FROM claims_event WHERE seller_id = %s AND claim_id = %s "
            "ORDER BY seq",
            [row.seller_id, row.claim_id],
        )
    ]


def due(row: ClaimRow) -> datetime:
    return moment_of(int(standing(row).due_us[0]))


_TABLES = (
    "claims_claim", "claims_event", "claims_offer", "claims_stop", "ledger_book",
    "ledger_posting", "ledger_hold", "advances_payout", "advances_split", "evidence_piece",
    "outbox_event",
)  # fmt: skip


def everything() -> dict[str, str]:
    """A digest of every table that an act about a claim could touch."""
    return {
        table: fetch_rows(
            f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
        )[0][0]
        for table in _TABLES
    }


__all__ = [
    "Ask", "ClaimKind", "ClaimState", "Party", "book", "deny", "due", "everything", "file", "key",
    "later", "open_world", "paper", "photo", "place", "put", "standing", "state", "sweep",
    "tell", "text", "timeline",
]  # fmt: skip
