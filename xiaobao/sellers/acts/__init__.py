"""Verbs about sellers: joining, standing, and what a seller offers."""

from xiaobao.sellers.acts.answering import (
    NothingToAnswer,
    accept_version,
    object_to_version,
    tell_of_version,
    tell_of_withdrawal,
)
from xiaobao.sellers.acts.joining import (
    AgreementNotInForce,
    SellerInOtherMarket,
    SellerNameCollides,
    SellerNotNameable,
    activate,
    enrol_sellers,
    invite_sellers,
    join,
    sign_agreement,
)
from xiaobao.sellers.acts.leaving import end_enrolment
from xiaobao.sellers.acts.marking import (
    BatchUnknown,
    ItemNameCollides,
    ItemNotNameable,
    MarkTooEarly,
    UndoTooLate,
    mark_items,
    undo_marks,
    unmark_items,
)
from xiaobao.sellers.acts.offers import (
    ProfileFieldUnknown,
    PromiseIsBasic,
    PromiseNotOffered,
    SellerNotActive,
    choose_promises,
    update_profile,
)
from xiaobao.sellers.acts.standing import (
    SellerUnknown,
    StandingForbids,
    lift_restriction,
    move_sellers,
    restrict_sellers,
)

__all__ = [
    "AgreementNotInForce",
    "BatchUnknown",
    "ItemNameCollides",
    "ItemNotNameable",
    "MarkTooEarly",
    "NothingToAnswer",
    "ProfileFieldUnknown",
    "PromiseIsBasic",
    "PromiseNotOffered",
    "SellerInOtherMarket",
    "SellerNameCollides",
    "SellerNotActive",
    "SellerNotNameable",
    "SellerUnknown",
    "StandingForbids",
    "UndoTooLate",
    "accept_version",
    "activate",
    "choose_promises",
    "end_enrolment",
    "enrol_sellers",
    "invite_sellers",
    "join",
    "lift_restriction",
    "mark_items",
    "move_sellers",
    "object_to_version",
    "restrict_sellers",
    "sign_agreement",
    "tell_of_version",
    "tell_of_withdrawal",
    "undo_marks",
    "unmark_items",
    "update_profile",
]
