"""What a ruling comes to, whatever stood before: sums that add up, and nobody paid twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.claims.facts import ClaimFacts, ClaimKind, Finding, Proposal, Reason
from xiaobao.claims.rules.refusals import REFUSALS
from xiaobao.hearings.facts import Before, Decided, Ground, Outcome, RuledBy, Said, Verdict
from xiaobao.hearings.rules.deciding import decide, exceeds
from xiaobao.kernel.columns import Columns

C = TypeVar("C", bound=Columns)
money = st.integers(0, 50) | st.integers(0, 10**9)
SUMS = ("refund_minor", "freight_minor", "compensation_minor", "punitive_minor")
PARTS = SUMS[:3]


def columns(shape: type[C], /, **values: int | bool) -> C:
    """One row of columns that are zero but for these."""
    marks = {n for n in shape.names() if n.startswith("is_")}
    row: dict[str, Any] = {
        n: np.zeros(1, np.bool_ if n in marks else np.int64) for n in shape.names()
    }
    return shape(**row | {name: np.array([value]) for name, value in values.items()})


def facts(**values: int | bool) -> ClaimFacts:
    return columns(ClaimFacts, **{"kind": int(ClaimKind.NOT_AS_DESCRIBED)} | values)


def proposal(**values: int) -> Proposal:
    return columns(Proposal, **{"finding": int(Finding.NEEDS_PERSON)} | values)


@st.composite
def hearings(draw: st.DrawFn) -> tuple[Proposal, Before, Said]:
    """A proposal, what stands, and what is said, of one claim."""
    proposed = {name: draw(money) for name in SUMS}
    paid = {name: draw(st.just(0) | money) for name in PARTS}
    punitive = draw(st.just(0) | money)
    bears = draw(st.integers(0, sum(paid.values()) + punitive))
    stands = paid | {"punitive_minor": punitive, "bears_minor": bears}
    is_counted = draw(st.booleans())
    # A part of it stood already when the claim was reopened.
    counted = {n: draw(st.integers(0, most)) if is_counted else 0 for n, most in stands.items()}
    before = columns(
        Before, **{f"paid_{name}": value for name, value in paid.items()},
        **{f"counted_{name}": value for name, value in counted.items()},
        punitive_minor=punitive, bears_minor=bears, is_counted=is_counted,
    )  # fmt: skip
    fund = draw(st.integers(0, sum(proposed[name] for name in PARTS)))
    by = draw(st.sampled_from(list(RuledBy)))
    verdict = draw(st.sampled_from(list(Verdict))) if by == RuledBy.PERSON else Verdict.UPHOLD
    said = columns(Said, by=by, verdict=verdict, **{name: draw(money) for name in SUMS})
    return proposal(**proposed, fund_minor=fund), before, said


def total(columns_of: Any, *, names: tuple[str, ...] = PARTS, prefix: str = "") -> int:
    return sum(int(getattr(columns_of, prefix + name)[0]) for name in names)


@given(hearings(), st.just(0) | money)
def test_money_adds_up_and_is_paid_once(case: tuple[Proposal, Before, Said], test: int) -> None:
    proposed, before, said = case
    tested = facts(test_minor=test)
    d = decide(tested, proposed, before, said)
    one = {name: int(column[0]) for name, column in d.as_dict().items()}
    assert all(value >= 0 for value in one.values())
    due, paid = total(d), total(before, prefix="paid_")
    pays = total(d, prefix="pay_")
    # The buyer is made whole up to what is due, and never beyond what was paid already.
    assert paid + pays == max(due, paid)
    # What is paid and charged now, with what the seller bore, is what it bears.
    stands = 0 if one["is_reversed"] else int(before.bears_minor[0])
    assert stands + (pays - one["granted_minor"]) + one["platform_minor"] == one["bears_minor"]
    # The seller never bears more than what the claim comes to, and the punitive part.
    own = int(before.counted_bears_minor[0])
    assert one["bears_minor"] - own <= due + one["punitive_minor"] + one["test_minor"]
    # The test is borne by one of the two, or, where the platform was late, by neither.
    borne = (one["test_minor"], one["test_owed_minor"])
    assert borne in ({(0, 0)} if said.by[0] == RuledBy.DEFAULT else {(test, 0), (0, test)})
    if said.by[0] == RuledBy.DEFAULT:
        assert one["bears_minor"] == own
    # Ruled the same again, nothing more moves; rejected, the seller bears what it did before.
    stood = replace(
        before,
        **{f"paid_{n}": getattr(before, f"paid_{n}") + one[f"pay_{n}"] for n in PARTS},
        punitive_minor=np.array([one["punitive_minor"]]),
        bears_minor=np.array([one["bears_minor"]]),
    )
    again = decide(tested, proposed, stood, said)
    assert total(again, prefix="pay_") == 0
    assert (again.platform_minor[0], again.is_reversed[0]) == (0, False)
    rejected = columns(Said, by=RuledBy.PERSON, verdict=Verdict.REJECT)
    assert decide(tested, proposed, stood, rejected).bears_minor[0] == own


@given(st.lists(hearings(), min_size=1, max_size=5))
def test_a_batch_is_a_stack_of_singles(cases: list[tuple[Proposal, Before, Said]]) -> None:
    parts = [type(part).concat([case[i] for case in cases]) for i, part in enumerate(cases[0])]
    whole: Decided = decide(ClaimFacts.concat([facts()] * len(cases)), *parts)  # type: ignore[arg-type]
    for row, case in enumerate(cases):
        single = decide(facts(), *case)
        for name, column in single.as_dict().items():
            assert getattr(whole, name)[row] == column[0]


def test_a_person_departs_where_another_sum_is_said_than_proposed() -> None:
    before = columns(Before)
    for finding, verdict, departs in (
        (Finding.UPHELD, Verdict.UPHOLD, False),
        (Finding.UPHELD, Verdict.REJECT, True),
        (Finding.NEEDS_PERSON, Verdict.REJECT, False),
        (Finding.NEEDS_PERSON, Verdict.AMOUNTS, True),
    ):
        said = columns(Said, by=RuledBy.PERSON, verdict=verdict, refund_minor=40)
        d = decide(facts(), proposal(finding=finding, refund_minor=90), before, said)
        assert bool(d.is_departure[0]) == departs
    assert (d.outcome[0], d.ground[0]) == (Outcome.PARTLY, Ground.NOT_AS_DESCRIBED)


GROUND_OF = {
    Reason.NOT_HEARD: Ground.NOT_COVERED,
    Reason.NOT_PROMISED: Ground.NOT_COVERED,
    Reason.ASK_NOT_OFFERED: Ground.ASK_NOT_OFFERED,
    Reason.SHIPPED_ALREADY: Ground.SHIPPED_ALREADY,
    Reason.TOO_LATE: Ground.TOO_LATE,
    Reason.NOTHING_ON_TOP: Ground.NOTHING_ON_TOP,
    Reason.ALREADY_WHOLE: Ground.ALREADY_WHOLE,
}


def test_a_refused_claim_is_rejected_on_the_ground_of_its_refusal() -> None:
    assert set(GROUND_OF) == set(REFUSALS)
    for kind in ClaimKind:
        for reason, ground in GROUND_OF.items():
            refused = proposal(finding=Finding.REJECTED, reason=reason)
            for by, verdict in ((RuledBy.RULE, Verdict.UPHOLD), (RuledBy.PERSON, Verdict.REJECT)):
                said = columns(Said, by=by, verdict=verdict)
                d = decide(facts(kind=kind), refused, columns(Before), said)
                assert (d.outcome[0], d.ground[0]) == (Outcome.REJECTED, ground)


def test_the_ground_of_a_refusal_yields_to_what_is_named_and_to_what_is_paid() -> None:
    damaged = facts(kind=ClaimKind.DAMAGED)
    late = proposal(finding=Finding.REJECTED, reason=Reason.TOO_LATE)
    for asked, said, ground in (
        (late, {"verdict": Verdict.REJECT, "ground": Ground.NOT_DAMAGED}, Ground.NOT_DAMAGED),
        (late, {"verdict": Verdict.REJECT, "is_fraud": True}, Ground.BUYER_FRAUD),
        (late, {"verdict": Verdict.AMOUNTS, "refund_minor": 5}, Ground.QUALITY_OR_QUANTITY),
        (proposal(reason=Reason.ALL_SHOWN), {"verdict": Verdict.REJECT}, Ground.NOT_DAMAGED),
    ):
        d = decide(damaged, asked, columns(Before), columns(Said, by=RuledBy.PERSON, **said))
        assert d.ground[0] == ground


def test_sums_stay_within_price_freight_and_what_is_at_stake() -> None:
    known = facts(goods_minor=100, refunded_minor=30, freight_minor=5)
    limit = np.array([80])
    said = columns(Said, verdict=Verdict.AMOUNTS, refund_minor=70, freight_minor=5,
                   compensation_minor=5)  # fmt: skip
    assert not exceeds(known, limit, said)[0]
    for name in ("refund_minor", "freight_minor", "compensation_minor"):
        more = replace(said, **{name: getattr(said, name) + 1})
        assert exceeds(known, limit, more)[0]
