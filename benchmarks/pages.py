"""How long the server takes for each page, how large it is, and how much it asks the database.

    python benchmarks/pages.py [--orders 10000] [--sellers 200] [--requests 40]

Sellers have a deposit, covered items and so many orders in all, a tenth of them open; the shops
that are looked at have claims too, one of them denied and waiting for its ruling, a violation, an
exit under way and a consultation; a jury sits on one case. Pages are asked for in the process
itself, in turn by shop, so the figures are the server's own time without the network. The
database is made in a temporary home and thrown away. For a million orders: `--orders 1000000` on a
quiet machine.
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

    from xiaobao.kernel.columns import Int

sys.path.insert(0, str(Path(__file__).parents[1]))
# Orders told at a time; shops looked at, and what each of them has.
PORTION, LOOKED_AT, CLAIMS, ITEMS = 50_000, 5, 20, 60
SELLERS_PAGES = (
    "", "deposit/", "deposit/statement/", "items/", "claims/", "violations/", "file/", "advice/",
    "leaving/", "joining/", "policy/",
)  # fmt: skip
STAFF_PAGES = (
    "/desk/", "/desk/exits/", "/desk/violations/", "/desk/consults/", "/countersign/",
    "/policy-desk/", "/policy-desk/check/", "/finance/", "/finance/debts/",
    "/finance/reconciliation", "/supervision/", "/supervision/platform/",
    "/supervision/penalties/", "/administration/", "/administration/people/bench/",
    "/administration/log/", "/administration/log/?of=looks", "/webhooks/",
)  # fmt: skip
# Jurors, enough of each kind for the lot; and cases they judged rightly before.
JURORS, KNOWN = 9, 5


def fill(sellers: int, orders: int) -> Int:
    """The market with its money and orders; the ids of its sellers."""
    from benchmarks import exits
    from xiaobao.deposits import acts as deposits
    from xiaobao.orders.acts import record_facts
    from xiaobao.promises import queries

    each = max(1, min(orders, PORTION) // sellers)
    ids = exits.fill(sellers, each)
    shops, told = [f"shop {n}" for n in range(sellers)], each
    while told * sellers < orders:
        more = min(each, orders // sellers - told)
        if more <= 0:
            break
        # A seed of its own, so that names of orders are others.
        record_facts(
            exits.facts(shops, more, PORTION + told), market_id=queries.market("cn").market_id,
            at=exits.NOW,
        )  # fmt: skip
        told += more
    deposits.quote_deposits(ids, at=exits.NOW)
    return ids


def claim(seller_id: int, shop: str) -> tuple[str, str]:
    """Cover items and file claims; one order and one claim of them."""
    from benchmarks.exits import NOW
    from xiaobao.claims import acts as claims
    from xiaobao.claims.facts import Ask, ClaimKind
    from xiaobao.orders import queries as orders
    from xiaobao.sellers.acts import mark_items

    mark_items(seller_id, [f"item {n}" for n in range(ITEMS)], at=NOW)
    names = orders.last_orders_of(seller_id, NOW - timedelta(days=1), CLAIMS)
    for order in names:
        detail = orders.order_of(shop, order)
        assert detail is not None, order
        assert detail.buyer is not None, order
        claims.file_claim(
            seller=shop, order=order, buyer=detail.buyer, kind=ClaimKind.NOT_RECEIVED,
            ask=Ask.REFUND, claim=f"C-{order}", words="where is it?", at=NOW,
        )  # fmt: skip
    return names[0], f"C-{names[0]}"


def contested(seller_id: int, shop: str, claim: str) -> None:
    """The claim denied, so that it waits for its ruling; a violation, an exit, a consultation."""
    import io

    from PIL import Image

    from benchmarks.exits import NOW
    from xiaobao.claims import acts as claims
    from xiaobao.claims.facts import Answer, Handed
    from xiaobao.evidence.facts import Kind
    from xiaobao.exits import acts as exits
    from xiaobao.exits.facts import Reason, Scope
    from xiaobao.kernel.references import id_of
    from xiaobao.promises.facts import ViolationKind
    from xiaobao.sellers import acts as sellers
    from xiaobao.violations import acts as violations
    from xiaobao.violations.facts import Source

    paper = io.BytesIO()
    Image.new("RGB", (64, 64), (id_of(claim) % 256, 40, 200)).save(paper, "PNG")
    claims.answer_claim(
        seller_id, id_of(claim), answer=Answer.DENY, key="k", words="it was signed for", at=NOW,
        handed=[Handed(Kind.SIGNATURE_PROOF, paper.getvalue(), "signed.png")],
    )  # fmt: skip
    violations.record_violation(
        seller_id, "V-1", kind=ViolationKind.MISDESCRIBED, source=Source.INSPECTION,
        by="an inspector", words="not as shown", at=NOW,
    )  # fmt: skip
    bound = {"payout_account": "shop@example.com", "legal_name": "Shop Ltd"}
    sellers.update_profile(seller_id, bound, at=NOW)
    exits.apply_for_exit(
        seller_id, scope=Scope.PART, reason=Reason.OWN_WISH, amount_minor=100, key="k", by=shop,
        is_draft=True, at=NOW,
    )  # fmt: skip
    exits.open_consult(seller_id, topic="leaving", words="how?", by=shop, at=NOW)


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
    from benchmarks.exits import NOW
    from xiaobao.work.passes import make_pass

    ids = fill(sellers, orders)
    client = people()
    looked = []
    for number, seller_id in enumerate(ids[:LOOKED_AT].tolist()):
        shop = f"shop {number}"
        order, name = claim(seller_id, shop)
        secret = make_pass(shop, order, at=NOW, until=NOW + timedelta(days=9_000))
        client.post(f"/buyer/open/{shop}/{secret}/")
        contested(seller_id, shop, name)
        looked.append((shop, order, name))
    juror = jury(int(ids[0]), looked[0][2])
    pages: dict[str, list[str]] = (
        {
            f"/seller/…/{page}": [f"/seller/{shop}/{page}" for shop, _, _ in looked]
            for page in SELLERS_PAGES
        }
        | {
            "/seller/…/claims/…/": [f"/seller/{s}/claims/{c}/" for s, _, c in looked],
            "/buyer/…/…/": [f"/buyer/{s}/{o}/" for s, o, _ in looked],
            "/buyer/…/…/…/": [f"/buyer/{s}/{o}/{c}/" for s, o, c in looked],
            "/shop/…/": [f"/shop/{s}/" for s, _, _ in looked],
            "/shop/…/label.json": [f"/shop/{s}/label.json" for s, _, _ in looked],
            "/register/": ["/register/"],
            "/policy/": ["/policy/"],
            "/seller/…/violations/…/": [f"/seller/{s}/violations/V-1/" for s, _, _ in looked],
            "/desk/claims/…/…/": [f"/desk/claims/{s}/{c}/" for s, _, c in looked],
            "/desk/violations/…/…/": [f"/desk/violations/{s}/V-1/" for s, _, _ in looked],
            "/desk/consults/…/1/": [f"/desk/consults/{s}/1/" for s, _, _ in looked],
            "/finance/books/…/": [f"/finance/books/{s}/" for s, _, _ in looked],
            "/policy-desk/packs/…/": [f"/policy-desk/packs/{one}/" for one in packs()],
        }
        | {page: [page] for page in STAFF_PAGES}
    )
    print(f"{orders:,} orders of {sellers:,} sellers; {requests} requests each\n")
    print("| page | p50 ms | p95 ms | KB | queries |\n|---|---:|---:|---:|---:|")
    for name, addresses in pages.items():
        print(timed(client, name, addresses, requests))
    for name, address in (("", ""), ("…/…/", f"{looked[0][0]}/{looked[0][2]}/")):
        print(timed(juror, f"/jury/{name}", [f"/jury/{address}"], requests))


def packs() -> list[int]:
    from xiaobao.promises import queries

    return [one.pack_id for one in queries.packs()]


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
