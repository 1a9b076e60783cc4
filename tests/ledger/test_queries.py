"""What the books answer: statements, past balances, totals, debtors, and planted corruption."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from tests.ledger.ledger_model import Asked, postings
from xiaobao.database.sets import cursor
from xiaobao.ledger import acts, queries
from xiaobao.ledger.facts import Account, Balances, Op, Why
from xiaobao.ledger.queries.checking import LAWS

pytestmark = pytest.mark.usefixtures("committed")

START = datetime(2026, 1, 1, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000
SECOND = 1_000_000
SELLER = 3


def second(number: float) -> datetime:
    return START + timedelta(seconds=number)


@pytest.fixture
def story(committed: None) -> None:
    """A deposit, two holds, a capture with a rest, a payout and a debt, in ten seconds."""
    acts.open_books(np.array([SELLER, 5]), "CNY", at=START)
    rows = [
        Asked(SELLER, 1, amount=1000, why=Why.DEPOSIT_LODGED, at=1),
        Asked(SELLER, 2, op=Op.HOLD, source=1, target=2, amount=300, hold=1, why=11, at=2),
        Asked(SELLER, 3, op=Op.HOLD, source=1, target=2, amount=200, hold=2, why=11, at=3),
        Asked(SELLER, 4, op=Op.CAPTURE, source=2, target=5, amount=250, hold=1, why=4, at=5),
        Asked(SELLER, 5, source=5, target=0, amount=250, why=9, at=5),
        Asked(SELLER, 6, source=4, target=5, amount=70, why=7, at=9),
        Asked(5, 7, source=4, target=5, amount=90, why=7, at=9),
    ]
    timed = [Asked(**{**row.__dict__, "at": START_US + row.at * SECOND}) for row in rows]
    acts.post_all(postings(timed))


def amounts(found: Balances) -> dict[str, int]:
    assert len(found) == 1
    return {a.name.lower(): int(v) for a in Account if (v := getattr(found, a.name.lower())[0])}


@pytest.mark.usefixtures("story")
def test_a_statement_of_the_book_has_every_line_newest_first() -> None:
    lines = queries.statement(SELLER)
    assert [(x.seq, x.op, x.source, x.target, x.amount_minor) for x in lines] == [
        (7, Op.MOVE, Account.FUND, Account.BUYERS, 70),
        (6, Op.MOVE, Account.BUYERS, Account.OUTSIDE, 250),
        (5, Op.RETURN, Account.LOCKED, Account.DEPOSIT, 50),
        (4, Op.CAPTURE, Account.LOCKED, Account.BUYERS, 250),
        (3, Op.HOLD, Account.DEPOSIT, Account.LOCKED, 200),
        (2, Op.HOLD, Account.DEPOSIT, Account.LOCKED, 300),
        (1, Op.MOVE, Account.OUTSIDE, Account.DEPOSIT, 1000),
    ]
    assert lines[2].why == Why.EXPOSURE_FREED
    assert lines[2].leg == 16384
    assert lines[2].cause == lines[3].cause == UUID(int=(4 << 64) | 28)
    assert lines[2].hold == UUID(int=(1 << 64) | 3)
    assert {line.change_minor for line in lines} == {None}


@pytest.mark.usefixtures("story")
def test_a_statement_of_an_account_runs_down_to_its_balance() -> None:
    lines = queries.statement(SELLER, Account.DEPOSIT)
    assert [(x.seq, x.change_minor, x.after_minor) for x in lines] == [
        (5, 50, 550), (3, -200, 500), (2, -300, 700), (1, 1000, 1000),
    ]  # fmt: skip
    assert queries.statement(SELLER, Account.PENALTY) == []
    assert queries.statement(999) == []


@pytest.mark.usefixtures("story")
def test_pages_of_a_statement_meet_without_gap_or_overlap() -> None:
    pages, before = [], None
    while page := queries.statement(SELLER, before_seq=before, limit=3):
        pages.append([line.seq for line in page])
        before = page[-1].seq
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


@pytest.mark.usefixtures("story")
def test_a_past_balance_is_what_the_book_said_then() -> None:
    def at(number: float) -> dict[str, int]:
        return amounts(queries.balance_at(SELLER, second(number)))

    assert at(0.999999) == {}
    assert at(1) == {"outside": -1000, "deposit": 1000}
    assert at(2.5) == {"outside": -1000, "deposit": 700, "locked": 300}
    assert at(4.999999) == {"outside": -1000, "deposit": 500, "locked": 500}
    assert at(5) == {"outside": -750, "deposit": 550, "locked": 200}
    now = {"outside": -750, "deposit": 550, "locked": 200, "fund": -70, "buyers": 70}
    assert at(9) == at(10**6) == now
    assert amounts(queries.balances(np.array([SELLER]))) == now
    assert len(queries.balance_at(999, START)) == 0


@pytest.mark.usefixtures("story")
def test_a_late_posting_does_not_change_what_the_book_said() -> None:
    before = amounts(queries.balance_at(SELLER, second(4)))
    acts.post_all(postings([Asked(SELLER, 50, amount=1, at=START_US + SECOND)]))
    assert amounts(queries.balance_at(SELLER, second(4))) == before
    assert queries.statement(SELLER, limit=1)[0].at == second(9)
    assert queries.check() == []


@pytest.mark.usefixtures("story")
def test_totals_are_sums_over_books_by_currency() -> None:
    acts.open_books(np.array([8]), "BRL", at=START)
    acts.post_all(postings([Asked(8, 60, amount=4)]))
    rows = queries.trial_balance()
    found = {(r.currency, r.account.name): r.sum_minor for r in rows if r.sum_minor}
    assert found == {
        ("BRL", "OUTSIDE"): -4, ("BRL", "DEPOSIT"): 4,
        ("CNY", "OUTSIDE"): -750, ("CNY", "DEPOSIT"): 550, ("CNY", "LOCKED"): 200,
        ("CNY", "FUND"): -160, ("CNY", "BUYERS"): 160,
    }  # fmt: skip
    assert {(r.currency, r.books) for r in rows} == {("BRL", 1), ("CNY", 2)}
    assert len(rows) == 16


@pytest.mark.usefixtures("story")
def test_debtors_come_deepest_first() -> None:
    assert queries.debtors().seller_id.tolist() == [5, SELLER]
    assert queries.debtors(limit=1).fund.tolist() == [-90]


@pytest.mark.usefixtures("story")
def test_every_posting_is_exported_once_in_order() -> None:
    rows = [row for part in queries.all_postings(rows_at_once=3) for row in part]
    assert [row[:2] for row in rows] == [(3, n) for n in range(1, 8)] + [(5, 1)]
    assert {row[3] for row in rows} == {"CNY"}


LAST_LINE = "seller_id = 3 AND seq = 7"
HOLD_LINE = "seller_id = 3 AND seq = 2"
FREED_LINE = "seller_id = 3 AND seq = 5"
HOLD_1 = "hold = '00000000-0000-0001-0000-000000000003'"
HOLD_2 = "hold = '00000000-0000-0002-0000-000000000006'"
# What is planted, and which laws must name it, with what they want and what they find.
CORRUPTIONS = {
    "a balance moved by hand": (
        ["UPDATE ledger_book SET deposit = 549, reserve = 1 WHERE seller_id = 3"],
        {("balance", "deposit", 550, 549), ("balance", "reserve", 0, 1)},
    ),
    "a book that does not sum to zero": (
        [
            "ALTER TABLE ledger_book DROP CONSTRAINT ledger_book_sums_to_zero",
            "UPDATE ledger_book SET deposit = 549 WHERE seller_id = 3",
        ],
        {("sum", "book", 0, -1), ("balance", "deposit", 550, 549)},
    ),
    "an account below its floor": (
        [
            "ALTER TABLE ledger_book DROP CONSTRAINT ledger_book_floors",
            "UPDATE ledger_book SET refunds = -5, penalty = 5 WHERE seller_id = 3",
        ],
        {("floor", "refunds", 0, -5), ("balance", "refunds", 0, -5), ("balance", "penalty", 0, 5)},
    ),
    "a line changed": (
        [f"UPDATE ledger_posting SET amount = 71, target_after = 71 WHERE {LAST_LINE}"],
        {
            ("balance", "fund", -71, -70), ("balance", "buyers", 71, 70),
            ("running", "seq 7 account 4", -71, -70),
        },
    ),
    "a line taken out": (
        ["DELETE FROM ledger_posting WHERE seller_id = 3 AND seq = 6"],
        {
            ("seq", "seq", 7, 6), ("balance", "buyers", 320, 70),
            ("balance", "outside", -1000, -750),
            ("running", "seq 7 account 5", 320, 70),
        },
    ),
    "a line of no book": (
        ["UPDATE ledger_posting SET seller_id = 4 WHERE seller_id = 5"],
        {
            ("no_book", "postings", 0, 1), ("balance", "fund", 0, -90),
            ("balance", "buyers", 0, 90), ("seq", "seq", 1, 0),
            ("clock", "book", 0, START_US + 9 * SECOND),
        },
    ),
    "a clock set back": (
        ["UPDATE ledger_posting SET at = at - interval '6 s' WHERE seller_id = 3 AND seq = 7"],
        {
            ("clock", "seq 7", START_US + 5 * SECOND, START_US + 3 * SECOND),
            ("clock", "book", START_US + 5 * SECOND, START_US + 9 * SECOND),
        },
    ),
    "a book's clock behind its lines": (
        ["UPDATE ledger_book SET last_at = last_at - interval '1 s' WHERE seller_id = 5"],
        {("clock", "book", START_US + 9 * SECOND, START_US + 8 * SECOND)},
    ),
    "what a hold freed sent elsewhere": (
        [
            f"UPDATE ledger_posting SET target = 3, target_after = 50 WHERE {FREED_LINE}",
            "UPDATE ledger_book SET deposit = 500, reserve = 50 WHERE seller_id = 3",
        ],
        {("hold_back", "seq 5", 1, 3)},
    ),
    "money captured after its hold ran out": (
        [
            f"UPDATE ledger_hold SET expires_at = '2026-01-01 00:00:04Z' WHERE {HOLD_1}",
            f"UPDATE ledger_posting SET expires_at = '2026-01-01 00:00:04Z' WHERE {HOLD_LINE}",
        ],
        {("hold_back", "seq 4", START_US + 4 * SECOND, START_US + 5 * SECOND)},
    ),
    "a hold made smaller": (
        [f"UPDATE ledger_hold SET amount = 150 WHERE {HOLD_2}"],
        {
            ("locked", "locked", 150, 200),
            ("hold_made", "hold 00000000-0000-0002-0000-000000000006", 200, 150),
        },
    ),
    "a hold closed without a posting": (
        [f"UPDATE ledger_hold SET state = 2 WHERE {HOLD_2}"],
        {
            ("locked", "locked", 0, 200),
            ("hold_resolved", "hold 00000000-0000-0002-0000-000000000006", 0, 200),
        },
    ),
    "a captured sum forgotten": (
        [f"UPDATE ledger_hold SET captured = 0 WHERE {HOLD_1}"],
        {("hold_resolved", "hold 00000000-0000-0001-0000-000000000003", 300, 300)},
    ),
    "a hold taken out": (
        [f"DELETE FROM ledger_hold WHERE {HOLD_2}"],
        {
            ("locked", "locked", 0, 200),
            ("hold_made", "hold 00000000-0000-0002-0000-000000000006", 200, 0),
        },
    ),
    "locked money moved past its hold": (
        ["UPDATE ledger_posting SET op = 0 WHERE seller_id = 3 AND seq = 5"],
        {
            ("locked_by_holds", "seq 5", 0, 50),
            ("hold_resolved", "hold 00000000-0000-0001-0000-000000000003", 250, 300),
        },
    ),
}  # fmt: skip


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_check_names_what_was_planted(name: str) -> None:
    statements, wanted = CORRUPTIONS[name]
    assert queries.check() == []
    with cursor("owner") as owner:
        # Tables are altered for good; the constraints come back below.
        for statement in statements:
            owner.execute(statement)
        found = queries.check()
        for statement in statements:
            if statement.startswith("ALTER"):
                _restore(owner)
    assert {(b.law, b.detail, b.expected, b.found) for b in found} == wanted
    assert all(str(b.seller_id) in b.says("zh") and b.says("en") != b.says("zh") for b in found)


def _restore(owner: object) -> None:
    """Put the dropped constraints back, as the migration has them."""
    owner.execute("TRUNCATE ledger_book")  # type: ignore[attr-defined]
    for name, text in {
        "ledger_book_sums_to_zero": "outside + deposit + locked + reserve + fund + buyers"
        " + refunds + penalty = 0",
        "ledger_book_floors": "buyers >= 0 AND deposit >= 0 AND locked >= 0 AND reserve >= 0 AND"
        " fund <= 0 AND penalty >= 0 AND refunds >= 0",
    }.items():
        owner.execute(f"ALTER TABLE ledger_book DROP CONSTRAINT IF EXISTS {name}")  # type: ignore[attr-defined]
        owner.execute(f"ALTER TABLE ledger_book ADD CONSTRAINT {name} CHECK ({text})")  # type: ignore[attr-defined]


def test_every_law_is_broken_by_some_planted_corruption() -> None:
    planted = {law for _, wanted in CORRUPTIONS.values() for law, *_ in wanted}
    assert planted == set(LAWS)
