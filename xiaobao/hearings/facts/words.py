"""What codes of this room are called, in Chinese and English, and in PayPal's vocabulary."""

from __future__ import annotations

from xiaobao.claims.facts import Words
from xiaobao.hearings.facts.jury import JurorKind, Vote
from xiaobao.hearings.facts.ruled import Ground, Outcome, RuledBy

GROUND_WORDS = {
    Ground.SELLER_SILENT: Words("卖家逾期未答复", "the seller did not answer in time"),
    Ground.SELLER_SHOWED_NOTHING: Words(
        "卖家未按要求举证", "the seller did not show what was asked for"
    ),
    Ground.SELLER_PROOF_INVALID: Words(
        "卖家的证据不足以证明其主张", "what the seller showed does not prove its case"
    ),
    Ground.SELLER_AGREED: Words("卖家同意诉求", "the seller agrees to what is asked"),
    Ground.BUYER_SILENT: Words("买家逾期未回应", "the buyer did not answer in time"),
    Ground.BUYER_SHOWED_NOTHING: Words(
        "买家未按要求举证", "the buyer did not show what was asked for"
    ),
    Ground.NOT_DELIVERED: Words("没有送达的证明", "delivery is not proved"),
    Ground.NOT_SHIPPED: Words("没有发货", "nothing was shipped"),
    Ground.DELIVERED: Words("买家已收到货", "the buyer has received it"),
    Ground.DELIVERED_LATE: Words("晚于承诺时间", "later than was promised"),
    Ground.TRACKING_INVALID: Words("物流单号无效", "the tracking number is not valid"),
    Ground.NOT_AS_DESCRIBED: Words("与描述不符", "it is not as described"),
    Ground.AS_DESCRIBED: Words("与描述相符", "it is as described"),
    Ground.MISREPRESENTED: Words("虚假陈述或假冒", "it was misrepresented, or is counterfeit"),
    Ground.QUALITY_OR_QUANTITY: Words(
        "质量或数量与约定不符", "its quality or quantity is not what was agreed"
    ),
    Ground.NOT_DAMAGED: Words("没有损坏", "it is not damaged"),
    Ground.REFUND_REFUSED: Words("卖家应退未退", "the seller owed a refund and did not pay it"),
    Ground.RETURN_REFUSED: Words("卖家无理由拒绝退货", "the seller refused a return it owed"),
    Ground.REFUNDED_ALREADY: Words("款项已由卖家退还", "the seller has paid it back already"),
    Ground.NOT_COVERED: Words("不在承诺范围内", "the promise does not cover it"),
    Ground.ON_WHAT_IS_KNOWN: Words("依现有证据综合判断", "judged on all that is known"),
    Ground.GOODS_LATE: Words(
        "应维修或更换而逾期没有完成",
        "to be repaired or replaced, and not done in time",
    ),
    Ground.BUYER_FRAUD: Words("买家欺诈", "the buyer committed fraud"),
    Ground.PLATFORM_LATE: Words(
        "平台逾期未裁决，由保障基金承担",
        "the platform missed its own clock: the guarantee fund bears it",
    ),
    Ground.APPEAL_UNFOUNDED: Words("申诉理由不成立", "the appeal has no ground"),
    Ground.APPEAL_REPEATED: Words("以相同理由重复申诉", "the appeal says what was said before"),
    Ground.TOO_LATE: Words("超过维权期限", "the claim was filed after its time had ended"),
    Ground.ASK_NOT_OFFERED: Words(
        "此类维权在此阶段不能提出该诉求", "this cannot be asked for such a claim at this stage"
    ),
    Ground.SHIPPED_ALREADY: Words(
        "商品已发出，该诉求只能在发货前提出",
        "it was shipped already, and this can be asked only before",
    ),
    Ground.NOTHING_ON_TOP: Words(
        "法律、平台规则和卖家承诺都没有规定这项赔偿",
        "neither the law nor the platform's rule nor the seller's promise gives this",
    ),
    Ground.ALREADY_WHOLE: Words("应得的款项已经退还", "what is due has been given back already"),
}
BY_WORDS = {
    RuledBy.RULE: Words("规则", "by rule"),
    RuledBy.PERSON: Words("人工", "by a person"),
    RuledBy.JURY: Words("大众评审", "by the jury"),
    RuledBy.DEFAULT: Words("平台逾期的既定结果", "by default, the platform being late"),
}
OUTCOME_WORDS = {
    Outcome.UPHELD: Words("支持", "upheld"),
    Outcome.PARTLY: Words("部分支持", "upheld in part"),
    Outcome.REJECTED: Words("不支持", "rejected"),
}
JUROR_WORDS = {
    JurorKind.BUYER: Words("买家评审员", "of the buyers"),
    JurorKind.SELLER: Words("卖家评审员", "of the sellers"),
    JurorKind.EXPERT: Words("专家评审员", "expert"),
}
VOTE_WORDS = {
    Vote.UPHOLD: Words("支持", "uphold"),
    Vote.REJECT: Words("不支持", "reject"),
}

# PayPal's `adjudication_reason`, as its Disputes API names it; a test holds each against the
# published list.
PAYPAL_REASON = {
    Ground.SELLER_SILENT: "NO_SELLER_RESPONSE",
    Ground.SELLER_SHOWED_NOTHING: "NO_SELLER_RESPONSE_FOR_ADDITIONAL_INFO_REQUEST",
    Ground.SELLER_PROOF_INVALID: "INVALID_DOCUMENTATION",
    Ground.SELLER_AGREED: "SELLER_AGREED_TO_ISSUE_CREDIT",
    Ground.BUYER_SILENT: "NO_RESPONSE_FROM_BUYER",
    Ground.BUYER_SHOWED_NOTHING: "NO_DOCUMENTATION_FROM_BUYER",
    Ground.NOT_DELIVERED: "NO_PROOF_OF_DELIVERY",
    Ground.NOT_SHIPPED: "ITEM_NOT_SHIPPED",
    Ground.DELIVERED: "ITEM_SERVICE_RECEIVED_BY_BUYER",
    Ground.DELIVERED_LATE: "DELIVERY_AFTER_EXPECTED_DELIVERY_DATE",
    Ground.TRACKING_INVALID: "INVALID_TRACKING",
    Ground.NOT_AS_DESCRIBED: "ITEM_NOT_AS_DESCRIBED",
    Ground.AS_DESCRIBED: "ITEM_SOLD_AS_DESCRIBED",
    Ground.MISREPRESENTED: "ITEM_SERVICE_MISREPRESENTED",
    Ground.QUALITY_OR_QUANTITY: "ITEM_OF_DIFFERENT_QUALITY_OR_QUANTITY",
    Ground.NOT_DAMAGED: "ITEM_NOT_DAMAGED",
    Ground.REFUND_REFUSED: "SELLER_REFUSED_REFUND",
    Ground.RETURN_REFUSED: "SELLER_REFUSED_RETURN",
    Ground.REFUNDED_ALREADY: "SELLER_ISSUED_REFUND",
    Ground.NOT_COVERED: "INELIGIBLE_BUYER_PROTECTION_POLICY",
    Ground.ON_WHAT_IS_KNOWN: "DECISION_BASED_ON_AVAILABLE_INFORMATION",
    Ground.GOODS_LATE: "SERVICE_NOT_COMPLETED_AS_AGREED",
    Ground.BUYER_FRAUD: "BUYER_HAS_POSSESSION_OF_THE_MERCHANDISE_OR_SERVICE",
    Ground.PLATFORM_LATE: "PROTECTED_BY_PAYPAL",
    Ground.APPEAL_UNFOUNDED: "INVALID_APPEAL_REASON",
    Ground.APPEAL_REPEATED: "MULTIPLE_APPEALS_WITH_SAME_REASON",
    # It has no finer words for what a promise does not reach.
    Ground.TOO_LATE: "INELIGIBLE_BUYER_PROTECTION_POLICY",
    Ground.ASK_NOT_OFFERED: "INELIGIBLE_BUYER_PROTECTION_POLICY",
    Ground.SHIPPED_ALREADY: "INELIGIBLE_BUYER_PROTECTION_POLICY",
    Ground.NOTHING_ON_TOP: "INELIGIBLE_BUYER_PROTECTION_POLICY",
    Ground.ALREADY_WHOLE: "PAYMENT_REVERSED_ALREADY",
}
PAYPAL_OUTCOME = {
    Outcome.UPHELD: "RESOLVED_BUYER_FAVOUR",
    Outcome.PARTLY: "RESOLVED_WITH_PAYOUT",
    Outcome.REJECTED: "RESOLVED_SELLER_FAVOUR",
}


def paypal_types(*, paid_minor: int, bears_minor: int, outcome: Outcome) -> list[str]:
    """PayPal's `adjudication_type`s of a ruling: who pays and who gets are told apart there."""
    named = []
    if paid_minor:
        named.append("PAYOUT_TO_BUYER")
    if bears_minor:
        named.append("RECOVER_FROM_SELLER")
    if outcome == Outcome.REJECTED:
        named.append("DENY_BUYER")
    return named
