"""Every code has words in both languages, and PayPal's name of the same thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SHARED
from xiaobao.hearings.facts import (
    BY_WORDS,
    GROUND_WORDS,
    JUROR_WORDS,
    OUTCOME_WORDS,
    PAYPAL_OUTCOME,
    PAYPAL_REASON,
    VOTE_WORDS,
    Ground,
    JurorKind,
    Outcome,
    RuledBy,
    Vote,
    paypal_types,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import IntEnum

    from xiaobao.claims.facts import Words

ENUMS = SHARED / "data/formats/paypal/enums.json"


@pytest.mark.parametrize(
    ("codes", "words"),
    [(Ground, GROUND_WORDS), (Outcome, OUTCOME_WORDS), (RuledBy, BY_WORDS),
     (JurorKind, JUROR_WORDS), (Vote, VOTE_WORDS)],
    ids=lambda one: getattr(one, "__name__", ""),
)  # fmt: skip
def test_every_code_has_words(codes: type[IntEnum], words: Mapping[IntEnum, Words]) -> None:
    assert set(words) == set(codes)
    assert all(one.zh and one.en and one.zh != one.en for one in words.values())
    assert len({one.en for one in words.values()}) == len(words)


@pytest.mark.skipif(not ENUMS.is_file(), reason=f"PayPal's vocabulary is not at {ENUMS}")
def test_our_reasons_have_a_place_in_paypals_vocabulary() -> None:
    published = json.loads(ENUMS.read_text())
    assert set(PAYPAL_REASON) == set(Ground)
    assert set(PAYPAL_REASON.values()) <= set(published["adjudication_reason"])
    # One name each, but for what a promise does not reach: there PayPal has one for all.
    shared = [ground for ground, name in PAYPAL_REASON.items()
              if name == PAYPAL_REASON[Ground.NOT_COVERED]]  # fmt: skip
    assert shared == [Ground.NOT_COVERED, Ground.TOO_LATE, Ground.ASK_NOT_OFFERED,
                      Ground.SHIPPED_ALREADY, Ground.NOTHING_ON_TOP]  # fmt: skip
    assert len(set(PAYPAL_REASON.values())) == len(PAYPAL_REASON) - len(shared) + 1
    assert set(PAYPAL_OUTCOME) == set(Outcome)
    assert set(PAYPAL_OUTCOME.values()) <= set(published["dispute_outcome.outcome_code"])
    types = {
        one
        for outcome in Outcome
        for paid, bears in ((0, 0), (5, 0), (0, 5), (5, 5))
        for one in paypal_types(paid_minor=paid, bears_minor=bears, outcome=outcome)
    }
    assert types == set(published["adjudication_type"]) - {"PAYOUT_TO_SELLER"}


def test_who_pays_and_who_gets_are_told_apart() -> None:
    assert paypal_types(paid_minor=5, bears_minor=0, outcome=Outcome.UPHELD) == ["PAYOUT_TO_BUYER"]
    assert paypal_types(paid_minor=0, bears_minor=0, outcome=Outcome.REJECTED) == ["DENY_BUYER"]
