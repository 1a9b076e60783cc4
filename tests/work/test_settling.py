"""A backlog settled by several at once leaves what one alone would leave, row for row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.work.living import UNTIL, open_marketplace, standing
from xiaobao.advances import acts as advances
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.work import settling
from xiaobao.work.checking import check_money
from xiaobao.work.run import run

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.advances.facts import SettleReport
    from xiaobao.kernel.references import Part


def lived(workers: int, home: Path) -> tuple[dict[str, Any], dict[str, list[str]]]:
    open_marketplace(orders=250, days=2)
    report = run(UNTIL, gateway=TestGateway(home), workers=workers).as_dict()
    return report, standing()


def emptied() -> None:
    with cursor("owner") as owner:
        tables = owner.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
        ).fetchall()
        owner.execute(f"TRUNCATE {tables[0][0]} RESTART IDENTITY CASCADE")


@pytest.mark.usefixtures("committed")
def test_many_leave_what_one_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied()  # both count their versions from one, whatever ran before
    alone = lived(1, tmp_path / "alone")
    assert alone[0]["this_run"]["breaches_found"] > 100
    emptied()
    monkeypatch.setattr(settling, "MANY", 8)
    settle, found = advances.settle_due_breaches, set()

    def noted(*, until_us: int, limit: int, part: Part) -> SettleReport:
        done = settle(until_us=until_us, limit=limit, part=part)
        if done.found:
            found.add(part)
        return done

    monkeypatch.setattr(advances, "settle_due_breaches", noted)
    together = lived(3, tmp_path / "together")
    assert {part.number for part in found if part.of == 3} == {0, 1, 2}
    assert together[0] == alone[0]
    for table, rows in alone[1].items():
        assert together[1][table] == rows, table
    assert check_money() == []
    assert fetch_rows("SELECT count(DISTINCT mod(seller_id, 3)) FROM orders_breach") == [(3,)]
