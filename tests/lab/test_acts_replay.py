"""The lived marketplace replayed under the packs that were in force: what really happened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from xiaobao.cli.main import run_command
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.clocks import DAY_US
from xiaobao.lab.generate.marketplace import generate
from xiaobao.lab.generate.plans import Plan
from xiaobao.lab.happened.beside import beside
from xiaobao.lab.history.lake import Lake
from xiaobao.lab.history.stored import StoredHistory
from xiaobao.promises.packs import read_files
from xiaobao.sellers.facts import Standing
from xiaobao.work.life import live

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.lab.engines.question import History

LIVED = Plan(seed=7, sellers=30, orders=1500, days=40)
# What the rules decided in that marketplace, by what is compared of it.
COUNTS = {
    "breaches": 438, "proposals": 16, "rulings": 14, "violations": 25, "points": 6, "penalties": 8,
    "exits": 9, "asked": 69, "shortfalls": 30,
}  # fmt: skip


def quietly(done: int, total: int, words: str = "") -> None:
    assert done <= total, words


def compared(history: History) -> dict[str, int]:
    """Every outcome as it stands is what a replay makes of it; how many of each."""
    counts, differences = beside(history, progress=quietly)
    assert differences == []
    assert [(one.happened, one.same, one.differ) for one in counts] == [
        (one.replayed, one.replayed, 0) for one in counts
    ]
    return {one.key: one.happened for one in counts}


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
    assert compared(StoredHistory("cn", 3)) == COUNTS
    told = asked(capsys, "lab", "replay")
    assert told["ok"]
    assert {one["key"]: one["same"] for one in told["outcomes"]} == COUNTS

    # The same from Parquet, whatever the number of buckets.
    lake = tmp_path / "lake"
    export = ("lab", "export", "--out", str(lake), "--buckets", "2")
    first = asked(capsys, *export)
    assert first["orders"] > 800
    assert first["parts"] == first["parts_written"] > 2
    assert compared(Lake(lake)) == COUNTS

    # A history that ends ten days sooner is another one, and every difference is said.
    manifest = lake / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    shorter = json.loads(whole)
    shorter["horizon_us"] -= 10 * DAY_US
    manifest.write_text(json.dumps(shorter), encoding="utf-8")
    counts, differences = beside(Lake(lake), progress=quietly)
    later = {one.key: one.differ for one in counts}
    assert later["breaches"] == counts[0].happened - counts[0].replayed > 0
    assert later["rulings"] == 0
    assert {one.replayed for one in differences if one.outcome == "breaches"} == {None}
    manifest.write_text(whole, encoding="utf-8")

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
    [(total,)] = fetch_rows(
        "SELECT sum(buyer_minor)::bigint FROM orders_breach WHERE is_paid_by_itself"
    )
    assert same["money"]["old"]["to_buyers_minor"] == total
    assert asked(capsys, "lab", "compare", "--pack", "cn", "--lake", str(lake)) == same

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
