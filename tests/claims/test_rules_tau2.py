"""A shop's whole policy of cancelling, returning and exchanging, as a pack, against 74 dialogues.

The policy is written here as rows of terms (`tau2/`), over the shipped example pack: an order that
is not yet on its way is called off for all its price; delivered goods are returned for theirs or
exchanged; nothing else. The dialogues and the shop's orders are outside data.
"""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.claims.law import facts, law_from, only, staged
from tests.conftest import SHARED
from xiaobao.claims.facts import Ask, ClaimFacts, ClaimKind, Finding, Reason, Stage
from xiaobao.claims.rules.proposing import exposure, propose
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    from xiaobao.claims.rules.law import Law

HERE = Path(__file__).parent / "tau2"
DATA = SHARED / "data" / "tau2_retail"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no tau2 retail data in {DATA}")

ASKED = {
    "cancel_pending_order": Ask.REFUND,
    "return_delivered_order_items": Ask.RETURN_AND_REFUND,
    "exchange_delivered_order_items": Ask.REPLACEMENT,
}
_CHANGES = (
    "changes what was ordered before it is shipped, at a difference in price: the shop's own"
)
_WHERE = "changes an address: no promise is broken and no money moves"
_METHOD = "asks that money go back another way than it came: how, not whether or how much"
OUTSIDE = {
    **dict.fromkeys(("3", "4", "15", "20", "21", "37", "44", "63", "85"), _CHANGES),
    **dict.fromkeys(("22", "34", "43", "87"), _WHERE),
    **dict.fromkeys(("41", "72", "96", "109", "110", "112"), f"{_WHERE}; {_CHANGES}"),
    **dict.fromkeys(("10", "25", "57"), _METHOD),
    "24": "the buyer thinks better of it and asks for nothing",
    "50": "asks to undo a cancellation: a new sale",
    "67": "asks what was paid: nothing is claimed",
}
# What the shop's agents tell the buyer is given back in all.
TOLD = {"16": "8276.23", "19": "54.04", "28": "918.43", "46": "1126.04", "47": "1095.55",
        "54": "3646.68", "59": "164.28"}  # fmt: skip


@lru_cache(maxsize=1)
def tau2() -> Law:
    """The example pack with the shop's own rows in place of its rows of the same keys."""
    files = read_files("olist")
    for name in ("claims.csv", "burdens.csv"):
        own = (HERE / name).read_text(encoding="utf-8")
        keys = tuple(row["key"] + "," for row in csv.DictReader(io.StringIO(own)))
        kept = [line for line in files[name].splitlines() if not line.startswith(keys)]
        files[name] = "\n".join([*kept, *own.splitlines()[1:]]) + "\n"
    made, findings = lint_pack(files)
    assert findings == []
    return law_from(made)


@lru_cache(maxsize=1)
def read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def cents(price: float) -> int:
    return round(price * 100)


def claim(order: dict[str, Any], ask: Ask, items: list[str] | None = None) -> ClaimFacts:
    """What is asked for of an order as it stands; items named, or all of them."""
    status, prices = order["status"], {i["item_id"]: cents(i["price"]) for i in order["items"]}
    goods = sum(prices[item] for item in items) if items else sum(map(cents_of, order["items"]))
    stage = Stage.AFTER_SIGNING if status == "delivered" else Stage.BEFORE_SIGNING
    return facts(
        **staged(stage) | {
            "is_shipped": status in {"processed", "delivered"}, "goods_minor": goods,
            "refunded_minor": goods if status == "cancelled" else 0,
            "kind": ClaimKind.RETURN_REFUSED, "ask": ask, "freight_minor": 0,
        }
    )  # fmt: skip


def cents_of(item: dict[str, Any]) -> int:
    return cents(item["price"])


def deeds(task: dict[str, Any]) -> list[tuple[Ask, dict[str, Any]]]:
    actions = task["evaluation_criteria"]["actions"]
    return [(ASKED[a["name"]], a["arguments"]) for a in actions if a["name"] in ASKED]


@needs_data
def test_every_dialogue_ends_as_expected_or_is_none_of_a_guarantees_business() -> None:
    orders, outside, told = read("db")["orders"], set(), {}
    for task in read("tasks"):
        asked = deeds(task)
        if not asked:
            outside.add(task["id"])
            continue
        back = 0
        for ask, given in asked:
            order = orders[given["order_id"]]
            one = propose(claim(order, ask, given.get("item_ids")), tau2())
            assert one.finding.tolist() == [Finding.UPHELD], (task["id"], given)
            assert one.is_clear.tolist() == [True]
            wanted = 0
            if ask == Ask.REFUND:  # the whole of what was paid
                paid = [p for p in order["payment_history"] if p["transaction_type"] == "payment"]
                wanted = sum(cents(p["amount"]) for p in paid)
            elif ask == Ask.RETURN_AND_REFUND:
                listed = [i for i in order["items"] if i["item_id"] in given["item_ids"]]
                wanted = sum(map(cents_of, listed))
            assert only(one.refund_minor) == wanted, (task["id"], given)
            assert only(one.freight_minor) == only(one.compensation_minor) == 0
            back += wanted
        told[task["id"]] = back
    assert outside == set(OUTSIDE), "each dialogue outside has its reason, and no other"
    assert {name: told[name] for name in TOLD} == {
        name: cents(float(v)) for name, v in TOLD.items()
    }
    for name, amount in TOLD.items():
        task = next(t for t in read("tasks") if t["id"] == name)
        assert amount in task["evaluation_criteria"]["communicate_info"]
    assert len(told) + len(outside) == 74


@needs_data
def test_every_order_of_the_shop_allows_what_its_status_allows() -> None:
    orders = list(read("db")["orders"].values())
    allowed = {
        "pending": {Ask.REFUND}, "processed": set(), "cancelled": set(),
        "delivered": {Ask.RETURN_AND_REFUND, Ask.REPLACEMENT},
    }  # fmt: skip
    why = {
        ("processed", Ask.REFUND): Reason.SHIPPED_ALREADY,
        ("cancelled", Ask.REFUND): Reason.ALREADY_WHOLE,
    }
    for ask in Ask:
        f = ClaimFacts.concat([claim(order, ask) for order in orders])
        one = propose(f, tau2())
        for order, finding, reason in zip(
            orders, one.finding.tolist(), one.reason.tolist(), strict=True
        ):
            status = order["status"]
            assert (finding == Finding.UPHELD) == (ask in allowed[status]), (status, ask)
            if finding != Finding.UPHELD:
                assert reason == why.get((status, ask), Reason.ASK_NOT_OFFERED)
        refunds = one.refund_minor
        whole = np.array([sum(map(cents_of, order["items"])) for order in orders])
        is_money = (one.finding == Finding.UPHELD) & (ask != Ask.REPLACEMENT)
        assert (refunds == np.where(is_money, whole, 0)).all()
        assert (exposure(f, tau2()) >= refunds).all()
