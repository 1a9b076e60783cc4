"""How quick the HTTP API is: claims filed, single facts, facts in bulk, the trust page.

    python benchmarks/api.py [--workers 1 2] [--threads 8] [--calls 2000] [--bulk 10000]
                             [--olist DIR]

A market with shops and orders in a temporary home, served by granian as `xiaobao up` does, with so
many worker processes; callers are threads with a connection each, on the same machine. Beside each
figure stands that of the same server answering an empty JSON: the limit of the stack, not ours.
With `--olist` the whole published set goes in too, ten thousand facts a call, one after another.
Every call has its token looked up, is counted, is done once under its key, and is written down.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
# The server reads the wall clock, and so must what it is told.
NOW = datetime.now(tz=UTC).replace(microsecond=0)  # noqa: TID251
SHOPS = 50
HERE = "127.0.0.1"
JSON = {"Content-Type": "application/json"}


def empty(_environ: Any, start: Callable[..., Any]) -> list[bytes]:
    """The limit of the stack: a server that does nothing."""
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


class Served:
    """A server for as long as the block lasts."""

    def __init__(self, target: str, workers: int) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HERE, "--port",
             str(self.port), "--workers", str(workers), "--blocking-threads", "4", "--no-log",
             target],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def __enter__(self) -> Self:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection((HERE, self.port), 0.2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        raise TimeoutError("the server does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)


def world(orders: int) -> tuple[str, str]:
    """Shops that joined, their orders signed for; a client that may call as often as it likes."""
    import numpy as np
    import pyarrow as pa

    from xiaobao.database.opening import open_house

    open_house()
    from xiaobao.deposits import acts as deposits
    from xiaobao.kernel.clocks import us_of
    from xiaobao.orders.acts import record_facts
    from xiaobao.orders.facts import FACT_SCHEMA, FactKind
    from xiaobao.promises import acts as publishing
    from xiaobao.promises import queries as promises
    from xiaobao.sellers import acts as joining
    from xiaobao.work.callers import add_client
    from xiaobao.work.scopes import ClientRole

    joined = NOW - timedelta(days=60)
    publishing.publish_pack("cn", at=joined)
    market = promises.market("cn").market_id
    names = [f"shop-{n}" for n in range(SHOPS)]
    ids = joining.enrol_sellers(names, market_id=market, signed_by="bench", at=joined)
    deposits.quote_deposits(ids, at=joined)
    kinds = [FactKind.PLACED, FactKind.PAID, FactKind.SCANNED, FactKind.SIGNED]
    hours = [72, 71, 60, 24]
    number = np.repeat(np.arange(orders), len(kinds))
    is_placed = np.tile([True, False, False, False], orders)
    columns: dict[str, Any] = {
        "seller": [names[n % SHOPS] for n in number.tolist()],
        "order": [f"o-{n}" for n in number.tolist()],
        "fact": np.tile([int(k) for k in kinds], orders),
        "at": np.tile([us_of(NOW - timedelta(hours=h)) for h in hours], orders),
        "buyer": [f"b-{n}" if p else None
                  for n, p in zip(number.tolist(), is_placed.tolist(), strict=True)],
        "goods": pa.array(np.full(len(number), 20_000), pa.int64(), mask=~is_placed),
        "currency": ["CNY" if p else None for p in is_placed.tolist()],
    }  # fmt: skip
    table = pa.table(
        [pa.array(columns[f.name]).cast(f.type) if f.name in columns
         else pa.nulls(len(number), f.type) for f in FACT_SCHEMA],
        schema=FACT_SCHEMA,
    )  # fmt: skip
    record_facts(table, market_id=market, at=NOW)
    return add_client("bench", ClientRole.PLATFORM, calls_per_minute=1_000_000, at=NOW)


def token_of(port: int, client_id: str, secret: str) -> str:
    link = http.client.HTTPConnection(HERE, port, timeout=60)
    link.request(
        "POST", "/api/v1/token",
        f"grant_type=client_credentials&client_id={client_id}&client_secret={secret}",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    return str(json.loads(link.getresponse().read())["access_token"])


def load(
    port: int, threads: int, calls: Iterable[tuple[str, str, bytes, dict[str, str]]]
) -> dict[str, float]:
    """Make the calls as fast as so many connections can; what each waited, and all together."""
    left, lock = iter(list(calls)), threading.Lock()
    waited: list[float] = []
    wrong: list[bytes] = []

    def caller() -> None:
        link = http.client.HTTPConnection(HERE, port, timeout=60)
        mine: list[float] = []
        while True:
            with lock:
                one = next(left, None)
            if one is None:
                break
            began = time.perf_counter()
            link.request(*one)
            answer = link.getresponse()
            body = answer.read()
            mine.append(time.perf_counter() - began)
            if answer.status >= 300:
                wrong.append(body[:300])
        waited.extend(mine)

    crew = [threading.Thread(target=caller) for _ in range(threads)]
    began = time.perf_counter()
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    took = time.perf_counter() - began
    assert not wrong, wrong[:3]
    cuts = statistics.quantiles(waited, n=100)
    return {"p50_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000, "per_s": len(waited) / took}


def fact(order: int, at: datetime) -> dict[str, Any]:
    return {
        "seller": f"shop-{order % SHOPS}", "order": f"n-{order}", "fact": "placed",
        "at": at.isoformat(), "buyer": f"b-{order}",
        "goods": {"amount": 20_000, "currency": "CNY"},
    }  # fmt: skip


def measure(port: int, token: str, args: argparse.Namespace, first: int) -> dict[str, Any]:
    auth = {"Authorization": f"Bearer {token}"}

    def post(path: str, body: Any, key: str) -> tuple[str, str, bytes, dict[str, str]]:
        headers = {**auth, **JSON, "Idempotency-Key": key}
        return "POST", f"/api/v1{path}", json.dumps(body).encode(), headers

    ran = range(first, first + args.calls)
    claims = [
        post(
            f"/sellers/shop-{n % SHOPS}/claims",
            {"claim": f"c-{n}", "order": f"o-{n}", "buyer": f"b-{n}", "kind": "not_as_described"},
            f"claim-{n}",
        )
        for n in ran
    ]
    singles = [post("/facts", {"market": "cn", "facts": [fact(n, NOW)]}, f"one-{n}") for n in ran]
    base = 10_000_000 + first * 1000
    bulks = [
        post(
            "/facts",
            {"market": "cn", "facts": [fact(base + n * args.bulk + k, NOW)
                                       for k in range(args.bulk)]},
            f"bulk-{first}-{n}",
        )
        for n in range(args.bulks)
    ]  # fmt: skip
    trust = [("GET", f"/api/v1/trust/shop-{n % SHOPS}", b"", auth) for n in ran]
    told: dict[str, Any] = {
        "claim filed": load(port, args.threads, claims),
        "single fact": load(port, args.threads, singles),
        "trust page": load(port, args.threads, trust),
    }
    bulk = load(port, 2, bulks)
    told["facts in bulk"] = bulk | {"rows_per_s": bulk["per_s"] * args.bulk}
    return told


def olist_bodies(folder: Path, bulk: int) -> Iterable[bytes]:
    """The published set as bodies of calls; each seller joins first, a thousand a call."""
    from xiaobao.gateways.feeds.olist import read_olist
    from xiaobao.orders.facts import CancelReason, FactKind, Route

    words = {
        "fact": {int(one): one.name.lower() for one in FactKind},
        "route": {int(one): one.name.lower() for one in Route},
        "reason": {int(one): one.name.lower() for one in CancelReason},
    }
    feed = read_olist(folder)
    names = feed.sellers.to_pylist()
    for first in range(0, len(names), 1000):
        some = names[first : first + 1000]
        yield json.dumps({"market": "olist", "sellers": some, "signed_by": "bench"}).encode()
    for first in range(0, len(feed.facts), bulk):
        rows = feed.facts.slice(first, bulk).to_pylist()
        yield json.dumps(
            {"market": "olist", "facts": [_told(row, words) for row in rows]}
        ).encode()


def _told(row: dict[str, Any], words: dict[str, dict[int, str]]) -> dict[str, Any]:
    """A row of facts as the API is told it."""
    told: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or name == "currency":
            continue
        if name in {"goods", "freight", "amount", "price"}:
            told[name] = {"amount": value, "currency": "BRL"}
        elif name in words:
            told[name] = words[name][value]
        else:
            told[name] = value.isoformat() if isinstance(value, datetime) else value
    return told


def take_olist(port: int, token: str, folder: Path, bulk: int) -> dict[str, float]:
    from xiaobao.promises import acts as publishing

    publishing.publish_pack("olist", at=datetime(2016, 1, 1, tzinfo=UTC))
    link = http.client.HTTPConnection(HERE, port, timeout=120)
    took, rows = 0.0, 0
    for number, body in enumerate(olist_bodies(folder, bulk)):
        is_facts = b'"facts"' in body[:40]
        headers = {
            **JSON,
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": f"olist-{number}",
        }
        began = time.perf_counter()
        link.request("POST", "/api/v1/facts" if is_facts else "/api/v1/enrolments", body, headers)
        answer = link.getresponse()
        told = answer.read()
        took += time.perf_counter() - began if is_facts else 0.0
        assert answer.status < 300, told[:500]
        rows += json.loads(told)["facts_new"] if is_facts else 0
    return {"rows": rows, "seconds": took, "rows_per_s": rows / took}


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--calls", type=int, default=2000)
    asked.add_argument("--bulk", type=int, default=10_000)
    asked.add_argument("--bulks", type=int, default=10)
    asked.add_argument("--olist", type=Path, help="the published set, unpacked")
    args = asked.parse_args()
    home = tempfile.mkdtemp(prefix="xiaobao-bench-")
    os.environ["XIAOBAO_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    try:
        who = world(args.calls * len(args.workers))
        for place, workers in enumerate(args.workers):
            with Served("benchmarks.api:empty", workers) as server:
                calls = [("GET", "/", b"", {})] * args.calls
                told: dict[str, Any] = {"empty JSON": load(server.port, args.threads, calls)}
            with Served("xiaobao.site.wsgi:application", workers) as server:
                token = token_of(server.port, *who)
                told |= measure(server.port, token, args, place * args.calls)
                if args.olist and place == 0:
                    told["Olist set"] = take_olist(server.port, token, args.olist, args.bulk)
            for name, figures in told.items():
                said = "  ".join(f"{key} {value:,.1f}" for key, value in figures.items())
                print(f"workers {workers}  {name:14} {said}", flush=True)
    finally:
        from xiaobao.database.embedded import server as embedded

        embedded().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
