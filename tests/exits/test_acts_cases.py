"""Every reason for leaving as examples that anybody can read: from the facts to what was paid."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.exits.making import NOW, SELLER, completed, later, order, pay, put
from tests.exits.test_acts_forced import violate
from tests.later_pack import announced_pack, china_pack
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import Reason, Relief, Scope
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers.acts import enrol_sellers, object_to_version, update_profile

if TYPE_CHECKING:
    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market

FOLDER = Path(__file__).parent / "cases" / "reasons"
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*"))}
CASES = [(Reason[told["reason"].upper()], case) for told in FILES.values()
         for case in told["cases"]]  # fmt: skip
JOINED_LATE = "late shop"


def test_every_reason_has_its_file() -> None:
    assert {Reason[told["reason"].upper()].name.lower(): name for name, told in FILES.items()} == {
        reason.name.lower(): reason.name.lower() for reason in Reason
    }


def lived_so_far(world: Market, facts: dict[str, Any], folder: Path) -> int:
    """Let the facts of a case have happened; who asks."""
    if "joined" in facts:
        at = NOW - timedelta(days=facts["joined"])
        enrol_sellers([JOINED_LATE], market_id=world.market_id, signed_by="x", at=at)
        one = id_of(JOINED_LATE)
        update_profile(one, {"payout_account": "n@example.com", "legal_name": "新店"}, at=at)
        put(JOINED_LATE, 100_000)
        return one
    if "old" in facts:
        completed(world, "old", facts["old"], later(days=-40))
        deposits.quote_deposits(np.array([SELLER]), at=NOW)
    if "trade" in facts:
        order(world, "open", facts["trade"], placed=later(days=-2))
    if "fraud" in facts:
        until = later(days=facts["fraud"])
        violate(world, "V", ViolationKind.COUNTERFEIT, until, penalty=50_000)
    if "objected" in facts:
        announced_pack(china_pack(folder / "pack"), "2025-10-21", at=later(days=-2))
        object_to_version(SELLER, "2025-10-21", by="shop", at=later(days=-1))
    return SELLER


def do(seller: int, act: str, day: int) -> None:
    at = later(days=day)
    if act == "approve":
        acts.approve_exit(seller, by="staff", at=at)
    elif act == "decline":
        acts.decline_relief(seller, by="shop", at=at)
    else:
        acts.take_relief(seller, Relief[act.upper()], by="shop", at=at)


@pytest.mark.parametrize(("reason", "case"), CASES, ids=[case["name"] for _, case in CASES])
def test_case(
    reason: Reason, case: dict[str, Any], world: Market, through: TestGateway, tmp_path: Path
) -> None:
    seller = lived_so_far(world, case.get("facts", {}), tmp_path)
    asked: dict[str, Any] = {
        "scope": Scope.WHOLE,
        "reason": reason,
        "key": "k",
        "by": "shop",
        "at": NOW,
    }
    if "refused" in case:
        with pytest.raises(Problem) as refused:
            acts.apply_for_exit(seller, **asked)
        assert refused.value.code == case["refused"]
        assert fetch_rows("SELECT count(*) FROM exits_exit") == [(0,)]
        return
    acts.apply_for_exit(seller, **asked)
    for day, act in case.get("does", []):
        pay(later(days=day), through)
        do(seller, act, day)
        pay(later(days=day), through)
    pay(later(days=100), through)
    found = queries.exit_detail(seller, "")
    steps = [event.event.name for event in found.events]
    assert [step for step in steps if step != "PAYMENT_CONFIRMED"] == case["steps"]
    deciders = [event.by for event in found.events if event.event.name == "APPROVED"]
    assert deciders == ([case.get("decided_by", "staff")] if case["paid"] else [])
    sent = fetch_rows(
        "SELECT created_at, amount_minor FROM exits_payment ORDER BY created_at, amount_minor DESC"
    )
    assert [[(at - NOW) / timedelta(days=1), amount] for at, amount in sent] == case["paid"]
    assert sum(line.amount_minor for line in through.bill()) == sum(a for _, a in case["paid"])
