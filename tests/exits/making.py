"""A small world for the tests of exits: one market, shops with deposits, orders on their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.claims.making import put
from tests.orders.conftest import open_market
from tests.orders.making import batch
from xiaobao.database.sets import fetch_rows
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import Blocker, CheckRow, ExitDetail, ExitState, Reason, Scope
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger import queries as ledger
from xiaobao.orders.acts import record_facts
from xiaobao.promises.acts import publish_pack
from xiaobao.promises.packs import SHIPPED
from xiaobao.promises.queries import market
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.acts import enrol_sellers, mark_items, update_profile
from xiaobao.sellers.facts import Standing
from xiaobao.work.refunding import send_refunds

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.payments import PaymentGateway
    from xiaobao.promises.facts import Market

SHOP, OTHER_SHOP = "shop", "other shop"
SELLER = id_of(SHOP)
# A Wednesday in Shanghai, 10:00.
NOW = datetime(2025, 10, 15, 2, tzinfo=UTC)
JOINED = datetime(2014, 4, 1, tzinfo=UTC)
ACCOUNT, HOLDER = "shop@example.com", "王小店"
# A gateway that does what it is asked.
RELIABLE = Settings(1, 0, 0, 0, 0)


def later(**spans: float) -> datetime:
    return NOW + timedelta(**spans)


def open_world(*, deposit: int = 100_000, market: str = "cn") -> Market:
    """Two shops in the guarantee, the first with a deposit, an account and two covered items."""
    opened = open_market(market, (SHOP, OTHER_SHOP))
    for shop in (SHOP, OTHER_SHOP):
        profile = {"payout_account": ACCOUNT, "legal_name": HOLDER}
        update_profile(id_of(shop), profile, at=NOW - timedelta(days=90))
    mark_items(SELLER, ["mug", "cup"], at=NOW - timedelta(days=80))
    if deposit:
        put(SHOP, deposit)
    return opened


def open_with(folder: Path, **changes: list[tuple[str, str]]) -> Market:
    """The market under the default pack, some of its files changed."""
    files = {"pack.toml": [("[title]", 'based_on = "cn"\n\n[title]')]}
    files |= {name.replace("__", "."): pairs for name, pairs in changes.items()}
    for name, pairs in files.items():
        text = (SHIPPED / "cn" / name).read_text(encoding="utf-8")
        for before, after in pairs:
            assert before in text, before
            text = text.replace(before, after)
        (folder / name).write_text(text, encoding="utf-8")
    publish_pack(str(folder), at=datetime(2014, 3, 1, tzinfo=UTC))
    opened = market("cn")
    enrol_sellers([SHOP], market_id=opened.market_id, signed_by=SHOP, at=JOINED)
    profile = {"payout_account": ACCOUNT, "legal_name": HOLDER}
    update_profile(SELLER, profile, at=JOINED + timedelta(days=1))
    put(SHOP, 100_000)
    return opened


def order(market: Market, name: str, goods: int, **told: datetime | int) -> None:
    """An order of one item, with what was told of it by name; amounts follow `…_minor`."""
    amounts = {k.removesuffix("_minor"): v for k, v in told.items() if k.endswith("_minor")}
    at = told.get("placed", NOW - timedelta(days=60))
    rows: list[dict[str, Any]] = [
        {"fact": "placed", "at": at, "buyer": "buyer", "goods": goods, "freight": 0,
         "currency": "CNY"},
        {"fact": "line", "at": at, "item": "mug", "title": "a mug", "quantity": 1,
         "price": goods},
        {"fact": "paid", "at": told.get("paid", at)},
    ]  # fmt: skip
    for kind, when in told.items():
        if kind in {"placed", "paid"} or kind.endswith("_minor"):
            continue
        row: dict[str, Any] = {"fact": kind, "at": when}
        if kind in {"labelled", "scanned"}:
            row["waybill"] = f"W{name}"
        if kind in amounts:
            row["amount"] = amounts[kind]
        rows.append(row)
    full = [{"seller": SHOP, "order": name, **row} for row in rows]
    record_facts(batch(full), market_id=market.market_id, at=max(r["at"] for r in rows))


def completed(market: Market, name: str, goods: int, at: datetime) -> None:
    """An order that went well, and was completed then."""
    order(
        market, name, goods, placed=at - timedelta(days=5), scanned=at - timedelta(days=4),
        delivered=at - timedelta(days=2), signed=at - timedelta(days=2), completed=at,
    )  # fmt: skip


def check(scope: Scope = Scope.WHOLE, at: datetime = NOW, **more: Any) -> CheckRow:
    return queries.check_of(SELLER, scope, at=at, **more)


def standing_kinds(found: CheckRow) -> list[Blocker]:
    return [row.kind for row in found.blockers]


def apply(
    scope: Scope = Scope.WHOLE, *, amount: int = 0, at: datetime = NOW, key: str = "k1",
    reason: Reason = Reason.OWN_WISH, **more: Any,
) -> int:  # fmt: skip
    return acts.apply_for_exit(
        SELLER, scope=scope, reason=reason, amount_minor=amount, key=key, by=SHOP, at=at, **more
    )


def approve(at: datetime) -> int:
    return acts.approve_exit(SELLER, by="staff", at=at)


def sweep(until: datetime) -> int:
    """Let every clock of exits fire until then; how many looks it took."""
    looks = 0
    while (moved := acts.move_due_exits(until_us=us_of(until))).looked:
        looks += moved.looked
    return looks


def gateway(folder: Path, settings: Settings = RELIABLE) -> TestGateway:
    made = TestGateway(folder)
    made.set_behaviour(settings)
    return made


def pay(until: datetime, through: PaymentGateway) -> None:
    """Let clocks fire and payments go out, until then."""
    sweep(until)
    send_refunds(us_of(until), through)


def detail(number: int | None = None) -> ExitDetail:
    return queries.exit_detail(SELLER, SHOP, number)


def state() -> ExitState:
    return detail().exit.state


def steps() -> list[str]:
    return [event.event.name for event in detail().events]


def standing() -> Standing:
    return Standing(int(sellers_now.standing(np.array([SELLER])).state[0]))


def book(shop: str = SHOP) -> dict[str, int]:
    """A shop's balances that are not zero."""
    columns = ledger.balances(np.array([id_of(shop)])).as_dict()
    return {n: int(c[0]) for n, c in columns.items() if c[0] and n not in ("seller_id", "seq")}


_TABLES = (
    "ledger_book", "ledger_hold", "sellers_promise", "sellers_mark", "deposits_requirement",
    "deposits_event", "claims_claim", "orders_order", "exits_payment",
)  # fmt: skip


def everything_else() -> dict[str, str]:
    """A digest of every table an exit could touch, but for its own story and the postings."""
    columns = {"ledger_book": "seller_id, outside, deposit, locked, refunds, reserve, fund"}
    return {
        table: fetch_rows(
            "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM "
            f"(SELECT {columns.get(table, '*')} FROM {table}) t"
        )[0][0]
        for table in _TABLES
        if table != "ledger_hold"
    }


__all__ = [
    "ACCOUNT", "HOLDER", "JOINED", "NOW", "OTHER_SHOP", "RELIABLE", "SELLER", "SHOP", "apply",
    "approve", "book", "check", "completed", "detail", "everything_else", "gateway", "later",
    "open_with", "open_world", "order", "pay", "put", "standing", "standing_kinds", "state",
    "steps", "sweep",
]  # fmt: skip
