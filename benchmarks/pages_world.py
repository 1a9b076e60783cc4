"""The marketplace that pages are measured over: everything that a console lists, and much of it.

Of a hundred orders three are shipped late, found so and paid; weeks are counted and judged, a
version is announced and every seller told of it, a draft compared with what is in force over the
whole history, and every event is on its way to a subscriber. The shops that are looked at have
more: what each function below says.
"""

from __future__ import annotations

import io
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.exits import HOUR_US, JOINED, NOW, enrol

if TYPE_CHECKING:
    import pyarrow as pa

    from xiaobao.kernel.columns import Int

# Orders told at a time; of a shop that is looked at: claims, items, and what has several pages.
PORTION, CLAIMS, ITEMS, SEVERAL, HANDED_IN = 50_000, 20, 60, 60, 20
# What is told of an order, and so many hours after it was placed.
TOLD = {"PLACED": 0, "LINE": 0, "PAID": 0, "SCANNED": 20, "SCANNED again": 58, "COMPLETED": 96}
# So many of a hundred are handed over so many hours later: too late for the promise of 48.
LATE, LATER_HOURS = 3, 40


def facts(shops: list[str], orders: int, seed: int) -> pa.Table:
    """What was told of so many orders of each shop, placed over the last sixty days."""
    import pyarrow as pa

    from xiaobao.kernel.clocks import us_of
    from xiaobao.orders.facts import FACT_SCHEMA, FactKind

    rng, count, each = np.random.default_rng([11, seed]), len(shops) * orders, len(TOLD)
    kind = np.tile([FactKind[name.split()[0]].value for name in TOLD], count)
    number, hours = np.repeat(np.arange(count), each), np.tile(list(TOLD.values()), count)
    placed = us_of(NOW) - rng.integers(5, 60 * 24, count) * HOUR_US
    is_late = (rng.integers(0, 100, count) < LATE)[number] & (hours > 0)
    at = placed[number] + (hours + LATER_HOURS * is_late) * HOUR_US
    names = [f"{seed}-{n}" for n in range(count)]

    def only(of: FactKind, values: object, kind_of: pa.DataType) -> pa.Array:
        return pa.array(values, kind_of, mask=kind != of.value)

    def text(stem: str) -> list[str]:
        return np.repeat([f"{stem}-{name}" for name in names], each).tolist()

    string, whole = pa.large_string(), pa.int64()
    items = np.repeat([f"item {n % ITEMS}" for n in range(count)], each).tolist()
    columns = {
        "seller": pa.array(np.repeat(shops, orders * each).tolist(), string),
        "order": pa.array(text("o"), string),
        "fact": pa.array(kind, pa.int16()),
        "at": pa.array(at).cast(pa.timestamp("us", "UTC")),
        "buyer": only(FactKind.PLACED, text("b"), string),
        "goods": only(FactKind.PLACED, np.full(len(kind), 20_000), whole),
        "freight": only(FactKind.PLACED, np.zeros(len(kind), np.int64), whole),
        "currency": only(FactKind.PLACED, np.full(len(kind), "CNY"), string),
        "waybill": only(FactKind.SCANNED, text("w"), string),
        "item": only(FactKind.LINE, items, string),
        "title": only(FactKind.LINE, items, string),
        "quantity": only(FactKind.LINE, np.ones(len(kind), np.int64), whole),
        "price": only(FactKind.LINE, np.full(len(kind), 20_000), whole),
    }
    full = {
        field.name: columns[field.name].cast(field.type) if field.name in columns
        else pa.nulls(len(kind), field.type)
        for field in FACT_SCHEMA
    }  # fmt: skip
    return pa.table(full).filter(pa.array(at <= us_of(NOW)))


def fill(sellers: int, orders: int) -> Int:
    """The market with its money and orders, judged and paid, a subscriber told; ids of sellers."""
    from xiaobao.deposits import acts as deposits
    from xiaobao.kernel.clocks import us_of
    from xiaobao.orders.acts import record_facts
    from xiaobao.outbox import acts as outbox
    from xiaobao.promises import acts as promises
    from xiaobao.promises import queries
    from xiaobao.supervision import acts as supervision
    from xiaobao.work.settling import settle

    promises.publish_pack("cn", at=JOINED)
    market_id = queries.market("cn").market_id
    shops = [f"shop {n}" for n in range(sellers)]
    ids = enrol(shops, market_id)
    outbox.subscribe("bench", "https://shop.example/hook", ["*"], at=NOW)
    each, told = orders // sellers, 0
    while told < each:
        more = min(each - told, max(1, PORTION // sellers))
        record_facts(facts(shops, more, told), market_id=market_id, at=NOW)
        told += more
    settle(us_of(NOW), 1)
    deposits.quote_deposits(ids, at=NOW)
    supervision.expect_weeks()
    while supervision.count_weeks(us_of(NOW)).weeks:
        pass
    return ids


def rules() -> dict[str, list[str]]:
    """A version announced and told to all, a draft compared; where their pages lie."""
    from tests.later_pack import announced_pack, china_pack, later_pack
    from xiaobao.promises import acts, queries
    from xiaobao.work import comparisons, noticing

    with tempfile.TemporaryDirectory() as folder:
        announced_pack(china_pack(Path(folder) / "announced"), "next", at=NOW)
        drafted = later_pack(
            china_pack(Path(folder) / "draft"), "draft", bps=550, is_major=False,
            announced=f"{NOW + timedelta(days=40):%Y-%m-%d}",
            effective=f"{NOW + timedelta(days=50):%Y-%m-%d}",
        )  # fmt: skip
        draft = acts.consult_on(drafted, by="operator", at=NOW - timedelta(days=1))
    noticing.tell_announced(NOW)
    compared = comparisons.ask_for(draft, by="operator", at=NOW)
    comparisons.reckon_asked(NOW)
    at = "/policy-desk/comparisons/"
    return {
        "/policy-desk/packs/…/": [f"/policy-desk/packs/{o.pack_id}/" for o in queries.packs()],
        "/policy-desk/drafts/…/": [f"/policy-desk/drafts/{draft.draft_id}/"],
        f"{at}…/": [f"{at}{compared.comparison}/"],
        f"{at}…/report/": [f"{at}{compared.comparison}/report/"],
    }


def outside() -> dict[str, list[str]]:
    """A message that did not arrive."""
    from xiaobao.outbox import acts, queries
    from xiaobao.outbox.facts import Attempt, Trouble

    [one] = queries.subscriptions()
    number = one.subscription
    [[first]] = queries.due_runs(number, at=NOW, each=1, limit=1)
    [told] = acts.take(number, [first], at=NOW)
    acts.record_attempts([(told, Attempt(500, Trouble.REFUSED, 7, "no"))], at=NOW)
    return {"/webhooks/…/…/": [f"/webhooks/{number}/{told.event}/"]}


def look_at(seller_id: int, shop: str) -> tuple[str, str]:
    """One shop with everything; an order and a claim of it, which waits for its ruling."""
    order, claim = _claimed(seller_id, shop)
    _contested(seller_id, shop, claim)
    _kept(seller_id, shop)
    _watched(seller_id, shop)
    return order, claim


def _claimed(seller_id: int, shop: str) -> tuple[str, str]:
    """Cover items and file claims; one order and one claim of them."""
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


def _contested(seller_id: int, shop: str, claim: str) -> None:
    """The claim denied, so that it waits for its ruling; a violation and an exit."""
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

    claims.answer_claim(
        seller_id, id_of(claim), answer=Answer.DENY, key="k", words="it was signed for", at=NOW,
        handed=[Handed(Kind.SIGNATURE_PROOF, _paper(id_of(claim) % 2**24), "signed.png")],
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


def _kept(seller_id: int, shop: str) -> None:
    """Pages of its own file and of consultations, and a deposit that stays frozen with it."""
    from xiaobao.deposits import acts as deposits
    from xiaobao.evidence import acts as evidence
    from xiaobao.evidence.facts import Kind, Party, Submission
    from xiaobao.evidence.terms import EvidenceTerms
    from xiaobao.exits import acts as exits
    from xiaobao.promises import queries

    one = np.array([seller_id])
    frozen = deposits.request_lodgements(one, np.array([100_000]), keys=2, at=NOW, is_frozen=True)
    deposits.confirm_lodgements(frozen, at=NOW)
    evidence.submit_all(
        [
            # A seller may hand in twenty pictures; what the platform records is not counted.
            Submission(seller_id, seller_id, Kind.POLICY_NOTICE,
                       Party.SELLER if n < HANDED_IN else Party.PLATFORM, _paper(n), NOW,
                       party_id=seller_id, words="a notice", name=f"notice {n}.png")
            for n in range(SEVERAL)
        ],
        limits=queries.book_of(EvidenceTerms, queries.market("cn").market_id), at=NOW,
    )  # fmt: skip
    for number in range(SEVERAL):
        exits.open_consult(seller_id, topic=f"leaving {number}", words="how?", by=shop, at=NOW)


def _watched(seller_id: int, shop: str) -> None:
    """An inspection, and something that waits for a second signature."""
    from xiaobao.people import acts as people
    from xiaobao.people.facts import Actor, Duty
    from xiaobao.supervision import acts as supervision
    from xiaobao.supervision.facts import Watched

    somebody = Actor(999_999, "somebody")
    supervision.open_inspection(
        seller_id, watched=Watched.ANY, words="as it stands", by=somebody, key="bench", at=NOW
    )
    people.propose(
        Duty.APPROVE_EXIT, seller_id, "1", words=f"{shop} may leave", amount_minor=5_100_000,
        currency="CNY", by=somebody, at=NOW,
    )  # fmt: skip


def _paper(colour: int) -> bytes:
    from PIL import Image

    paper = io.BytesIO()
    rgb = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
    Image.new("RGB", (64, 64), rgb).save(paper, "PNG")
    return paper.getvalue()
