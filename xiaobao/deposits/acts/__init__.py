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
from xiaobao.deposits.acts.freezing import (
    keep_frozen,
    let_go_of_frozen,
    look_later,
    look_soon,
    lose_frozen,
    reserve_frozen,
    tell_of_ends,
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
    LodgementOtherWay,
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
from xiaobao.deposits.acts.renaming import rename_takings
from xiaobao.deposits.acts.settlements import (
    confirm_releases,
    release_settlement,
    withhold_settlement,
)
from xiaobao.deposits.acts.taking import (
    TakingAnswers,
    ask_takings,
    call_back_takings,
    claim_due_takings,
    record_takings,
    send_takings_again,
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
    "LodgementOtherWay",
    "LodgementUnknown",
    "MixOutOfRange",
    "NothingToSpread",
    "PremiumNotThere",
    "SellerUnknown",
    "TakingAnswers",
    "add_cover",
    "ask_takings",
    "begin_calling_off",
    "call_back_takings",
    "check_shortfalls",
    "claim_due_takings",
    "climb_ladder",
    "confirm_lodgements",
    "confirm_releases",
    "draw_cover",
    "fail_lodgements",
    "fail_what_did_not_come",
    "keep_frozen",
    "let_go_of_frozen",
    "look_later",
    "look_soon",
    "lose_frozen",
    "mark_lodgements_unknown",
    "move_due_instalments",
    "pay_in_instalments",
    "quote_deposits",
    "quote_due",
    "record_takings",
    "release_settlement",
    "releases_due",
    "rename_takings",
    "request_lodgements",
    "reserve_frozen",
    "return_cover",
    "send_takings_again",
    "tell_of_ends",
    "withhold_settlement",
    "withhold_share",
]
