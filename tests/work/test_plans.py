"""No statement of a living house reads a big table from end to end.

A small marketplace is lived, each of its sellers is written a hundred times more, and it is lived
on: every statement of those days, of the ledger's own verbs and of the pages that sellers and
buyers open is explained with its own parameters right before it runs. So is, at the end, every
plan that was kept for statements asked again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from tests.work.watching import kept_plans, plans_watched, scans_in
from xiaobao.database.sets import cursor, execute, fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.generate.marketplace import generate
from xiaobao.lab.generate.plans import Plan
from xiaobao.ledger import acts, queries
from xiaobao.ledger.facts import Account, Op, Postings
from xiaobao.outbox import acts as outbox
from xiaobao.outbox import queries as outbox_now
from xiaobao.outbox.facts import Attempt, Trouble
from xiaobao.web.people import Role, add_member
from xiaobao.work.life import live

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.kernel.columns import Int

CUT_OFF_DAY = 25
TIMES = 200
BIG = 2_000
HOT = {
    "advances_payout_event", "ledger_book", "ledger_posting", "orders_fact", "orders_line",
    "orders_order", "orders_watch", "outbox_attempt", "outbox_delivery", "outbox_event",
    "sellers_seller",
}  # fmt: skip
# The lab and the public register count over everything; balances have no index, which would take
# the update in place away from every posting, so debtors are looked for in all books.
MAY_READ_ALL = {
    ("ledger_book", "ledger/queries/reading.py"), ("ledger_book", "ledger/queries/owing.py"),
    ("orders_fact", "lab/history/stored.py"),
    ("orders_order", "lab/history/stored.py"), ("sellers_promise", "sellers/queries/answers.py"),
    ("sellers_seller", "lab/history/seller_rows.py"),
    ("sellers_seller", "sellers/queries/answers.py"),
    ("sellers_seller", "sellers/queries/known.py"),  # a week's categories of all who sold
    # What the close of a day proves of all books.
    ("ledger_posting", "ledger/queries/reading.py"),
    ("ledger_posting", "ledger/queries/checking.py"),
    ("ledger_book", "ledger/queries/checking.py"),
    ("ledger_book", "exits/queries/laws.py"), ("ledger_posting", "deposits/queries/freezing.py"),
    # The weeks of a chart: in a life as short as this one all there are.
    ("supervision_week", "supervision/queries/weeks.py"),
}  # fmt: skip
PAGES = ("", "deposit/", "deposit/statement/", "items/", "claims/", "policy/", "leaving/")
NOW = datetime(2025, 9, 11, tzinfo=UTC)


class CutOffError(Exception):
    """Stands for a kill after so many days."""


def cut_off(done: int, total: int, words: str = "") -> None:
    if done == CUT_OFF_DAY:
        raise CutOffError


def grow() -> set[str]:
    """Write every seller many times over, a year on; return the tables that are big since.

    Whatever a seller owns is keyed by the seller first: another number makes other rows.
    """
    big = set()
    with cursor("owner") as cur:
        tables = cur.execute(
            "SELECT c.table_name, array_agg(c.column_name::text), array_agg(c.data_type::text) "
            "FROM information_schema.columns AS c JOIN information_schema.tables AS t "
            "USING (table_schema, table_name) WHERE table_schema = 'public' "
            "AND t.table_type = 'BASE TABLE' GROUP BY 1"
        ).fetchall()
        cur.execute("SET session_replication_role = replica")
        for table, columns, kinds in tables:
            if "seller_id" not in columns:
                continue
            values = [
                "seller_id + n" if name == "seller_id"
                else f"{name} + interval '1 year'" if kind == "timestamp with time zone"
                else name
                for name, kind in zip(columns, kinds, strict=True)
            ]  # fmt: skip
            cur.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE "
                f"SELECT {', '.join(values)} FROM {table}, generate_series(1, {TIMES}) AS n "
                "ON CONFLICT DO NOTHING"
            )
            if cur.rowcount >= BIG:
                big.add(table)
        cur.execute("SET session_replication_role = DEFAULT")
        cur.execute("ANALYZE")
    return big


def postings(sellers: Int, op: Op, source: Account, target: Account, cause: int) -> Postings:
    ones = np.ones(len(sellers), np.int64)
    named = ones * 7 if op != Op.MOVE else ones * 0
    return Postings(
        seller_id=sellers, cause_hi=ones * cause, cause_lo=np.arange(len(sellers)), leg=ones * 0,
        op=ones * op, source=ones * source, target=ones * target, amount_minor=ones, why=ones,
        hold_hi=named, hold_lo=named * np.arange(1, len(sellers) + 1),
        expires_us=ones * (us_of(NOW) + 60_000_000 if op == Op.HOLD else FAR_US),
        at_us=ones * us_of(NOW),
    )  # fmt: skip


def move_money(sellers: Int) -> None:
    """Every verb of the ledger and its repeat: alone, as a few, as a batch of many books."""
    cause = count(1)
    for some in (sellers[:1], sellers[:10], sellers):
        paid = postings(some, Op.MOVE, Account.OUTSIDE, Account.DEPOSIT, next(cause))
        for _ in range(2):
            # In a transaction all statements are the driver's cursors', which are watched.
            with transaction.atomic():
                acts.post(paid)
    held = postings(sellers, Op.HOLD, Account.DEPOSIT, Account.LOCKED, next(cause))
    assert acts.post(held).posted == len(sellers)
    with transaction.atomic():
        acts.post(postings(sellers[:1], Op.CAPTURE, Account.LOCKED, Account.BUYERS, next(cause)))
    acts.post(postings(sellers[:90], Op.CAPTURE, Account.LOCKED, Account.BUYERS, next(cause)))
    assert acts.expire_holds(us_of(NOW + timedelta(hours=1))) >= len(sellers) - 90


def ask_the_books(seller_id: int) -> None:
    line = queries.statement(seller_id)[0]
    queries.statement(seller_id, Account.DEPOSIT, before_seq=line.seq)
    queries.lines_under(seller_id, [line.cause])
    queries.balance_at(seller_id, line.at)
    queries.balances(np.array([seller_id]))
    queries.movements_of(np.array([seller_id]))


def open_pages(seller_id: int) -> None:
    ((name,),) = fetch_rows("SELECT name FROM sellers_seller WHERE seller_id = %s", [seller_id])
    user = get_user_model().objects.create(username="owner")
    add_member(user.pk, Role.OWNER, seller_id, at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for page in PAGES:
        assert client.get(f"/seller/{name}/{page}").status_code == 200
    assert client.get("/").status_code == 200


def keep_deliveries() -> int:
    """A subscriber that was told of nearly all there was."""
    number = outbox.subscribe("all", "https://shop.example/", ["*"], at=NOW)
    execute(
        "INSERT INTO outbox_delivery (seller_id, subscription, event, kind, next_at, state) "
        "SELECT seller_id, %s, event, kind, 'epoch', (get_byte(uuid_send(event), 15) > 5)::int "
        "FROM outbox_event ORDER BY happened_at",
        [number],
    )
    execute(
        "INSERT INTO outbox_attempt (seller_id, subscription, event, attempt, took_ms, status, "
        "trouble, tried_at, answer) SELECT seller_id, subscription, event, 1, 5, 200, 0, %s, '' "
        "FROM outbox_delivery WHERE state = 1",
        [NOW],
    )
    return number


def tell_subscriber(number: int) -> None:
    """A set of the sender's: found, taken, one of it taken well; and old attempts go."""
    runs = outbox_now.due_runs(number, at=NOW, each=8, limit=100)
    told, *rest = outbox.take(number, [one for run in runs for one in run], at=NOW)
    outbox.record_attempts([(told, Attempt(200, Trouble.NONE, 1, ""))], rest, at=NOW)
    assert outbox.forget_attempts(at=NOW + timedelta(days=1)) == 0


@pytest.mark.usefixtures("committed")
def test_no_hot_statement_reads_a_big_table_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOBAO_EVIDENCE_URL", (tmp_path / "evidence").as_uri())
    market = generate(Plan(seed=5, sellers=12, orders=150, days=40))
    with pytest.raises(CutOffError):
        live(market, progress=cut_off)
    subscriber = keep_deliveries()
    big = grow()
    assert big >= HOT
    sellers = np.array(fetch_rows("SELECT seller_id FROM ledger_book ORDER BY 1 LIMIT 100"))[:, 0]
    busy = fetch_rows("SELECT seller_id FROM ledger_book ORDER BY seq DESC, 1 LIMIT 1")[0][0]
    with plans_watched() as plans:
        live(market, progress=lambda *_: None)
        # Where a savepoint is undone, as by what repeats, the driver has all plans forgotten.
        kept = kept_plans()
        move_money(sellers)
        ask_the_books(busy)
        open_pages(busy)
        tell_subscriber(subscriber)
    kept |= kept_plans()
    assert sum(map(len, plans.values())) > 500
    scans = scans_in(plans, big)
    found = {(one.table, one.asked_by): one for one in scans}
    assert ("orders_fact", "lab/history/stored.py") in found
    assert {key: one for key, one in found.items() if key not in MAY_READ_ALL} == {}
    assert len(kept) > 100
    assert {one.query for one in scans_in(kept, big)} <= {one.query for one in scans}
