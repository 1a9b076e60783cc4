"""Verbs about deposits: quote, lodge, withhold, cover, and the ladder of a shortfall."""

from xiaobao.deposits.acts.causes import AmountNotPositive, SellerUnknown
from xiaobao.deposits.acts.covering import (
    CoverDiffers,
    CoverOverlaps,
    CoverSpanEmpty,
    PremiumNotThere,
    add_cover,
    draw_cover,
    return_cover,
)
from xiaobao.deposits.acts.ladder import (
    LadderReport,
    check_shortfalls,
    climb_ladder,
)
from xiaobao.deposits.acts.lodging import (
    LodgementAnswered,
    LodgementDiffers,
    LodgementEnding,
    LodgementUnknown,
    begin_calling_off,
    confirm_lodgements,
    fail_lodgements,
    fail_what_did_not_come,
    mark_lodgements_unknown,
    request_lodgements,
)
from xiaobao.deposits.acts.mixing import (
    InstalmentsRun,
    MixOutOfRange,
    NothingToSpread,
    move_due_instalments,
    pay_in_instalments,
    withhold_share,
)
from xiaobao.deposits.acts.quoting import (
    quote_deposits,
    quote_due,
)
from xiaobao.deposits.acts.releasing import releases_due
from xiaobao.deposits.acts.settlements import (
    confirm_releases,
    release_settlement,
    withhold_settlement,
)

__all__ = [
    "AmountNotPositive",
    "CoverDiffers",
    "CoverOverlaps",
    "CoverSpanEmpty",
    "InstalmentsRun",
    "LadderReport",
    "LodgementAnswered",
    "LodgementDiffers",
    "LodgementEnding",
    "LodgementUnknown",
    "MixOutOfRange",
    "NothingToSpread",
    "PremiumNotThere",
    "SellerUnknown",
    "add_cover",
    "begin_calling_off",
    "check_shortfalls",
    "climb_ladder",
    "confirm_lodgements",
    "confirm_releases",
    "draw_cover",
    "fail_lodgements",
    "fail_what_did_not_come",
    "mark_lodgements_unknown",
    "move_due_instalments",
    "pay_in_instalments",
    "quote_deposits",
    "quote_due",
    "release_settlement",
    "releases_due",
    "request_lodgements",
    "return_cover",
    "withhold_settlement",
    "withhold_share",
]
