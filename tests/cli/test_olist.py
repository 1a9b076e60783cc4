"""Real orders through the guarantee: imported, lived through, and compared to the centavo."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.conftest import SHARED
from tests.database.homes import Home
from xiaobao.database.embedded import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

OLIST = SHARED / "data" / "olist"
pytestmark = pytest.mark.skipif(
    not OLIST.exists(), reason="the Olist set does not lie beside the project"
)
END = "2018-12-31T00:00:00Z"
# What the pack that switches from A to B pays, as the set's own figures name it.
SWITCH = "policy_A_before_20180301_then_B_by_purchase_time"
BY_SELLER = """
    SELECT s.name, count(*), sum(b.buyer_minor)::bigint FROM orders_breach b
    JOIN sellers_seller s USING (seller_id) GROUP BY s.name ORDER BY 3 DESC, 1 LIMIT %s
"""
EVERYTHING = """
    SELECT (SELECT count(*) FROM orders_fact), (SELECT count(*) FROM orders_breach),
           (SELECT count(*) FROM ledger_posting), (SELECT count(*) FROM advances_payout),
           (SELECT count(*) FROM outbox_event), (SELECT count(*) FROM sellers_seller)
"""


@pytest.fixture
def home() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="xb-olist-"))
    folder.chmod(0o755)
    made = Home(folder / "home")
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


def xiaobao(home: Home, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", "from xiaobao.cli.main import main; main()", *arguments, "--json"],
        capture_output=True, text=True, check=False, env=home.environment(),
    )  # fmt: skip
    crashes = "".join(file.read_text() for file in home.path.glob("crash-*.log"))
    assert done.returncode == 0, done.stderr + crashes
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def rows(home: Home, query: str, *params: object) -> list[tuple[Any, ...]]:
    server = EmbeddedServer(home.where)
    server.ensure_running()
    with psycopg.connect(server.url) as connection:
        found = connection.execute(query, params).fetchall()
    server.let_go()
    return found


def centavos(reais: str) -> int:
    return int(Decimal(reais) * 100)


def compare_policies(home: Home, expected: dict[str, Any]) -> None:
    """The lab's figures over the imported orders, before any clock has fired: A, B, the switch."""
    b_for_a = xiaobao(home, "lab", "compare", "--pack", "olist-b", "--against", "olist-a")
    switch = xiaobao(home, "lab", "compare", "--pack", "olist")
    assert b_for_a["orders"] == switch["orders"] == expected["order_seller_pairs"]
    for found in (b_for_a, switch):
        assert found["outcomes"]["broken_under_either"] == expected["late_ship_pairs"]
        assert [row["promise"] for row in found["by_promise"]] == ["late_shipment"]
    paid = b_for_a["money"]
    assert paid["old"]["to_buyers_minor"] == centavos(expected["policy_A_30pct_cap500"])
    assert paid["new"]["to_buyers_minor"] == centavos(expected["policy_B_5pct_min1_cap30"])
    assert switch["money"]["new"]["to_buyers_minor"] == centavos(expected[SWITCH])
    assert b_for_a["cheating"]["rows"][0]["old"]["bad_sales"] == expected["late_ship_pairs"]
    assert len(b_for_a["cases"]) == 50
    # The largest cap under A against the largest under B.
    assert b_for_a["cases"][0]["old"]["minor"] == 50_000
    assert b_for_a["cases"][0]["new"]["minor"] == 3_000


def test_late_shipments_and_compensation_equal_the_figures(home: Home) -> None:
    """Under the switch, which holds both policies; what each alone costs is asked of the lab.

    The sweep's own test finds each alone over all these orders.
    """
    expected = json.loads((OLIST / "expected.json").read_text())
    first = xiaobao(home, "import", "olist", str(OLIST), "--pack", "olist")
    assert first["orders"] == expected["rows"]["orders"]
    assert first["items"] == expected["rows"]["items"]
    assert first["order_seller_pairs"] == first["orders_new"] == expected["order_seller_pairs"]
    assert first["skipped"] == {"olist_orders": {"order_without_items": 550}}
    assert first["facts_known"] == 0
    [written] = first["skipped_written_to"]
    assert len(Path(written).read_text().splitlines()) == 551
    [(shipped,)] = rows(home, "SELECT count(*) FROM orders_fact WHERE kind = 5")
    assert shipped == expected["shipped_pairs"] == 72_265

    compare_policies(home, expected)
    lived = xiaobao(home, "run", "--until", END)
    late = lived["by_promise"]["late_shipment"]
    total = centavos(expected[SWITCH])
    assert list(lived["by_promise"]) == ["late_shipment"]
    assert late["count"] == expected["late_ship_pairs"] == 6_338
    assert late["total"] == {"amount": total, "currency": "BRL"}
    assert lived["paid_to_buyers"] == {"amount": total, "currency": "BRL"}
    told = [
        {"seller": name, "late": count, "amount": f"{amount / 100:.2f}"}
        for name, count, amount in rows(home, BY_SELLER, 10)
    ]
    assert told == expected["top10_sellers"]

    before = rows(home, EVERYTHING)
    again = xiaobao(home, "import", "olist", str(OLIST), "--pack", "olist")
    assert (again["facts_new"], again["orders_new"], again["sellers_enrolled"]) == (0, 0, 0)
    assert again["facts_known"] == first["facts_new"]
    assert again["contradictions"] == first["contradictions"]
    relived = xiaobao(home, "run", "--until", END)
    assert relived | {"this_run": 0} == lived | {"this_run": 0}
    assert rows(home, EVERYTHING) == before
    assert xiaobao(home, "doctor")["broken"] == []
