"""Order-promise evaluations a second, end to end from Parquet, beside what could be at most.

    python benchmarks/lab.py [--orders 1000000] [--orders 10000000 …] [--rounds 3] [--lake DIR]
                             [--streamed 100000000]

An evaluation is one promise of one order judged under one policy. `lab compare` judges every order
under two packs with different clocks, so each order is sixteen. The lake is generated bucket by
bucket and kept in a temporary folder (or in DIR, and used again); one that is streamed is never on
the disk whole. Beside it, in the same run:

- a bare DuckDB scan of the same columns: the limit of what reading alone allows;
- a DuckDB `CASE` of late shipping alone, what a query written by hand for one promise costs;
- zen-engine evaluating an equivalent decision table for late shipping, in its batch call;
- the same rules called one order at a time.

Each figure is taken in a process of its own, with its time and peak memory. Medians of rounds are
printed as Markdown tables. Group `bench` must be installed: uv sync --group bench.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parents[1]))
HOUR = 3_600_000_000
DAY = 24 * HOUR
# 2024-10-01 in Shanghai; terms change within the year that follows.
START = 1_727_712_000_000_000
DAYS = 365
BUCKET = 250_000
PROMISES = 8
SINGLES = 300
CASES = 20_000
# What one core is given of a lake that is streamed: the whole would take it most of an hour.
ALONE = 10_000_000


def lake(root: Path, orders: int) -> None:
    """Generate a lake of so many orders over a year.

    Two scans each; a tenth are late, one in twenty-five stalls, one in fifty is called off.
    """
    parts = []
    for bucket in range(_buckets(orders)):
        parts += _bucket(root, orders, bucket)
    _manifest(root, orders, parts)


def _buckets(orders: int) -> int:
    return max(8, -(-orders // BUCKET))


def _bucket(root: Path, orders: int, bucket: int) -> list[dict[str, int]]:
    """One bucket of sellers, month by month; what a manifest says of it."""
    import numpy as np

    from xiaobao.kernel.columns import FAR_US
    from xiaobao.lab.history.lake import write_rows, write_stretch
    from xiaobao.lab.history.shapes import month_of
    from xiaobao.lab.history.tables import TABLES, Sellers, Stays, none_of

    buckets = _buckets(orders)
    count = orders // buckets + (bucket < orders % buckets)
    rng = np.random.default_rng(bucket)
    seller_id = np.sort(rng.integers(1, max(count // 50, 2), count)) * buckets + bucket
    day = rng.integers(0, DAYS, count)
    month = month_of(day + START // DAY + 1)
    parts = []
    for number in np.unique(month).tolist():
        rows = month == number
        stretch = _stretch(number, seller_id[rows], day[rows], rng)
        write_stretch(root, stretch, bucket, [f"O{n}" for n in range(len(stretch))])
        parts.append({"month": number, "bucket": bucket, "orders": len(stretch), "facts": 0})
    ids = np.unique(seller_id)
    none = np.zeros(len(ids), np.int64)
    write_rows(root, Sellers(ids, none, none + START), bucket, [f"S{n}" for n in ids.tolist()])
    write_rows(root, Stays(ids, none + START, none + FAR_US), bucket)
    for table in TABLES:
        if table not in (Sellers, Stays):
            write_rows(root, none_of(table), bucket)
    return parts


def _manifest(root: Path, orders: int, parts: list[dict[str, int]]) -> None:
    from xiaobao.lab.history.lake import place_as_json, write_manifest
    from xiaobao.lab.history.shapes import SCHEMA_VERSION, Place
    from xiaobao.promises.facts import Category
    from xiaobao.promises.packs import read_files

    place = Place(
        "cn", 1, "CNY", "Asia/Shanghai", ((0, Category("general", "", "通用", "general")),), "cn",
        ({"name": "cn", "version": "bench", "sha256": "", "files": read_files("cn")},),
        START + 2 * DAYS * DAY,
    )  # fmt: skip
    head = {"schema_version": SCHEMA_VERSION, "buckets": _buckets(orders), "parts": parts}
    write_manifest(root, {**head, **place_as_json(place)})


def _stretch(month: int, seller_id: Any, day: Any, rng: Any) -> Any:
    import numpy as np

    from xiaobao.kernel.columns import FAR_US
    from xiaobao.lab.history.shapes import JUDGED, Stretch, states_from
    from xiaobao.orders.facts import Details, FactKind

    count = len(seller_id)
    far = np.full(count, FAR_US)
    ordered = START + day * DAY + rng.integers(0, DAY, count)
    paid = ordered + rng.integers(0, HOUR, count)
    label = paid + rng.integers(1, 30, count) * HOUR
    shipped = np.where(rng.random(count) < 0.1, paid + 60 * HOUR, label + 6 * HOUR)
    is_off = rng.random(count) < 0.02
    shipped = np.where(is_off, FAR_US, shipped)
    pause = np.where(rng.random(count) < 0.04, 40, rng.integers(5, 23, count)) * HOUR
    second = np.where(is_off, FAR_US, shipped + pause)
    done = np.where(is_off, FAR_US, second + 20 * HOUR)
    columns = dict.fromkeys(JUDGED, np.zeros(count, np.int64))
    columns |= {
        "seller_id": seller_id, "order_id": rng.integers(1, 2**62, count),
        "buyer_id": rng.integers(1, 2**62, count), "goods_minor": rng.integers(900, 90_000, count),
        "freight_minor": np.full(count, 800), "route": rng.integers(0, 3, count),
        "ordered_us": ordered, "ship_by_us": far, "paid_us": paid,
        "labelled_us": np.where(is_off, FAR_US, label), "first_scan_us": shipped,
        "delivered_us": done, "signed_us": done, "completed_us": done,
        "cancelled_us": np.where(is_off, paid + 20 * HOUR, FAR_US), "return_shipped_us": far,
        "return_received_us": far, "refund_asked_us": far,
    }  # fmt: skip
    row = np.repeat(np.flatnonzero(~is_off), 2)
    at = np.stack([shipped, second], axis=1)[~is_off].reshape(-1)
    none = np.zeros(len(row), np.int64)
    details = Details(row, none + FactKind.SCANNED, at, at, none, np.repeat(row, 2)[: len(row)])
    zero = np.zeros(count, np.int64)
    return Stretch(
        month, states_from(columns, 1), day + START // DAY, zero, zero + FAR_US, details
    )  # fmt: skip


def other_pack() -> Path:
    """The default pack with other clocks, so that nothing is judged once for both."""
    from xiaobao.promises.packs import read_files

    folder = Path(tempfile.mkdtemp(prefix="xb-pack-"))
    for name, text in read_files("cn").items():
        changed = text.replace("ship_hours = 48", "ship_hours = 40")
        (folder / name).write_text(changed, encoding="utf-8")
    return folder


# -- what is measured, each in a process of its own ---------------------------------------------


def compare(root: Path, cores: int) -> int:
    return _compared(root, cores, None)


def judged(root: Path, cores: int) -> int:
    """The same without deposits, whose cost is of sellers and days, not of orders."""
    return _compared(root, cores, 0)


def _compared(root: Path, cores: int, since_us: int | None) -> int:
    from xiaobao.lab.comparing import Asked, question_of
    from xiaobao.lab.engines import local
    from xiaobao.lab.history.lake import Lake

    history = Lake(root)
    folder = other_pack()
    question = question_of(history, Asked(new=str(folder), since_us=since_us))
    tally = local.answer(history, question, processes=cores, progress=lambda *_: None)
    shutil.rmtree(folder)
    orders = sum(sums[0] for sums in tally.cubes["sales"].values())
    return orders * PROMISES * 2


def _duckdb(cores: int) -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {cores}")
    return connection


def scan(root: Path, cores: int) -> int:
    """Read every column that the rules read, and add it up."""
    from xiaobao.lab.history.shapes import DETAILS, ORDERS

    connection = _duckdb(cores)
    for table, schema in (("orders", ORDERS), ("details", DETAILS)):
        names = [name for name in schema.names if name != "order_name"]
        sums = ", ".join(f"sum({name})" for name in names)
        connection.execute(f"SELECT {sums} FROM '{root}/{table}/*/*/*.parquet'").fetchall()
    [(orders,)] = connection.execute(
        f"SELECT count(*) FROM '{root}/orders/*/*/*.parquet'"
    ).fetchall()
    return int(orders) * PROMISES * 2


_LATE = """
    SELECT count(*) FILTER (WHERE late), sum(CASE WHEN NOT late THEN 0
        WHEN ordered_us < 1739376000000000 THEN least((goods_minor * 3000 + 5000) // 10000, 50000)
        ELSE least(greatest((goods_minor * 500 + 5000) // 10000, 500), 3000) END)
    FROM (SELECT *, paid_us + {hours} * 3600000000 < least(first_scan_us, delivered_us, signed_us)
        AND cancelled_us > paid_us + {hours} * 3600000000 AS late
        FROM '{root}/orders/*/*/*.parquet')
"""


def by_hand(root: Path, cores: int) -> int:
    """One promise of the eight, by its deadline alone: no groups, caps, labels, reports."""
    connection = _duckdb(cores)
    for hours in (48, 40):
        connection.execute(_LATE.format(root=root, hours=hours)).fetchall()
    [(orders,)] = connection.execute(
        f"SELECT count(*) FROM '{root}/orders/*/*/*.parquet'"
    ).fetchall()
    return int(orders) * 2


def singles(root: Path, cores: int) -> int:
    """The same rules, one order at a time."""
    del cores
    from xiaobao.lab.comparing import Asked, question_of
    from xiaobao.lab.history.lake import Lake
    from xiaobao.lab.replay.breaches import Numbers, piece_under

    history = Lake(root)
    folder = other_pack()
    question = question_of(history, Asked(new=str(folder)))
    shutil.rmtree(folder)
    stretch = next(iter(history.stretches(0)))
    few = next(stretch.pieces(SINGLES))
    begun = time.perf_counter()
    for one in few.pieces(1):
        piece_under(one, (question.old, question.new), Numbers())
    _say(time.perf_counter() - begun, len(few) * PROMISES * 2)
    return -1


_TABLE = {
    "nodes": [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "t", "type": "decisionTableNode", "name": "t", "position": {"x": 1, "y": 0},
            "content": {
                "hitPolicy": "first", "passThrough": False,
                "inputs": [
                    {"id": "late", "name": "late", "field": "moved_hours"},
                    {"id": "off", "name": "off", "field": "cancelled_hours"},
                    {"id": "when", "name": "when", "field": "ordered_us"},
                ],
                "outputs": [{"id": "pays", "name": "pays", "field": "pays"}],
                "rules": [
                    {"_id": "1", "late": "<= 48", "off": "", "when": "", "pays": "0"},
                    {"_id": "2", "late": "", "off": "<= 48", "when": "", "pays": "0"},
                    {"_id": "3", "late": "", "off": "", "when": "< 1739376000000000",
                     "pays": "min([floor((goods_minor * 3000 + 5000) / 10000), 50000])"},
                    {"_id": "4", "late": "", "off": "", "when": "",
                     "pays": "min([max([floor((goods_minor * 500 + 5000) / 10000), 500]), 3000])"},
                ],
            },
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ],
    "edges": [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "t"},
        {"id": "b", "type": "edge", "sourceId": "t", "targetId": "out"},
    ],
}  # fmt: skip


def zen(root: Path, cores: int) -> int:
    """An equivalent decision table for the one promise, all orders in one call."""
    del cores
    import zen as engine_of

    from xiaobao.lab.history.lake import Lake

    stretch = next(iter(Lake(root).stretches(0)))
    f = next(stretch.pieces(CASES)).states
    cases = [
        {"moved_hours": (moved - paid) / HOUR, "cancelled_hours": (off - paid) / HOUR,
         "ordered_us": ordered, "goods_minor": goods}
        for moved, off, paid, ordered, goods in zip(
            f.first_scan_us.tolist(), f.cancelled_us.tolist(), f.paid_us.tolist(),
            f.ordered_us.tolist(), f.goods_minor.tolist(), strict=True,
        )
    ]  # fmt: skip
    decision = engine_of.ZenEngine().create_decision(json.dumps(_TABLE))
    begun = time.perf_counter()
    if hasattr(decision, "evaluate_batch"):
        found = decision.evaluate_batch(cases)
    else:
        found = [decision.evaluate(case) for case in cases]
    _say(time.perf_counter() - begun, len(found))
    return -1


def streamed(orders: int, cores: int) -> None:
    """A lake too large to keep: each bucket is generated, compared and thrown away.

    Only the comparing counts, from Parquet to tally; of several processes the busiest.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    busy: dict[int, float] = {}
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        asked = [(orders, bucket) for bucket in range(_buckets(orders))]
        for process, seconds in pool.map(_compared_once, asked):
            busy[process] = busy.get(process, 0.0) + seconds
    _say(max(busy.values()), orders * PROMISES * 2)


def _compared_once(asked: tuple[int, int]) -> tuple[int, float]:
    from xiaobao.lab.comparing import Asked, question_of
    from xiaobao.lab.engines.asking import answer_of
    from xiaobao.lab.history.lake import Lake
    from xiaobao.lab.tallies.shapes import as_bytes

    orders, bucket = asked
    root = Path(tempfile.mkdtemp(prefix="xb-bucket-"))
    _manifest(root, orders, _bucket(root, orders, bucket))
    folder = other_pack()
    history = Lake(root)
    question = question_of(history, Asked(new=str(folder)))
    begun = time.perf_counter()
    as_bytes(answer_of(history, bucket, question))
    seconds = time.perf_counter() - begun
    shutil.rmtree(root)
    shutil.rmtree(folder)
    return os.getpid(), seconds


WAYS: dict[str, Callable[[Path, int], int]] = {
    "lab compare": compare, "lab compare, no deposits": judged,
    "duckdb scan": scan, "duckdb case, one promise": by_hand,
    "zen-engine, one promise": zen, "one order at a time": singles,
}  # fmt: skip
ON_ONE_CORE = ("zen-engine, one promise", "one order at a time")


def _say(seconds: float, evaluations: int) -> None:
    # Of this process and of those it began, the largest.
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(who).ru_maxrss for who in whose)
    print(json.dumps({"seconds": seconds, "evaluations": evaluations, "peak_kb": peak}))


def _measure(way: str, root: Path, cores: int, orders: int | None) -> None:
    if orders is not None:
        streamed(orders, cores)
        return
    begun = time.perf_counter()
    evaluations = WAYS[way](root, cores)
    if evaluations >= 0:
        _say(time.perf_counter() - begun, evaluations)


def _taken(way: str, root: Path, cores: int, orders: int | None = None) -> dict[str, Any]:
    of = [] if orders is None else ["--streamed", str(orders)]
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, "--lake", str(root), "--cores", str(cores), *of],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    taken: dict[str, Any] = json.loads(done.stdout)
    return taken


def _row(way: str, orders: int, cores: int, rounds: list[dict[str, Any]]) -> str:
    mid = statistics.median(r["seconds"] for r in rounds)
    rate = rounds[0]["evaluations"] / mid
    peak = max(r["peak_kb"] for r in rounds) / 1024
    return f"| {way} | {orders:,} | {cores} | {mid:.2f} | {rate:,.0f} | {peak:,.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--orders", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lake", type=Path)
    parser.add_argument("--streamed", type=int, action="append")
    parser.add_argument("--way")
    parser.add_argument("--cores", type=int)
    asked = parser.parse_args()
    if asked.way:
        _measure(asked.way, asked.lake, asked.cores, asked.streamed and asked.streamed[0])
        return
    print("| what | orders | cores | seconds | evaluations/s | peak MB |")
    print("|---|---:|---:|---:|---:|---:|")
    for orders in asked.orders or [1_000_000]:
        _compare_ways(orders, asked.rounds, asked.lake)
    for orders in asked.streamed or []:
        for cores in (1, os.cpu_count() or 1):
            # Alone, a core is measured on a part: time grows with the orders, memory does not.
            asked = min(orders, ALONE) if cores == 1 else orders
            taken = _taken("streamed", Path(), cores, asked)
            print(_row("lab compare, generated on the fly", asked, cores, [taken]), flush=True)


def _compare_ways(orders: int, rounds: int, kept: Path | None) -> None:
    root = kept or Path(tempfile.mkdtemp(prefix="xb-lake-"))
    if not (root / "manifest.json").exists():
        lake(root, orders)
    runs: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for way in WAYS:
            for cores in (1,) if way in ON_ONE_CORE else (1, os.cpu_count() or 1):
                runs.setdefault((way, cores), []).append(_taken(way, root, cores))
    for (way, cores), taken in runs.items():
        print(_row(way, orders, cores, taken), flush=True)
    if kept is None:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
