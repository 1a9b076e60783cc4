"""Shapes of a generated marketplace: how large, which shops, what truly became of each order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from xiaobao.kernel.columns import Columns, Int, Mask

MARKET = "cn"
CURRENCY = "CNY"
ZONE = ZoneInfo("Asia/Shanghai")
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
# A marketplace made by another version of this package is another one, whatever the plan.
VERSION = 4
NEVER = 1_000_000  # a day that does not come


class ShopKind(IntEnum):
    """What a shop truly is; the guarantee is never told."""

    GOOD = 0
    SLOPPY = 1
    CHEATING = 2


class LodgeHabit(IntEnum):
    """How a shop meets what is asked of it."""

    AT_ONCE = 0
    LATE = 1
    SHORT = 2
    ZERO_START = 3  # joins later and lodges when first asked


class Fate(IntEnum):
    """What truly became of an order; the guarantee sees only facts."""

    SHIPPED = 0
    SHIPPED_LATE = 1
    UNPAID = 2
    BUYER_CANCELLED = 3
    OUT_OF_STOCK = 4
    PRICE_RISE = 5
    SELECTIVE = 6
    DISGUISED = 7  # talked into cancelling: looks like BUYER_CANCELLED
    FAKE = 8
    VANISHED = 9  # the shop took the money and was gone before it shipped


class Answer(IntEnum):
    """What a shop does about a claim."""

    ACCEPT = 0
    OFFER = 1
    DENY_WITH_EVIDENCE = 2
    DENY = 3
    SILENCE = 4


# zh, en
KIND_WORDS = {
    ShopKind.GOOD: ("好店", "good"),
    ShopKind.SLOPPY: ("马虎店", "sloppy"),
    ShopKind.CHEATING: ("欺诈店", "cheating"),
}


@dataclass(frozen=True)
class Plan:
    """How large a marketplace, and from which seed: the same plan makes the same marketplace."""

    seed: int = 7
    sellers: int = 200
    orders: int = 20_000
    days: int = 120
    first_day: date = date(2025, 8, 1)

    def __post_init__(self) -> None:
        assert self.seed >= 0, "a seed is not negative"
        assert min(self.sellers, self.orders, self.days) >= 1, "a marketplace is not empty"

    def day_starts(self, day: int) -> datetime:
        """The midnight, in the market's zone, at which a day (counted from 0) begins."""
        midnight = datetime.combine(
            self.first_day + timedelta(days=day), datetime.min.time(), ZONE
        )
        return midnight.astimezone(UTC)

    def day_of(self, moment_us: int) -> int:
        """Which day, counted from 0, a moment lies in."""
        return (moment_us - self.start_us) // DAY_US

    def day_ends(self, day: int) -> datetime:
        return self.day_starts(day + 1)

    @property
    def start_us(self) -> int:
        return int(self.day_starts(0).timestamp()) * 1_000_000

    @property
    def end_us(self) -> int:
        return self.start_us + self.days * DAY_US


@dataclass(frozen=True, slots=True)
class Shops(Columns):
    """Shops as they are planned, one row each; `weight_ppm` is the share of the trade."""

    kind: Int  # ShopKind
    category: Int  # position among figures.categories()
    region: Int
    joins_day: Int
    leaves_day: Int  # from this day on it sells, ships, refunds and lodges nothing; NEVER
    weight_ppm: Int
    items: Int  # how many it sells
    items_marked: Int  # how many of them it marks as covered, from the first
    profile_parts: Int  # how many parts of its profile it fills in
    habit: Int  # LodgeHabit
    lodge_delay_days: Int
    lodge_share_bps: Int  # of what is asked, at the first lodgement
    tops_up: Mask
    top_up_delay_days: Int
    cover_minor: Int  # insured limit from joining on; 0 where none


@dataclass(frozen=True, slots=True)
class Orders(Columns):
    """Orders as they truly were, one row each, in the order of their numbers."""

    shop: Int
    buyer: Int
    placed_us: Int
    goods_minor: Int
    freight_minor: Int
    fate: Int  # Fate
    is_refund_overdue: Mask
    is_cheated: Mask  # the shop meant it
    is_harmed: Mask  # the buyer waited, lost, or was cheated
    complains: Mask  # and would have said so
    settled_day: Int  # on which the shop is paid for it; NEVER
    settled_minor: Int


@dataclass(frozen=True, slots=True)
class Settlements(Columns):
    """What shops are to be paid for completed orders, one row per shop and day."""

    day: Int
    shop: Int
    amount_minor: Int
    orders: Int


@dataclass(frozen=True, slots=True)
class Claims(Columns):
    """Claims as they are planned, one row each; each step has a day of its own."""

    order: Int  # position among the orders
    kind: Int  # claims.facts.ClaimKind
    ask: Int  # claims.facts.Ask
    is_true: Mask  # what is claimed happened; the guarantee is never told
    is_late: Mask  # long after the goods were signed for
    picture: Int  # of the buyer's; negative ones are shared by claims that are made up
    filed_us: Int
    answer: Int  # Answer
    answers_us: Int
    offer_bps: Int  # of the order's price
    replies_us: Int  # of the buyer, to an offer
    accepts: Mask
    waits_days: Int  # until a person rules
    goes_to_jury: Mask  # where both sides showed something
    sees_true: Mask  # that person takes the claim for true
    appeals: Mask  # whoever loses
    sees_true_again: Mask  # the other person, on appeal
