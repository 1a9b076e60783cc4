"""The promise as examples a lawyer can read, through intake and sweep, under the shipped pack."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.orders.making import batch
from xiaobao.database import sets
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.orders.acts import find_breaches, record_facts
from xiaobao.orders.facts import BreachKind, CancelReason, Ground, Route

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Market

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
]


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def _row(told: dict[str, Any]) -> dict[str, Any]:
    row = {"seller": "shop", "order": "A"} | {k: v for k, v in told.items() if k != "recorded"}
    row |= {name: fen(row[name]) for name in ("goods", "amount") if name in row}
    if row["fact"] == "placed":
        row |= {"buyer": "buyer", "currency": "CNY", "freight": 1_000}
        row["route"] = int(Route[row.get("route", "same_region").upper()])
    if "reason" in row:
        row["reason"] = int(CancelReason[row["reason"].upper()])
    return row


def _recorded(told: dict[str, Any]) -> datetime:
    moment: datetime = told.get("recorded", told["at"])
    return moment


@pytest.mark.parametrize("case", CASES)
def test_a_case(case: dict[str, Any], cn: Market) -> None:
    told = sorted(case["facts"], key=_recorded)
    for at, together in groupby(told, key=_recorded):
        record_facts(batch([_row(one) for one in together]), market_id=cn.market_id, at=at)
    until = us_of(_recorded(told[-1])) + 60 * 24 * 3_600_000_000
    while len(find_breaches(until_us=until, limit=100)):
        pass
    rows = sets.fetch_rows(
        "SELECT order_id, kind, due_at, owed_minor, buyer_minor, platform_minor, ground "
        "FROM orders_breach ORDER BY due_at, order_id, kind"
    )
    assert rows == [
        (
            id_of(one.get("order", "A")), BreachKind[one["breach"].upper()], one["due"],
            fen(one["owed"]), fen(one["buyer"]), fen(one["platform"]),
            Ground[one["ground"].upper()],
        )
        for one in case["expect"]
    ]  # fmt: skip
