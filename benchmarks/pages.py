"""How long the server takes for each page, how large it is, and how much it asks the database.

    python benchmarks/pages.py [--orders 10000] [--sellers 200] [--requests 40]

What stands in the marketplace is told in `pages_world.py`; a jury sits on one case. Pages are
asked for in the process itself, in turn by shop, so the figures are the server's own time without
the network. The database is made in a temporary home and thrown away. For a million orders:
`--orders 1000000 --sellers 10000` on a quiet machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

sys.path.insert(0, str(Path(__file__).parents[1]))
# Shops that are looked at.
LOOKED_AT = 5
# `shop`, `order` and `claim` stand for each of theirs in turn.
SHOPS_PAGES = (
    "/seller/{shop}/", "/seller/{shop}/deposit/", "/seller/{shop}/deposit/statement/",
    "/seller/{shop}/items/", "/seller/{shop}/items/?q=item&covered=yes",
    "/seller/{shop}/claims/", "/seller/{shop}/claims/{claim}/", "/seller/{shop}/violations/",
    "/seller/{shop}/violations/V-1/", "/seller/{shop}/file/", "/seller/{shop}/advice/",
    "/seller/{shop}/leaving/", "/seller/{shop}/joining/", "/seller/{shop}/policy/",
    "/buyer/{shop}/{order}/", "/buyer/{shop}/{order}/{claim}/",
    "/shop/{shop}/", "/shop/{shop}/label.json",
    "/desk/claims/{shop}/{claim}/", "/desk/violations/{shop}/V-1/", "/desk/consults/{shop}/1/",
    "/finance/books/{shop}/", "/supervision/shops/{shop}/",
    "/supervision/inspections/{shop}/1/", "/supervision/cheating/?shop={shop}",
)  # fmt: skip
PAGES = (
    "/", "/register/", "/policy/",
    "/desk/", "/desk/exits/", "/desk/violations/", "/desk/consults/", "/countersign/",
    "/policy-desk/", "/policy-desk/check/", "/policy-desk/comparisons/",
    "/finance/", "/finance/debts/", "/finance/reconciliation",
    "/supervision/", "/supervision/signals/", "/supervision/inspections/",
    "/supervision/cheating/", "/supervision/cheating/?days=365", "/supervision/platform/",
    "/supervision/platform/?days=365", "/supervision/penalties/",
    "/administration/", "/administration/people/bench/", "/administration/log/",
    "/administration/log/?of=looks", "/webhooks/", "/webhooks/?state=waiting",
)  # fmt: skip
# Jurors, enough of each kind for the lot; and cases they judged rightly before.
JURORS, KNOWN = 9, 5


def jury(seller_id: int, claim: str) -> Client:
    """Put a case to a jury; a session of one whom the lot drew."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from benchmarks.exits import NOW
    from xiaobao.hearings import acts
    from xiaobao.hearings.facts import JurorKind, Vote
    from xiaobao.kernel.references import id_of

    before = NOW - timedelta(days=9)
    for number in range(KNOWN):
        acts.add_known_case(f"known {number}", Vote.UPHOLD, words="", at=before)
    for number in range(3 * JURORS):
        name = f"juror {number}"
        acts.add_juror(name, list(JurorKind)[number % 3], at=before)
        for case in range(KNOWN):
            acts.judge_known_case(name, f"known {case}", Vote.UPHOLD, at=before)
    panel = acts.call_panel(seller_id, id_of(claim), key="jury", at=NOW)
    client = Client()
    client.force_login(
        get_user_model().objects.create_user(panel.seats[0].name),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def people() -> Client:
    """Somebody with every role there is, by one session."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from benchmarks.exits import NOW
    from xiaobao.kernel.references import id_of
    from xiaobao.people.acts import add_member
    from xiaobao.people.facts import STAFF, Role

    user = get_user_model().objects.create_user("bench")
    for role in Role:
        add_member(user.pk, role, id_of("shop 0") if role <= Role.CLERK else STAFF, at=NOW)
    for number in range(1, LOOKED_AT):
        add_member(user.pk, Role.OWNER, id_of(f"shop {number}"), at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def measure(sellers: int, orders: int, requests: int) -> None:
    from benchmarks import pages_world
    from benchmarks.exits import NOW
    from xiaobao.work import clock, figures
    from xiaobao.work.passes import make_pass

    begun = time.perf_counter()
    ids = pages_world.fill(sellers, orders)
    client = people()
    looked = []
    for number, seller_id in enumerate(ids[:LOOKED_AT].tolist()):
        shop = f"shop {number}"
        order, claim = pages_world.look_at(seller_id, shop)
        secret = make_pass(shop, order, at=NOW, until=NOW + timedelta(days=9_000))
        client.post(f"/buyer/open/{shop}/{secret}/")
        looked.append({"shop": shop, "order": order, "claim": claim})
    juror = jury(int(ids[0]), looked[0]["claim"])
    unnamed = dict.fromkeys(looked[0], "…")
    pages: dict[str, list[str]] = (
        {page.format(**unnamed): [page.format(**one) for one in looked] for page in SHOPS_PAGES}
        | {page: [page] for page in PAGES}
        | pages_world.rules()
        | pages_world.outside()
    )
    # As the clocks of `xiaobao up` do.
    figures.reckon_due(clock.now())
    print(
        f"{orders:,} orders of {sellers:,} sellers, made in {time.perf_counter() - begun:.0f} s; "
        f"{requests} requests each\n"
    )
    print("| page | p50 ms | p95 ms | KB | queries |\n|---|---:|---:|---:|---:|")
    for name, addresses in pages.items():
        print(timed(client, name, addresses, requests), flush=True)
    case = "/jury/{shop}/{claim}/".format(**looked[0])
    for name, address in (("/jury/", "/jury/"), ("/jury/…/…/", case)):
        print(timed(juror, name, [address], requests), flush=True)


@contextmanager
def counted() -> Iterator[list[Any]]:
    """Every statement that reaches the database: ours do not pass Django's own counting."""
    import psycopg

    asked: list[Any] = []
    execute = psycopg.Cursor.execute

    def noted(self: Any, query: Any, *given: Any, **more: Any) -> Any:
        asked.append(query)
        return execute(self, query, *given, **more)

    psycopg.Cursor.execute = noted  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def timed(client: Client, name: str, addresses: list[str], requests: int) -> str:
    """One line of the table; the first request of each address is not counted."""
    took, size, queries = [], 0, 0
    for address in addresses:
        with counted() as asked:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        size, queries = max(size, len(answer.content)), max(queries, len(asked))
    for turn in range(requests):
        begun = time.perf_counter()
        client.get(addresses[turn % len(addresses)])
        took.append((time.perf_counter() - begun) * 1000)
    late = sorted(took)[max(0, len(took) * 95 // 100 - 1)]
    return (
        f"| `{name}` | {statistics.median(took):.0f} | {late:.0f} | {size / 1000:.0f} "
        f"| {queries} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--sellers", type=int, default=200)
    parser.add_argument("--requests", type=int, default=40)
    given = parser.parse_args()
    from benchmarks.homes import own_home

    with own_home():
        from django.test.utils import setup_test_environment

        from benchmarks.exits import NOW
        from xiaobao.work import clock

        setup_test_environment()
        # Pages stand in the market's own time.
        clock.settings.DEMO_IS_BEHIND = clock.now() - NOW
        measure(given.sellers, given.orders, given.requests)


if __name__ == "__main__":
    main()
