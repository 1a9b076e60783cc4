"""Shapes of sellers: standing and what moves it, profile, rows for pages; all frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class Standing(IntEnum):
    """Where a seller stands towards the guarantee."""

    INVITED = 1
    SIGNED = 2
    ACTIVE = 3
    RESTRICTED = 4
    EXITING = 5
    EXITED = 6
    FORCED_OUT = 7  # running promises stay alive until their tails end


# Of who has left the guarantee no deposit is asked for any more.
LEFT = (Standing.EXITED, Standing.FORCED_OUT)


class Event(IntEnum):
    """What moves a seller's standing."""

    INVITE = 1
    SIGN = 2
    ACTIVATE = 3
    RESTRICT = 4
    LIFT = 5
    LEAVE = 6  # an exit is under way
    STAY = 7  # the exit was called off
    FINISH = 8  # the exit is done, or the tails of a forced one have ended
    FORCE_OUT = 9


class Restriction(IntEnum):
    """Why a seller is restricted; the causes are bits, so lifting one leaves the other."""

    SHORTFALL = 1
    PENALTY = 2


# zh, en; the glossary's words.
STANDING_WORDS = {
    Standing.INVITED: ("已邀请", "invited"),
    Standing.SIGNED: ("已签约", "signed"),
    Standing.ACTIVE: ("正常", "active"),
    Standing.RESTRICTED: ("受限", "restricted"),
    Standing.EXITING: ("退保中", "exiting"),
    Standing.EXITED: ("已退保", "exited"),
    Standing.FORCED_OUT: ("强制退保", "forced out"),
}
EVENT_WORDS = {
    Event.INVITE: ("邀请", "invited"),
    Event.SIGN: ("签署协议", "agreement signed"),
    Event.ACTIVATE: ("加入消保", "joined the guarantee"),
    Event.RESTRICT: ("限制", "restricted"),
    Event.LIFT: ("解除限制", "restriction lifted"),
    Event.LEAVE: ("申请退保", "applied to exit"),
    Event.STAY: ("撤回退保", "exit called off"),
    Event.FINISH: ("退保完成", "exit finished"),
    Event.FORCE_OUT: ("强制退保", "forced out"),
}
RESTRICTION_WORDS = {
    Restriction.SHORTFALL: ("保证金缺口", "deposit shortfall"),
    Restriction.PENALTY: ("处罚", "penalty"),
}


@dataclass(frozen=True, slots=True)
class Standings(Columns):
    """Sellers as they stand, one row per seller known."""

    seller_id: Int
    market_id: Int
    state: Int  # Standing
    restricted_by: Int  # bits of Restriction
    seq: Int  # of the last entry in the history
    since_us: Int


@dataclass(frozen=True)
class ProfilePart:
    """One part of a shop's profile and its weight in the whole."""

    field: str
    weight_bps: int
    zh: str
    en: str


# The weights are this project's own choice: what a buyer needs to reach and judge a shop weighs
# most (E-Commerce Law arts. 15 and 17: identity, licence, true and full information).
PROFILE_PARTS = (
    ProfilePart("legal_name", 2000, "经营者名称", "legal name"),
    ProfilePart("licence_number", 1500, "营业执照号或身份核验号", "licence or identity number"),
    ProfilePart("phone", 1500, "客服电话", "service telephone"),
    ProfilePart("address", 1000, "经营地址", "business address"),
    ProfilePart("return_address", 1500, "退货地址", "return address"),
    ProfilePart("payout_account", 1500, "收款账户", "bound account"),
    ProfilePart("service_hours", 500, "客服时间", "service hours"),
    ProfilePart("about", 500, "店铺介绍", "about the shop"),
)


# Where money goes back to, and in whose name: with these changed it goes to somebody else.
PAYEE_FIELDS = ("payout_account", "legal_name")


@dataclass(frozen=True)
class PayeeChange:
    """Money goes back elsewhere, or in another name; `phone_before` is whom to ask about it."""

    changed_at: datetime
    changed_by: str
    account: str
    account_before: str
    holder: str
    holder_before: str
    phone_before: str


@dataclass(frozen=True)
class Completeness:
    """How complete a profile is, and what is missing."""

    complete_bps: int
    missing: tuple[ProfilePart, ...]


@dataclass(frozen=True)
class SellerRow:
    """One seller, for pages and commands."""

    seller_id: int
    name: str
    market_id: int
    currency: str
    category: str
    is_natural_person: bool
    state: Standing
    restricted_by: tuple[Restriction, ...]
    invited_at: datetime
    since: datetime

    @property
    def has_left(self) -> bool:
        """Whether it is out of the guarantee: nothing new is promised, nothing required."""
        return self.state in LEFT


@dataclass(frozen=True)
class StandingRow:
    """One entry of a seller's history."""

    seq: int
    event: Event
    state: Standing
    restricted_by: tuple[Restriction, ...]
    happened_at: datetime


@dataclass(frozen=True)
class PromiseRow:
    """A promise the seller gives, and over which span."""

    promise: int
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class SignatureRow:
    """An agreement as it was signed."""

    version: str
    language: str
    text_sha256: str
    signed_at: datetime
    signed_by: str


@dataclass(frozen=True)
class ItemRow:
    """A covered item as it stands."""

    item_id: int
    name: str
    is_marked: bool
    since: datetime


@dataclass(frozen=True)
class MarkReport:
    """What marking or unmarking changed."""

    changed: int
    unchanged: int  # stood that way already
    # Names what changed, so that it can be undone as a whole; None where nothing did.
    batch: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class BatchRow:
    """One act of marking or unmarking: what it changed, and of that, what still stands so."""

    batch: UUID
    is_marked: bool
    marked_at: datetime
    items: int
    standing: int


@dataclass(frozen=True)
class MarkPlan:
    """What marking or unmarking would change, before it is done."""

    names: tuple[str, ...]  # of the items that would change
    unchanged: int
    covered_before: int
    is_unusual: bool  # far more at once than this seller covers


@dataclass(frozen=True)
class AnswerRow:
    """What a seller said to an announced version of the policy pack, and when."""

    pack_id: int
    version: str
    is_accepted: bool
    said_at: datetime
    said_by: str


@dataclass(frozen=True)
class Objection:
    """A seller does not accept an announced version and may leave under the terms before it.

    Those of the moment `terms_us`, the last before the version's effect, govern the exit and the
    responsibility for its running orders (E-Commerce Law, article 34).
    """

    seller_id: int
    pack_id: int
    version: str
    said_at: datetime
    said_by: str
    effective_us: int
    terms_us: int


@dataclass(frozen=True)
class PolicyNoticeRow:
    """What an announced version changes for a seller, as it was told.

    `before_minor` and `after_minor` are what its own orders pay under the rules before and after.
    """

    pack_id: int
    told_at: datetime
    orders: int
    before_minor: int
    after_minor: int
    lines: tuple[dict[str, str], ...]
