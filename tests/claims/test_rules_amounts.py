"""What is due and why: cases a lawyer can read, and laws that hold for all claims."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.law import (
    DAY,
    ORDERED,
    bits,
    category,
    facts,
    fen,
    law,
    law_from,
    only,
    pack,
)
from xiaobao.claims.facts import (
    AbuseSign,
    Ask,
    Basis,
    ClaimFacts,
    ClaimKind,
    Finding,
    Proposal,
    Reason,
    Stage,
)
from xiaobao.claims.rules.abuse import Around, signs
from xiaobao.claims.rules.explaining import explained
from xiaobao.claims.rules.proposing import exposure, propose
from xiaobao.evidence.facts import Kind
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import Promise

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "amounts.toml").read_text(encoding="utf-8")
)["case"]
_SUMS = {
    "goods": "goods_minor", "freight": "freight_minor", "refunded": "refunded_minor",
    "compensated": "compensated_minor", "loss": "loss_minor", "asked": "asked_minor",
    "before_goods": "before_goods_minor", "before_paid": "before_paid_minor",
    "test": "test_minor",
}  # fmt: skip


def _claim(told: dict[str, Any]) -> ClaimFacts:
    made: dict[str, Any] = {
        name: fen(told[short]) for short, name in _SUMS.items() if short in told
    }
    made |= {
        f"{name}_us": us_of(told[name]) for name in ("ordered", "signed", "filed") if name in told
    }
    made |= {name: told[name] for name in ("units", "before_units") if name in told}
    judged = made.get("filed_us", ORDERED) + 20 * DAY
    return facts(
        **made,
        kind=ClaimKind[told["kind"].upper()],
        ask=Ask[told.get("ask", "refund").upper()],
        category_id=category(told.get("category", "general")),
        evidence_buyer=bits(told.get("buyer", []), Kind),
        promises=bits(told.get("promises", []), Promise),
        abuse=sum(AbuseSign[sign.upper()] for sign in told.get("abuse", [])),
        is_accepted=told.get("accepted", False),
        judged_us=judged,
        seller_due_us=judged,
    )


def total(p: Proposal) -> np.ndarray[Any, Any]:
    paid: np.ndarray[Any, Any] = p.refund_minor + p.freight_minor + p.compensation_minor
    return paid


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["name"]))
def test_a_case(case: dict[str, Any]) -> None:
    row, wanted = _claim(case["facts"]), case["expect"]
    proposed = propose(row, law())
    assert Finding(only(proposed.finding)).name.lower() == wanted["finding"]
    reason = Reason(only(proposed.reason)).name.lower()
    assert reason == wanted.get("reason", "seller_silent")
    assert Basis(only(proposed.basis)).name.lower() == wanted["basis"]
    told = (proposed.refund_minor, proposed.freight_minor, proposed.compensation_minor)
    assert [only(c) for c in told] == [fen(wanted[n]) for n in ("refund", "freight", "on_top")]
    assert only(proposed.punitive_minor) == fen(wanted.get("punitive", "0.00"))
    assert proposed.fund_minor.tolist() == [0]
    if "clear" in wanted:
        assert proposed.is_clear.tolist() == [wanted["clear"]]
    said = explained(row, proposed, law(), clauses={}, currency="CNY")[0]
    lines = "\n".join(line.en for line in said.lines)
    for words in case.get("says", []):
        assert words in lines
    changes = "\n".join(line.en for line in said.changes)
    for words in case.get("changes", []):
        assert words in changes
    # The sums of the lines are what is paid, to the fen.
    assert sum(line.amount_minor for line in said.lines) == only(total(proposed))
    assert all(line.zh and line.en for line in (*said.lines, *said.changes))


def claims_of_all_kinds(count: int) -> st.SearchStrategy[ClaimFacts]:
    money, flag = st.integers(0, 10_000_000), st.booleans()
    moment = st.one_of(st.just(FAR_US), st.integers(ORDERED, ORDERED + 40 * DAY))
    one = st.fixed_dictionaries(
        {
            "category_id": st.integers(0, 20), "kind": st.sampled_from(list(ClaimKind)),
            "ask": st.sampled_from(list(Ask)), "stage": st.sampled_from(list(Stage)),
            "ordered_us": st.integers(ORDERED - 3000 * DAY, ORDERED),
            "signed_us": moment, "completed_us": moment,
            "filed_us": st.integers(ORDERED, ORDERED + 60 * DAY),
            "judged_us": st.integers(ORDERED, ORDERED + 90 * DAY),
            "goods_minor": money, "freight_minor": st.integers(0, 10_000),
            "refunded_minor": money, "compensated_minor": st.integers(0, 100_000),
            "loss_minor": money, "asked_minor": st.one_of(st.just(0), money),
            "evidence_buyer": st.integers(0, 2**21 - 1),
            "evidence_seller": st.integers(0, 2**21 - 1),
            "promises": st.integers(0, 2**18 - 1), "abuse": st.integers(0, 15),
            "seller_due_us": moment, "buyer_due_us": moment,
            "is_shipped": flag, "is_answered": flag, "is_denied": flag, "is_accepted": flag,
            "is_cured": flag, "is_person_asked": flag,
            "similar_upheld": st.integers(0, 9), "similar_sold": st.integers(0, 500),
            "units": st.integers(1, 20), "before_units": st.integers(0, 9),
            "before_goods_minor": money, "before_paid_minor": money,
        }
    )  # fmt: skip
    many = st.lists(one, min_size=count, max_size=count)
    return many.map(lambda rows: ClaimFacts.concat([facts(**row) for row in rows]))


@settings(max_examples=60)
@given(claims_of_all_kinds(6))
def test_every_claim_keeps_the_laws(f: ClaimFacts) -> None:
    whole, most = propose(f, law()), exposure(f, law())
    # A batch is a stack of singles.
    for row in range(len(f)):
        one = propose(f.take(np.array([row])), law())
        for name, column in one.as_dict().items():
            assert column.tolist() == [getattr(whole, name)[row]], name
    assert set(whole.reason.tolist()) <= {int(r) for r in Reason}, "every proposal has a reason"
    paid = total(whole)
    assert (paid + whole.punitive_minor - whole.fund_minor <= most).all()
    assert (whole.refund_minor <= np.maximum(f.goods_minor - f.refunded_minor, 0)).all()
    assert (whole.freight_minor <= f.freight_minor).all()
    assert ((f.asked_minor == 0) | (paid <= f.asked_minor)).all()
    assert (paid[whole.finding == Finding.REJECTED] == 0).all()
    assert ((whole.compensation_minor > 0) == (whole.basis > 0)).all()
    for column in (whole.refund_minor, whole.freight_minor, whole.compensation_minor,
                   whole.punitive_minor, whole.fund_minor, most):  # fmt: skip
        assert (column >= 0).all()
    # What is missing is named with its party and its time, and only where the burden decides.
    assert ((whole.missing > 0) == (whole.missing_party > 0)).all()
    assert (whole.missing[whole.finding == Finding.OPEN] > 0).all()
    assert not (whole.is_clear & (f.is_person_asked | (f.abuse > 0))).any()
    said = explained(f, whole, law(), clauses={}, currency="CNY")
    sums = [sum(line.amount_minor for line in one.lines) for one in said]
    assert sums == paid.tolist()


@settings(max_examples=30)
@given(claims_of_all_kinds(4))
def test_later_terms_change_nothing_earlier(f: ClaimFacts) -> None:
    made = pack("cn")
    later = ORDERED + DAY
    changed = []
    for term in made.terms:
        if term.table in {"claims", "burdens", "awards"} and term.begins_us < later < term.ends_us:
            values = dict(term.values)
            if "rule_most_minor" in values:
                values |= {"is_heard": False, "rule_most_minor": 1}
            changed += [
                replace(term, ends_us=later),
                replace(term, begins_us=later, values=values, term_id=term.term_id + 1),
            ]
        else:
            changed.append(term)
    new = law_from(replace(made, terms=tuple(changed)))
    assert propose(f, new).as_dict().keys() == propose(f, law()).as_dict().keys()
    for name, column in propose(f, new).as_dict().items():
        assert column.tolist() == getattr(propose(f, law()), name).tolist(), name
    ordered_later = replace(f, ordered_us=np.full(len(f), later))
    refused = propose(ordered_later, new).reason[~f.is_accepted]
    assert (refused == Reason.NOT_HEARD).all()


def test_the_fund_bears_what_the_pack_says_and_the_seller_the_rest() -> None:
    made = pack("cn")
    terms = tuple(
        replace(t, values={**t.values, "fund_bps": 3_333})
        if t.key == "not_as_described.general" and t.table == "claims" else t
        for t in made.terms
    )  # fmt: skip
    row = facts(evidence_buyer=1 << Kind.PHOTO, goods_minor=9_999, freight_minor=0)
    one = propose(row, law_from(replace(made, terms=terms)))
    assert (only(one.refund_minor), only(one.fund_minor)) == (9_999, 3_332)  # rounds down
    assert exposure(row, law_from(replace(made, terms=terms))).tolist() == [9_999 - 3_332]


def test_signs_of_abuse() -> None:
    t = law().claims.take(np.zeros(5, np.int64))
    t = replace(t, reasonable_units=np.array([0, 6, 6, 6, 6]))
    r = law().rules.take(np.zeros(5, np.int64))
    around = Around(
        is_photo_known=np.array([False, True, True, False, False]),
        is_photo_of_others=np.array([False, False, True, False, False]),
        bought_units=np.array([99, 6, 6, 7, 0]),
        filed_before=np.array([4, 0, 0, 0, 5]),
    )
    assert signs(around, t, r).tolist() == [
        0,
        AbuseSign.REUSED_PHOTO,
        AbuseSign.REUSED_PHOTO | AbuseSign.SWAPPED_GOODS,
        AbuseSign.MUCH_CONSUMED,
        AbuseSign.FREQUENT,
    ]
