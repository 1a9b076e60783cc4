"""The numbers of claims: windows, burdens of proof, what is paid on top, patterns and abuse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum  # noqa: TC003 (dataclasses read it)
from typing import ClassVar

from xiaobao.claims.facts import ClaimKind, Ground, Stage
from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class ClaimTerms(Columns):
    """Per kind of claim and category: until when it may be filed, and what a rule may decide."""

    TABLE: ClassVar[str] = "claims"
    KEY: ClassVar[type[ClaimKind] | None] = ClaimKind
    KEY_IS_CATEGORY: ClassVar[bool] = True

    version: Int
    is_heard: Mask
    counts_from: Int  # CountsFrom
    window_amount: Int
    window_unit: Int  # promises.facts.ClockUnit
    lifted_by: Int  # bits of evidence of the buyer that lifts the window
    needs_promise: Int  # the promise that the claim rests on; 0 for none
    price_asks: Int  # bits of what may be asked that brings the price back
    is_freight_returned: Mask  # with the price
    fund_bps: Int  # of what the buyer gets, borne by the guarantee fund for good
    rounding: Int  # of the fund's part
    is_rule_decided: Mask
    rule_most_minor: Int  # above it a person decides
    reasonable_units: Int  # of one item per buyer in `reasonable_days`; 0 for any number
    seller_proves_days: Int  # from receipt: the seller shows first, whatever was confirmed


@dataclass(frozen=True, slots=True)
class BurdenTerms(Columns):
    """Per kind of claim and stage: what may be asked, and who shows what, one after another.

    A step is met by any one of its kinds of evidence. `…_silent` is how the claim ends where its
    party shows nothing, `…_other` where it shows only something else; `bare_denial` where the
    seller whose turn it is denied and showed nothing; `all_shown` where every step is met.
    """

    TABLE: ClassVar[str] = "burdens"
    KEYS: ClassVar[tuple[type[IntEnum], type[IntEnum]]] = (ClaimKind, Stage)

    version: Int
    may_ask: Int  # bits of Ask
    asks_until_shipped: Int  # of these, those that end with the first scan
    first: Int  # Party; 0 for nobody
    first_shows: Int  # bits of evidence
    first_silent: Int  # Outcome
    first_other: Int
    then: Int
    then_shows: Int
    then_silent: Int
    then_other: Int
    last: Int
    last_shows: Int
    last_silent: Int
    last_other: Int
    bare_denial: Int
    has_cure: Mask  # what is missing may be shown in one more period
    all_shown: Int


@dataclass(frozen=True, slots=True)
class AwardTerms(Columns):
    """Per kind of claim and ground: what is paid on top of the price.

    The most of clamp(share of the price, least, most) and of a share of the loss shown, which is
    no more than `most` either: further loss, or what sending goods back cost.
    """

    TABLE: ClassVar[str] = "awards"
    KEYS: ClassVar[tuple[type[IntEnum], type[IntEnum]]] = (ClaimKind, Ground)

    version: Int
    needs_promise: Int
    award_asks: Int  # bits of Ask
    price_bps: Int
    loss_bps: Int
    least_minor: Int
    most_minor: Int
    platform_bps: Int  # the punitive part beside it, as a share of what the buyer gets on top
    is_for_reasonable_use: Mask  # beyond it the price is not multiplied; small ones are summed
    rounding: Int


@dataclass(frozen=True, slots=True)
class ClaimRules(Columns):
    """When claims make a pattern, and what is unusual."""

    TABLE: ClassVar[str] = "claim_rules"
    KEY: ClassVar[type[ClaimKind] | None] = None

    version: Int
    pattern_claims: Int  # so many others upheld ...
    pattern_bps: Int  # ... and such a share of the units sold: the buyer need show nothing more
    pattern_days: Int
    frequent_claims: Int  # more of one buyer are unusual
    frequent_days: Int
    reasonable_days: Int


@dataclass(frozen=True, slots=True)
class CostOfTestTerms(Columns):
    """Tests and appraisals that the platform orders; a market without a row orders none."""

    TABLE: ClassVar[str] = "test_rules"
    KEY: ClassVar[type[ClaimKind] | None] = None

    version: Int
    loser_bps: Int  # of the cost, borne by whoever loses; the rest by the platform
    most_minor: Int
    most_days: Int  # until the result: so long every clock stands still
    rounding: Int
