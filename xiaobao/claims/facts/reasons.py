"""Why a claim is proposed to end as it is: coded reasons, whose rule paid most, signs of abuse."""

from __future__ import annotations

from enum import IntEnum, IntFlag

from xiaobao.claims.facts.words import Words


class Reason(IntEnum):
    """The first rule that decided, in the order in which the promise asks."""

    ACCEPTED = 1  # the seller agrees
    # What the promise does not cover.
    NOT_HEARD = 2  # claims of this kind, for these goods
    NOT_PROMISED = 3  # the seller did not give the promise that the claim rests on
    ASK_NOT_OFFERED = 4  # not for this kind at this stage
    SHIPPED_ALREADY = 5  # offered only as long as nothing was shipped
    TOO_LATE = 6  # filed after the window
    NOTHING_ON_TOP = 7  # neither law nor rule nor promise gives what is asked for
    ALREADY_WHOLE = 8  # what is due was given back before
    GOODS_LATE = 9  # owed in goods and not done in time: the price is due
    # What the burden of proof says.
    SELLER_SILENT = 20  # never answered
    SELLER_DENIES_BARELY = 21  # denied, and showed nothing
    SELLER_SHOWED_NOTHING = 22
    SELLER_SHOWED_OTHER = 23  # something, but not what was asked for
    BUYER_SHOWED_NOTHING = 24
    BUYER_SHOWED_OTHER = 25
    ALL_SHOWN = 26  # each side showed what it had to
    # It is still somebody's turn.
    BUYER_HAS_TIME = 40
    SELLER_HAS_TIME = 41


class Basis(IntEnum):
    """Whose rule gave most on top of the price."""

    NONE = 0  # nothing is due on top
    LAW = 1
    RULE = 2  # the platform's own
    PROMISE = 3  # the seller's own


class Ground(IntEnum):
    """On what something is paid on top of the price; a seller may have given several promises."""

    LAW = 1
    RULE = 2
    PROMISE = 3
    PROMISE_HIGHER = 4
    PROMISE_HIGHEST = 5


class CountsFrom(IntEnum):
    """From when the time for a claim counts."""

    NOTHING = 0  # it has no end
    ORDER = 1
    SIGNING = 2
    COMPLETION = 3


class Outcome(IntEnum):
    """How a claim ends by the burden of proof, as packs say it."""

    UPHELD = 1
    REJECTED = 2
    PERSON = 3


class AbuseSign(IntFlag):
    """Signs that a claim may be made up, found at filing; they block nothing and are shown."""

    REUSED_PHOTO = 1  # a picture was shown in another case
    SWAPPED_GOODS = 2  # it was shown there of other goods
    MUCH_CONSUMED = 4  # more was bought than a household uses
    FREQUENT = 8  # more claims of one buyer than the pack finds usual


REASON_WORDS = {
    Reason.ACCEPTED: Words("卖家同意诉求", "the seller agrees to what is asked"),
    Reason.NOT_HEARD: Words(
        "按下单时的条款，该类目不受理这类维权",
        "the terms of order time hear no claims of this kind for these goods",
    ),
    Reason.NOT_PROMISED: Words(
        "卖家下单时未作出这类维权所依据的承诺",
        "the seller had not given the promise that such a claim rests on",
    ),
    Reason.ASK_NOT_OFFERED: Words(
        "这类维权在此阶段不能提出该诉求", "this cannot be asked for such a claim at this stage"
    ),
    Reason.SHIPPED_ALREADY: Words(
        "该诉求只能在发货前提出", "this can be asked only before anything is shipped"
    ),
    Reason.TOO_LATE: Words("超过维权期限", "filed after its time had ended"),
    Reason.NOTHING_ON_TOP: Words(
        "法律、平台规则和卖家承诺都没有规定这项赔偿",
        "neither the law nor the platform's rule nor the seller's promise gives this",
    ),
    Reason.ALREADY_WHOLE: Words("应得的款项已经退还", "what is due has been given back already"),
    Reason.GOODS_LATE: Words(
        "应维修或更换而逾期没有完成，改为退还货款",
        "to be repaired or replaced, and not done in time: the price is due instead",
    ),
    Reason.SELLER_SILENT: Words("卖家逾期未答复", "the seller did not answer in time"),
    Reason.SELLER_DENIES_BARELY: Words(
        "卖家只作否认，未举证", "the seller denied and showed nothing"
    ),
    Reason.SELLER_SHOWED_NOTHING: Words(
        "卖家逾期未举证", "the seller showed nothing in the time given"
    ),
    Reason.SELLER_SHOWED_OTHER: Words(
        "卖家提交的不是所需的证据", "what the seller showed is not what was asked for"
    ),
    Reason.BUYER_SHOWED_NOTHING: Words(
        "买家逾期未举证", "the buyer showed nothing in the time given"
    ),
    Reason.BUYER_SHOWED_OTHER: Words(
        "买家提交的不是所需的证据", "what the buyer showed is not what was asked for"
    ),
    Reason.ALL_SHOWN: Words(
        "双方均已按要求举证，须由人判断",
        "each side showed what it had to: a person has to judge",
    ),
    Reason.BUYER_HAS_TIME: Words("等待买家举证", "the buyer still has time to show something"),
    Reason.SELLER_HAS_TIME: Words("等待卖家举证", "the seller still has time to show something"),
}
BASIS_WORDS = {
    Basis.NONE: Words("无", "none"),
    Basis.LAW: Words("法定", "the law"),
    Basis.RULE: Words("平台规则", "the platform's rule"),
    Basis.PROMISE: Words("卖家承诺", "the seller's own promise"),
}
ABUSE_WORDS = {
    AbuseSign.REUSED_PHOTO: Words(
        "图片在其他案件中出现过", "a picture was shown in another case before"
    ),
    AbuseSign.SWAPPED_GOODS: Words(
        "同一图片曾用于另一件商品，可能调换了商品",
        "the same picture was shown of other goods: they may have been swapped",
    ),
    AbuseSign.MUCH_CONSUMED: Words(
        "购买数量超出家庭合理消费", "more was bought than a household reasonably uses"
    ),
    AbuseSign.FREQUENT: Words(
        "该买家近期维权次数较多", "this buyer has filed unusually many claims of late"
    ),
}
