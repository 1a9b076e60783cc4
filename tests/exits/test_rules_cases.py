"""The default pack's conditions as examples that anybody can read: one and more per blocker."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.exits.shapes import standings, terms, things
from tests.promises.test_rules_packs import pack
from xiaobao.exits.facts import Blocker, Scope
from xiaobao.exits.rules import blocking
from xiaobao.exits.terms import ConditionTerms
from xiaobao.kernel.clocks import DAY_US, us_of, zone_of
from xiaobao.promises.rules.books import draft_book

NOW = us_of(datetime(2025, 10, 15, 2, tzinfo=UTC))
_FILE = tomllib.loads(
    (Path(__file__).parent / "cases" / "blockers.toml").read_text(encoding="utf-8")
)
CASES, DEBTS = _FILE["cases"], _FILE["debts"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    kind = Blocker[case["kind"].upper()]
    row = {"kind": kind, "basis_minor": case["basis"]}
    if "told" in case:
        row["since_us"] = NOW - case["told"] * DAY_US
    if "until" in case:
        row["until_us"] = NOW + case["until"] * DAY_US
    if "least" in case:
        row["least_us"] = NOW + case["least"] * DAY_US
    its = draft_book(ConditionTerms, pack("cn")).in_force(np.array([NOW]), np.array([kind.value]))
    judged = blocking.judge(things([row]), its, zone_of("Asia/Shanghai"), NOW)
    assert int(judged.held_minor[0]) == case["held"]
    assert bool(judged.is_standing[0]) is ("ends" in case)
    assert bool(judged.is_waited_for[0]) is case.get("waited", False)
    if "ends" in case:
        assert int(judged.ends_us[0]) == NOW + case["ends"] * DAY_US


@pytest.mark.parametrize("case", DEBTS, ids=[case["name"] for case in DEBTS])
def test_debt(case: dict[str, Any]) -> None:
    none = things([])
    judged = blocking.judge(none, terms([]), zone_of("Asia/Shanghai"), NOW)
    stands = standings(case["deposit"], debt=case["debt"])
    plan = blocking.plan(Scope.WHOLE, stands, none, judged)
    assert (int(plan.set_off_minor[0]), int(plan.free_minor[0])) == (case["set_off"], case["free"])
    assert case["debt"] - int(plan.set_off_minor[0]) == case["left"]
    assert not plan.is_waiting[0]


def test_every_blocker_has_its_case() -> None:
    told = {Blocker[case["kind"].upper()] for case in (*CASES, *DEBTS)}
    assert told == set(Blocker)
