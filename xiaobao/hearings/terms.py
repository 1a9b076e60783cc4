"""The numbers of hearings: what rules rule alone, what a missed clock means, appeals, jury."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class HearingTerms(Columns):
    """One row at a time, as in force when the order was placed."""

    TABLE: ClassVar[str] = "hearings"
    KEY: ClassVar[None] = None

    version: Int
    is_ruled_by_rule: Mask  # clear cases, where nobody asks for a person
    rule_most_minor: Int  # and no more than this is at stake
    is_default_for_buyer: Mask  # a ruling that the platform missed is paid by the fund
    default_most_minor: Int
    appeals_most: Int  # of each party
    is_new_information_needed: Mask  # to appeal
    is_jury: Mask
    is_jury_binding: Mask
    jury_most_minor: Int  # at stake, for a jury to be called
    jury_buyers: Int  # seats of each kind of juror
    jury_sellers: Int
    jury_experts: Int
    jury_quorum: Int  # votes without which the jury has said nothing
    jury_majority_bps: Int  # of the weight; more than this decides
    jury_commit_hours: Int
    jury_reveal_hours: Int
    jury_test_cases: Int  # known cases that a juror must have judged
    jury_accuracy_bps: Int  # of which this share rightly
