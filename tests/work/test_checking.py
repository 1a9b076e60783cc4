"""Planted corruption between the rooms: what causes posted, beside what they should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from tests.work.living import UNRELIABLE, UNTIL, open_marketplace
from xiaobao.advances import queries as advances
from xiaobao.advances.acts import reverse_compensation
from xiaobao.database.sets import cursor, fetch_arrays, fetch_rows
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.work.checking import LAWS, check_money
from xiaobao.work.run import run

if TYPE_CHECKING:
    from pathlib import Path

FIRST = (
    "(seller_id, {key}) = "
    "(SELECT seller_id, {key} FROM {table} WHERE {where} ORDER BY 1, 2 LIMIT 1)"
)


def _one(table: str, key: str, where: str = "true") -> str:
    return FIRST.format(table=table, key=key, where=where)


SPLIT = _one("advances_split", "cause", "buyer_fund > 0 AND buyer_deposit = 0")
PAYOUT = _one("advances_payout", "payout")
BOTH = "buyer_minor > 0 AND platform_minor > 0"
BREACH = (
    "(seller_id, order_id, kind) = (SELECT seller_id, order_id, kind FROM orders_breach "
    f"WHERE {BOTH} ORDER BY 1, 2, 3 LIMIT 1)"
)
STRANGE = "00000000-0000-8000-8000-000000000001"
LODGED = _one("deposits_lodgement", "lodgement", "state = 2")
PAID = _one("ledger_posting", "cause", "leg = 8")
# What is planted, and the laws between the rooms that must name it, as often as they do.
PLANTED = {
    "another source than was posted": (
        f"UPDATE advances_split SET buyer_fund = buyer_fund - 1, buyer_deposit = 1 WHERE {SPLIT}",
        ["cause", "cause"],
    ),
    "a compensation nobody remembers": (
        f"DELETE FROM advances_split WHERE {SPLIT}", ["payout", "cause", "breach"]
    ),
    "a payout of another amount": (
        f"UPDATE advances_payout SET amount = amount + 1 WHERE {PAYOUT}", ["payout", "cause"]
    ),
    "a payout to somebody else": (
        f"UPDATE advances_payout SET buyer_id = 1 WHERE {PAYOUT}", ["payout"]
    ),
    "a payout taken out": (f"DELETE FROM advances_payout WHERE {PAYOUT}", ["payout", "cause"]),
    "money that left, posted under a cause that nobody knows": (
        f"UPDATE ledger_posting SET cause = '{STRANGE}' WHERE {PAID} AND leg = 8",
        ["cause", "cause"],
    ),
    "a payout posted as something else": (
        f"UPDATE ledger_posting SET why = 14 WHERE {PAID} AND leg = 8", ["cause"]
    ),
    "a recovery forgotten": (
        f"DELETE FROM advances_recovery WHERE {_one('advances_recovery', 'cause')}", ["cause"]
    ),
    "a reversal forgotten": ("DELETE FROM advances_reversal", ["cause"]),
    "a breach that paid another sum": (
        f"UPDATE orders_breach SET platform_minor = platform_minor + 1 WHERE {BREACH}", ["breach"]
    ),
    "a lodgement of another amount": (
        f"UPDATE deposits_lodgement SET amount_minor = amount_minor - 1 WHERE {LODGED}",
        ["lodged"],
    ),
    "a lodgement that never came, booked all the same": (
        f"UPDATE deposits_lodgement SET state = 3 WHERE {LODGED}", ["lodged"]
    ),
}  # fmt: skip


def test_the_check_names_whatever_is_planted_between_the_rooms(db: None, tmp_path: Path) -> None:
    open_marketplace(orders=60)
    gateway = TestGateway(tmp_path / "gateway")
    gateway.set_behaviour(UNRELIABLE)
    run(UNTIL, gateway=gateway)
    _reverse_one()
    assert check_money() == []
    for name, (statement, laws) in PLANTED.items():
        with transaction.atomic():
            with cursor() as owner:
                owner.execute("RESET ROLE")
                owner.execute(statement)
                assert owner.rowcount == 1, name
            found = [one for one in check_money() if one.law not in ("balance", "running")]
            transaction.set_rollback(True)
        assert [one.law for one in found] == laws, name
        assert all(one.expected != one.found or laws in (["payout"], ["cause"]) for one in found)
        assert all((one.zh, one.en) == LAWS[one.law] for one in found)
    assert check_money() == []
    assert {law for _, laws in PLANTED.values() for law in laws} == {*advances.LAWS, "lodged"}


def _reverse_one() -> None:
    [(seller_id,)] = fetch_rows(
        "SELECT seller_id FROM advances_split WHERE buyer_deposit > 0 LIMIT 1"
    )
    found = fetch_arrays(
        "SELECT seller_id, cause FROM advances_split WHERE seller_id = %s AND buyer_deposit > 0 "
        "AND buyer_reserve + buyer_fund + platform_deposit + platform_fund = 0 "
        "ORDER BY cause LIMIT 1",
        [seller_id],
        {"seller_id": "i8", "cause": "uuid"},
    )
    assert len(found["seller_id"]) == 1
    moved = reverse_compensation(np.asarray(found["seller_id"]), found["cause_hi"],
                                 found["cause_lo"], at=UNTIL)  # fmt: skip
    assert moved.amount_minor > 0
