"""Two-phase holds, as cases a lawyer can read; one step a batch, and all steps in one batch."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.ledger.ledger_model import Asked
from tests.ledger.test_rules_batches import House
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger.facts import Account, Op, Outcome

CASES_FILE = Path(__file__).parent / "cases" / "two_phase_holds.toml"
CASES = tomllib.loads(CASES_FILE.read_text("utf-8"))["case"]
VECTORS = SHARED / "data" / "vectors" / "two_phase_holds.json"
SELLER = 3
SECOND = 1_000_000
# What a two-phase ledger with two accounts per transfer calls the same outcomes.
THEIR_WORDS = {"created": Outcome.POSTED, "exceeds_credits": Outcome.INSUFFICIENT}


def asked(step: dict[str, Any], number: int) -> Asked:
    op = Op[step["do"].upper()]
    if op == Op.MOVE:
        source, target = step.get("from", "deposit"), step["to"]
    elif op == Op.HOLD:
        source, target = "deposit", "locked"
    else:
        source, target = "locked", step.get("to", "buyers" if op == Op.CAPTURE else "deposit")
    return Asked(
        SELLER, cause=100 + number, op=op, source=Account[source.upper()],
        target=Account[target.upper()], amount=step.get("amount", 0),
        hold=ord(step["hold"]) if op != Op.MOVE else 0,
        expires=step["ends"] * SECOND if "ends" in step else FAR_US,
        at=step.get("at", 0) * SECOND,
    )  # fmt: skip


def lodged(amount: int) -> Asked:
    return Asked(SELLER, 1, amount=amount)


def book_of(house: House) -> dict[str, int]:
    balance = house.books.balance[0]
    return {a.name.lower(): int(balance[a]) for a in Account if balance[a]}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("walked", [False, True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_case_ends_as_it_says(case: dict[str, Any], walked: bool, at_once: bool) -> None:
    house = House.new()
    rows = [lodged(case["lodged"])] + [asked(s, i) for i, s in enumerate(case["steps"])]
    batches = [rows] if at_once else [[row] for row in rows]
    outcomes = [o for batch in batches for o in house.decide(batch, walked)]
    assert [Outcome(o).name.lower() for o in outcomes[1:]] == [s["says"] for s in case["steps"]]
    assert book_of(house) == case["book"]


@pytest.mark.skipif(not VECTORS.exists(), reason="no published scenarios beside the project")
def test_the_published_scenarios_hold() -> None:
    scenarios = json.loads(VECTORS.read_text("utf-8"))["scenarios"]
    assert [one["name"] for one in scenarios] == ["pessimistic_hold", "docs_examples", "docs_void"]
    for scenario in scenarios:
        house = House.new()
        steps = scenario["steps"]
        start = steps[0]["amount"] if steps[0]["op"] == "fund" else 1000
        assert house.decide([lodged(start)]) == [Outcome.POSTED]
        for number, step in enumerate(steps):
            if step["op"] == "check":
                # A payer's pending is what is locked, its posted what the buyers have got.
                assert book_of(house).get("locked", 0) == step["payer_pending"]
                assert step["payee_pending"] == step["payer_pending"]
                assert book_of(house).get("buyers", 0) == step["payee_posted"]
                assert start - book_of(house)["deposit"] == step["payer_posted"]
            elif step["op"] != "fund":
                do = {"transfer": "move"}.get(step["op"], step["op"])
                row = {"do": do, "to": "deposit" if do == "release" else "buyers"}
                row |= {"amount": step["amount"], "hold": step.get("hold", step["id"])}
                assert house.decide([asked(row, number)]) == [THEIR_WORDS[step["expect"]]]
