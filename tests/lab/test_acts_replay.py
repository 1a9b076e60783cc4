"""The lived marketplace replayed under the packs that were in force: what really happened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.lab.happening import check_remembered
from xiaobao.cli.main import run_command
from xiaobao.database.sets import execute, fetch_columns, fetch_rows
from xiaobao.kernel.clocks import zone_of
from xiaobao.lab.generate.marketplace import generate
from xiaobao.lab.generate.plans import Plan
from xiaobao.lab.history.lake import Lake
from xiaobao.lab.history.stored import StoredHistory
from xiaobao.lab.replay.breaches import Breaches, breaches_under
from xiaobao.lab.replay.policies import policy_in_force
from xiaobao.promises.packs import read_files
from xiaobao.sellers.facts import Standing
from xiaobao.work.life import live

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.lab.engines.question import History

LIVED = Plan(seed=7, sellers=30, orders=1500, days=40)
SPEC = {
    "seller_id": "i8", "order_id": "i8", "kind": "i2", "clock": "i2", "buyer_id": "i8",
    "ordered_day": "i4", "due_us": "ts", "ground": "i2", "base_minor": "i8", "owed_minor": "i8",
    "buyer_minor": "i8", "platform_minor": "i8", "is_paid_by_itself": "bool",
}  # fmt: skip
FOUND = (
    "SELECT seller_id, order_id, kind, clock, buyer_id, ordered_day, due_at, ground, base_minor, "
    "owed_minor, buyer_minor, platform_minor, is_paid_by_itself FROM orders_breach "
    "ORDER BY seller_id, order_id, kind"
)

COUNTS = {"violations": 24, "penalties": 7, "forced_exits": 1, "claims": 14, "exits": 7}


def quietly(done: int, total: int, words: str = "") -> None:
    assert done <= total, words


def replayed(history: History) -> Breaches:
    policy = policy_in_force(history.place)
    zone = zone_of(history.place.zone)
    found = Breaches.concat(
        [breaches_under(history.stretches(b), [policy], zone)[0] for b in range(history.buckets)]
    )
    found = found.take(found.due_us <= history.place.horizon_us)
    return found.take(np.lexsort((found.kind, found.order_id, found.seller_id)))


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    status = run_command([*arguments, "--json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    told: dict[str, Any] = json.loads(said.out)
    return told


def draft_of(tmp_path: Path) -> str:
    """The pack in force, and from 1 May 2026 more for late shipping and a longer quiet time."""
    folder = tmp_path / "draft"
    folder.mkdir()
    files = read_files("cn")
    head = files["pack.toml"].replace('version = "2025-09-05"', 'version = "2026-05"', 1)
    files["pack.toml"] = head.replace(
        "announced = 2025-08-21\neffective = 2025-09-05",
        "announced = 2026-04-01\neffective = 2026-05-01",
    )
    files["compensation.csv"] += (
        "late_shipment,2026-05-01,,true,800,500,5000,0,3000,half_up,true,cn.ship.late,house,low\n"
    )
    files["clocks.csv"] += "exit_quiet,2026-05-01,,45,days,0,0,cn.deposit.refund,house,low\n"
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return str(folder)


@pytest.mark.usefixtures("committed")
def test_replay_of_a_lived_marketplace_is_what_happened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(generate(LIVED), progress=quietly)
    happened = fetch_columns(FOUND, None, SPEC)
    assert len(happened["kind"]) > 100
    stored = replayed(StoredHistory("cn", 3))
    for name, column in happened.items():
        assert getattr(stored, name).tolist() == column.tolist(), name

    # The same from Parquet, whatever the number of buckets.
    lake = tmp_path / "lake"
    export = ("lab", "export", "--out", str(lake), "--buckets", "2")
    first = asked(capsys, *export)
    assert first["orders"] > 800
    assert first["parts"] == first["parts_written"] > 2
    from_lake = replayed(Lake(lake))
    for name in set(Breaches.names()) - {"order_no"}:  # counts within its bucket
        assert getattr(from_lake, name).tolist() == getattr(stored, name).tolist(), name

    # Again, and nothing is written; one more fact, and only its partition is.
    assert asked(capsys, *export)["parts_written"] == 0
    execute(
        "UPDATE orders_order SET facts = facts + 1 WHERE (seller_id, order_id) IN "
        "(SELECT seller_id, order_id FROM orders_order WHERE ordered_at < 'infinity' LIMIT 1)"
    )
    assert asked(capsys, *export)["parts_written"] == 1

    # What was in force against itself: nothing changes; the same from both sources.
    same = asked(capsys, "lab", "compare", "--pack", "cn")
    assert same["outcomes"]["changed"] == 0
    assert same["cases"] == []
    assert same["money"]["old"] == same["money"]["new"]
    total = int(happened["buyer_minor"][happened["is_paid_by_itself"]].sum())
    assert same["money"]["old"]["to_buyers_minor"] == total
    assert asked(capsys, "lab", "compare", "--pack", "cn", "--lake", str(lake)) == same

    # Whatever has memory comes out as it did: claims ruled by rule, violations and points,
    # penalties, forced exits, checks of exits, deposits and debts.
    assert check_remembered(StoredHistory("cn", 3)) == COUNTS
    assert check_remembered(Lake(lake)) == COUNTS

    # What is asked of those inside at the end, and who is short, is what stands.
    [(required, short, debt, sellers, left)] = fetch_rows(
        "SELECT sum(required_minor) FILTER (WHERE s.state IN (3, 4, 5))::bigint, "
        "count(*) FILTER (WHERE short_since IS NOT NULL), -sum(b.fund)::bigint, "
        "count(*), count(*) FILTER (WHERE s.state = %s) "
        "FROM sellers_seller s JOIN ledger_book b USING (seller_id) "
        "LEFT JOIN deposits_requirement USING (seller_id)",
        [Standing.EXITED.value],
    )
    assert left == 3
    month = same["deposits"][-1]["month"]
    last = [row["old"] for row in same["deposits"] if row["month"] == month]
    assert [row["new"] for row in same["deposits"] if row["month"] == month] == last
    assert sum(row["sellers"] for row in last) == sellers - left
    assert sum(row["short_sellers"] for row in last) == short
    assert sum(row["required_minor"] for row in last) == required
    assert same["fund"]["by_month"][-1]["old"]["owed_minor"] == debt

    # What persons and parties decided about claims is kept as it is; what rules did, is not.
    [(decided, settled, by_rule)] = fetch_rows(
        "SELECT count(*) FILTER (WHERE by NOT IN (1, 4)), (SELECT count(*) FROM claims_claim "
        "WHERE state = 12), count(*) FILTER (WHERE by IN (1, 4)) FROM (SELECT DISTINCT ON "
        "(seller_id, claim_id) by FROM hearings_ruling ORDER BY seller_id, claim_id, round DESC) r"
    )
    kept = [row["cases"] for row in same["kept"] if not row["is_waiting"]]
    assert sum(kept) == decided + settled
    assert sum(row["cases"] for row in same["claims"]["by_kind"]) == by_rule
    assert same["claims"]["decided_otherwise"] == same["exits"]["changed"] == 0

    # A draft for next year is asked what it says there, as if that had always held.
    draft = draft_of(tmp_path)
    ahead = asked(capsys, "lab", "compare", "--pack", draft)
    assert ahead["period"]["as_of_day"] == "2026-05-01"
    assert ahead["outcomes"]["by_change"]["more"]["cases"] > 0
    assert ahead["exits"]["by_change"]["delayed"]["exits"] > 0
    moment = ahead["period"]["as_of"]
    assert asked(capsys, "lab", "compare", "--pack", draft, "--as-of", moment) == ahead

    # The page says it in both languages, whole in one file.
    page = tmp_path / "page.html"
    asked(capsys, "lab", "compare", "--pack", "cn", "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 10
    assert "<script" not in text
    assert "http" not in text
    for words in ("作弊合算吗", "Does cheating pay", "延迟发货", "late shipment"):
        assert words in text

    # Refused with the reason, and nothing said.
    assert run_command(["lab", "compare", "--pack", "no-such-pack"]) == 1
    assert run_command(["lab", "compare", "--pack", "olist"]) == 1
    assert run_command(["lab", "compare", "--pack", "cn", "--lake", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    for words in ("no-such-pack", "olist", "manifest.json"):
        assert words in said.err
