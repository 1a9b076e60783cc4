"""A claim filed, answered, ruled and paid: how long each act takes, and what many claims cost.

    python benchmarks/claims.py [--clients 8] [--claims 40] [--standing 0 10000]

Clients are processes of their own, each with a connection, filing claims of their own shops with a
photo, denying them with a paper, and ruling them. `--standing` is how many closed claims, with
their timelines, rulings and orders, are in the database beforehand; give 1000000 for a million.
One client alone (`--clients 1`) shows an act without queueing. Figures are printed as a Markdown
table, with the round trips and our own processor time of an act, which are the same however busy
the machine is, or nearly so. The database is made in a temporary home and thrown away.
"""

from __future__ import annotations

import argparse
import io
import itertools
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
BEGAN = datetime(2025, 10, 10, 2, tzinfo=UTC)
ACTS = ("filed", "answered", "ruled and paid", "all three")
# What is multiplied, and the columns that tell one copy from another.
TABLES = {
    "claims_claim": ("claim_id", "order_id"),
    "claims_event": ("claim_id",),
    "hearings_ruling": ("claim_id",),
    "orders_order": ("order_id",),
}
SHOPS_OF_COPIES = 10_000


def picture(number: int) -> bytes:
    """A photo as phones make them, small; each another."""
    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(number).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    body = io.BytesIO()
    Image.fromarray(noise).save(body, "JPEG", quality=70)
    return body.getvalue()


def open_shops(shops: list[str], orders: int) -> None:
    """Enrol shops with a deposit each, and place orders that were signed for."""
    import numpy as np
    import pyarrow as pa

    from xiaobao.kernel.clocks import us_of
    from xiaobao.kernel.references import causes_of, ids_of
    from xiaobao.ledger import acts as ledger
    from xiaobao.ledger.facts import Account, Postings, Why
    from xiaobao.orders.acts import record_facts
    from xiaobao.orders.facts import FACT_SCHEMA, FactKind
    from xiaobao.promises.queries import market
    from xiaobao.sellers.acts import enrol_sellers

    where = market("cn")
    enrol_sellers(shops, market_id=where.market_id, signed_by="seller", at=BEGAN)
    sellers = np.sort(ids_of(shops))
    none = np.zeros(len(sellers), np.int64)
    at_us = none + us_of(BEGAN)
    high, low = causes_of(999, at_us, sellers)
    ledger.post_all(
        Postings.moves(
            seller_id=sellers, cause_hi=high, cause_lo=low, leg=none,
            source=none + Account.OUTSIDE, target=none + Account.DEPOSIT,
            amount_minor=none + 10**9, why=none + Why.DEPOSIT_LODGED, at_us=at_us,
        )
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    for shop in shops:
        for number in range(orders):
            one = {"seller": shop, "order": f"{shop} {number}"}
            placed = {"fact": "placed", "buyer": f"buyer {shop} {number}", "goods": 10_000,
                      "freight": 800, "currency": "CNY"}  # fmt: skip
            line = {"fact": "line", "item": f"mug {number}", "quantity": 1, "price": 10_000}
            for hour, step in enumerate(
                (placed, line, {"fact": "paid"}, {"fact": "scanned", "waybill": "W"},
                 {"fact": "signed"})
            ):  # fmt: skip
                rows.append(one | step | {"at": BEGAN + timedelta(hours=hour)})
    full = [
        dict.fromkeys(FACT_SCHEMA.names) | row | {"fact": int(FactKind[row["fact"].upper()])}
        for row in rows
    ]
    nullable = pa.schema([field.with_nullable(True) for field in FACT_SCHEMA])
    batch = pa.Table.from_pylist(full, schema=nullable)
    record_facts(batch, market_id=where.market_id, at=BEGAN + timedelta(days=1))


class Mark(NamedTuple):
    """Where a client is: on the wall, in its own processor time, and in round trips."""

    wall: float
    ours: float
    trips: int

    def since(self, before: Mark) -> Mark:
        return Mark(*(now - then for now, then in zip(self, before, strict=True)))


class Trips:
    """Counts what is sent to the database and waited for."""

    def __init__(self) -> None:
        from xiaobao.database import trips

        self.count = 0
        send = trips._send  # noqa: SLF001

        def counted(*sent: Any) -> None:
            self.count += 1
            send(*sent)

        trips._send = counted  # noqa: SLF001

    def mark(self) -> Mark:
        return Mark(time.perf_counter(), time.process_time(), self.count)


def live(shop: str, first: int, count: int) -> list[list[Mark]]:
    """File, answer and rule `count` claims of one shop; what each act took."""
    import django

    django.setup()
    from xiaobao.claims import acts as claims
    from xiaobao.claims.facts import Answer, Ask, ClaimKind, Handed
    from xiaobao.evidence.facts import Kind
    from xiaobao.hearings import acts as hearings
    from xiaobao.hearings.facts import Verdict

    took, trips = [], Trips()
    at = BEGAN + timedelta(days=2)
    for number in range(first, first + count):
        order = f"{shop} {number}"
        shown = Handed(Kind.PHOTO, picture(hash(order) % 2**32), "photo.jpg")
        paper = Handed(Kind.CERTIFICATE, picture(hash(order) % 2**31), "paper.jpg")
        marks = [trips.mark()]
        row = claims.file_claim(
            seller=shop, order=order, buyer=f"buyer {order}", kind=ClaimKind.NOT_AS_DESCRIBED,
            ask=Ask.REFUND, claim=f"claim {order}", words="not as shown", handed=[shown], at=at,
        )  # fmt: skip
        marks.append(trips.mark())
        case = row.seller_id, row.claim_id
        claims.answer_claim(*case, answer=Answer.DENY, handed=[paper], key="a", at=at)
        marks.append(trips.mark())
        ruling = hearings.rule_claim(
            *case, verdict=Verdict.AMOUNTS, refund_minor=5_000, departure="half is enough",
            by="ada", key="r", at=at,
        )  # fmt: skip
        marks.append(trips.mark())
        assert ruling.paid_minor == 5_000, ruling
        took.append([after.since(before) for before, after in itertools.pairwise(marks)])
    return took


def multiply(count: int, begins: int) -> None:
    """Copies of one ruled claim and all that belongs to it, spread over shops that never act."""
    from xiaobao.database.sets import cursor

    with cursor("owner") as owner:
        seller, claim, order = owner.execute(
            "SELECT seller_id, claim_id, order_id FROM claims_claim WHERE paid_minor > 0 LIMIT 1"
        ).fetchone()  # type: ignore[misc]
        for table, own in TABLES.items():
            names = [
                row[0]
                for row in owner.execute(
                    "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass "
                    "AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                    [table],
                ).fetchall()
            ]
            made = {"seller_id": f"(n %% {SHOPS_OF_COPIES}) + 1", **dict.fromkeys(own, "n")}
            if table == "claims_claim":
                # Over: nothing is due, nothing waits.
                made |= {"state": "11", "due_at": "'infinity'", "buyer_id": "n"}
            picked = ", ".join(made.get(name, f"t.{name}") for name in names)
            where = "t.claim_id = %s" if "claim_id" in own else "t.order_id = %s"
            owner.execute(
                f"INSERT INTO {table} SELECT {picked} FROM {table} t, "
                f"generate_series(%s::bigint, %s::bigint) n WHERE t.seller_id = %s AND {where}",
                [begins + 1, begins + count, seller, claim if "claim_id" in own else order],
            )
            owner.execute(f"ANALYZE {table}")


def measure(
    clients: int, claims: int, shops: list[str], first: int
) -> tuple[list[list[Mark]], float]:
    """What each act took under so many clients at once, and claims a second of all of them."""
    with ProcessPoolExecutor(clients, mp_context=multiprocessing.get_context("spawn")) as pool:
        # A round beforehand: processes start, connections open, terms are read.
        list(pool.map(live, shops, [first] * clients, [2] * clients))
        began = time.perf_counter()
        parts = list(pool.map(live, shops, [first + 2] * clients, [claims] * clients))
        seconds = time.perf_counter() - began
    took = [one for part in parts for one in part]
    acts = [*zip(*took, strict=True), [Mark(*map(sum, zip(*one, strict=True))) for one in took]]
    return [list(act) for act in acts], len(took) / seconds


def show(standing: int, acts: list[list[Mark]], a_second: float) -> None:
    for name, marks in zip(ACTS, acts, strict=True):
        wall = [1000 * one.wall for one in marks]
        high = statistics.quantiles(wall, n=100)[98]
        ours = 1000 * statistics.mean(one.ours for one in marks)
        trips = statistics.median(one.trips for one in marks)
        print(f"| {standing:,} | {name} | {statistics.median(wall):.1f} | {high:.1f} "
              f"| {trips:.0f} | {ours:.1f} | {a_second:.1f} |", flush=True)  # fmt: skip


def run(clients: int, claims: int, standings: list[int]) -> None:
    from xiaobao.database.opening import open_house
    from xiaobao.ledger.queries import check
    from xiaobao.promises.acts import publish_pack

    open_house()
    publish_pack("cn", at=BEGAN - timedelta(days=30))
    shops = [f"shop {number}" for number in range(clients)]
    open_shops(shops, (claims + 2) * len(standings) + 1)
    first, stands = 0, 0
    live(shops[0], first, 1)
    first += 1
    print("| claims in the database | act | p50 ms | p99 ms | round trips | our processor ms "
          "| claims/s, all clients |")  # fmt: skip
    print("|---:|---|---:|---:|---:|---:|---:|")
    for standing in sorted(standings):
        if standing > stands:
            multiply(standing - stands, stands)
            stands = standing
        show(standing, *measure(clients, claims, shops, first))
        first += claims + 2
    assert check() == [], "the books are unsound after all this"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=8)
    options.add_argument("--claims", type=int, default=40, help="of each client")
    options.add_argument("--standing", type=int, nargs="+", default=[0, 10_000])
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiaobao.site.settings"
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ.pop("DATABASE_URL", None)
    try:
        run(chosen.clients, chosen.claims, chosen.standing)
    finally:
        from xiaobao.database.embedded import server

        server().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
