"""The burden of proof, cell by cell, and what moves it: patterns, durable goods, the cure."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.claims.law import DAY, ORDERED, bits, category, facts, fen, law, only, pack, staged
from xiaobao.claims.facts import Ask, ClaimKind, Finding, Ground, Outcome, Party, Reason, Stage
from xiaobao.claims.rules.proposing import propose
from xiaobao.claims.terms import BurdenTerms
from xiaobao.evidence.facts import Kind
from xiaobao.promises.facts import Promise
from xiaobao.promises.rules import vocabulary
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.formats import names_of

CELLS = tomllib.loads(
    (Path(__file__).parent / "cases" / "burden.toml").read_text(encoding="utf-8")
)["cell"]


def _claim(cell: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    judged = ORDERED + 9 * DAY
    over = {"buyer": ("buyer",), "seller": ("seller",), "both": ("buyer", "seller")}
    due = {
        f"{who}_due_us": judged if who in over.get(case.get("over", ""), ()) else judged + 1
        for who in ("buyer", "seller")
    }
    is_food = cell["kind"] == "unsafe_food"
    return staged(Stage[cell["stage"].upper()]) | due | {
        "kind": ClaimKind[cell["kind"].upper()], "ask": Ask[cell["ask"].upper()],
        "category_id": category("food") if is_food else 0, "judged_us": judged,
        "evidence_buyer": bits(case.get("buyer", []), Kind),
        "evidence_seller": bits(case.get("seller", []), Kind),
        "is_answered": case["answer"] != "none", "is_denied": case["answer"] == "denied",
        "is_cured": case["answer"] != "none", "promises": 1 << Promise.ALLERGY,
    }  # fmt: skip


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c['kind']} {c['stage']}")
def test_every_case_of_a_cell(cell: dict[str, Any]) -> None:
    rows = [facts(**_claim(cell, case)) for case in cell["cases"]]
    for case, row in zip(cell["cases"], rows, strict=True):
        proposed = propose(row, law())
        paid = proposed.refund_minor + proposed.freight_minor + proposed.compensation_minor
        told = {
            "finding": Finding(only(proposed.finding)).name.lower(),
            "reason": Reason(only(proposed.reason)).name.lower(),
            "missing": Party(only(proposed.missing_party)).name.lower()
            if proposed.missing_party[0]
            else None,
            "pays": only(paid),
        }
        wanted = {name: case.get(name) for name in ("finding", "reason", "missing")}
        assert told == wanted | {"pays": fen(case["pays"])}, case
        assert (proposed.missing[0] != 0) == (told["missing"] is not None)


def _row(cell: dict[str, Any]) -> np.ndarray[Any, Any]:
    at = np.array([ORDERED])
    key = np.array([Stage[cell["stage"].upper()] * 64 + ClaimKind[cell["kind"].upper()]])
    return draft_book(BurdenTerms, pack("cn")).positions(at, key)[0]


def test_every_cell_of_the_pack_has_its_cases() -> None:
    told = {(cell["kind"], cell["stage"]) for cell in CELLS}
    assert told == {(k, s) for k in names_of(ClaimKind) for s in names_of(Stage)}
    clauses = {tuple(t.key.split(".")): t.clause for t in pack("cn").terms if t.table == "burdens"}
    assert {(c["kind"], c["stage"]): c["clause"] for c in CELLS} == clauses
    # Each party of each step is silent, and shows something else, in some case of its cell.
    for cell in CELLS:
        terms = draft_book(BurdenTerms, pack("cn")).rows.take(_row(cell))
        parties = {only(getattr(terms, step)) for step in ("first", "then", "last")} - {0}
        reasons = {case["reason"] for case in cell["cases"]}
        for party in parties:
            name = Party(party).name.lower()
            assert {f"{name}_has_time", f"{name}_showed_other"} <= reasons
            assert f"{name}_showed_nothing" in reasons


def test_claims_of_a_kind_upheld_on_an_item_shift_the_burden() -> None:
    due = ORDERED + 9 * DAY
    silent = {"buyer_due_us": due, "is_cured": True, "judged_us": due, "is_answered": True}
    # Three of 150 sold are two in a hundred; of 151 they are not.
    for upheld, sold, finding in (
        (3, 150, Finding.OPEN), (3, 151, Finding.REJECTED),
        (2, 10, Finding.REJECTED), (0, 0, Finding.REJECTED),
    ):  # fmt: skip
        one = propose(facts(**silent, similar_upheld=upheld, similar_sold=sold), law())
        assert one.finding.tolist() == [finding], (upheld, sold)
    shifted = propose(
        facts(**silent | {"seller_due_us": due}, similar_upheld=3, similar_sold=9), law()
    )
    assert shifted.finding.tolist() == [Finding.UPHELD]
    assert shifted.reason.tolist() == [Reason.SELLER_SHOWED_NOTHING]
    assert shifted.refund_minor.tolist() == [10_000]


def test_what_is_to_last_stays_the_sellers_to_prove_for_six_months() -> None:
    claim = {
        **staged(Stage.AFTER_COMPLETION), "kind": ClaimKind.DEFECTIVE, "is_answered": True,
    }  # fmt: skip
    signed = ORDERED + 3 * DAY
    for code, filed, party in (
        ("phones", signed + 184 * DAY - 1, Party.SELLER),
        ("phones", signed + 184 * DAY, Party.BUYER),
        ("clothing", signed + DAY, Party.BUYER),
    ):
        row = facts(**claim, category_id=category(code), filed_us=filed, judged_us=filed + DAY,
                    evidence_buyer=0)  # fmt: skip
        one = propose(row, law())
        late = one.reason.tolist() == [Reason.TOO_LATE]
        assert late or one.missing_party.tolist() == [party], (code, filed)


def test_nobody_is_found_wanting_before_the_one_cure_period() -> None:
    due = ORDERED + 9 * DAY
    row = {"buyer_due_us": due, "judged_us": due, "is_answered": True}
    before = propose(facts(**row), law())
    after = propose(facts(**row, is_cured=True), law())
    assert (before.finding.tolist(), after.finding.tolist()) == (
        [Finding.OPEN],
        [Finding.REJECTED],
    )
    assert before.missing.tolist() == after.missing.tolist() != [0]


def test_packs_and_rooms_speak_of_the_same_things() -> None:
    assert names_of(ClaimKind) == vocabulary.CLAIM_KINDS
    assert names_of(Stage) == vocabulary.STAGES
    assert names_of(Ground) == vocabulary.GROUNDS
    handed = {k.name.lower(): int(k) for k in Kind if k < Kind.SNAPSHOT}
    assert vocabulary.SETS["first_shows"] == handed
    assert vocabulary.SETS["may_ask"] == {a.name.lower(): int(a) for a in Ask}
    assert vocabulary.CODES["all_shown"] == {o.name.lower(): int(o) for o in Outcome}
    assert vocabulary.CODES["first"] == {"nobody": 0, "buyer": 1, "seller": 2}
    assert (Party.BUYER, Party.SELLER) == (1, 2)
    assert [int(o) for o in Outcome] == [
        Finding.UPHELD, Finding.REJECTED, Finding.NEEDS_PERSON
    ]  # fmt: skip
