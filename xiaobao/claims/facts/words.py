"""What codes of this room are called, in Chinese and English."""

from __future__ import annotations

from typing import NamedTuple

from xiaobao.claims.facts.cases import ClaimEvent, OfferState, StopReason
from xiaobao.claims.facts.judged import Ask, ClaimKind, ClaimState, Finding, Party, Stage


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


KIND_WORDS = {
    ClaimKind.NOT_RECEIVED: Words("未收到货", "not received"),
    ClaimKind.NOT_AS_DESCRIBED: Words("描述不符", "not as described"),
    ClaimKind.DEFECTIVE: Words("质量问题", "defective"),
    ClaimKind.COUNTERFEIT: Words("假冒商品", "counterfeit"),
    ClaimKind.WRONG_ITEM: Words("错发", "wrong item"),
    ClaimKind.MISSING_ITEM: Words("少件", "missing item"),
    ClaimKind.DAMAGED: Words("破损", "damaged"),
    ClaimKind.ALLERGY: Words("过敏", "allergy"),
    ClaimKind.LATE_SHIPMENT: Words("延迟发货", "late shipping"),
    ClaimKind.FALSE_SHIPMENT: Words("虚假发货", "fake shipping"),
    ClaimKind.REFUND_NOT_PAID: Words("未退款", "refund not paid"),
    ClaimKind.PROMISE_NOT_KEPT: Words("违背承诺", "promise not kept"),
    ClaimKind.FRAUD: Words("欺诈", "fraud"),
    ClaimKind.UNSAFE_FOOD: Words("食品不安全", "unsafe food"),
    ClaimKind.RETURN_REFUSED: Words("拒绝无理由退货", "return refused"),
}
ASK_WORDS = {
    Ask.REFUND: Words("退款", "refund"),
    Ask.RETURN_AND_REFUND: Words("退货退款", "return and refund"),
    Ask.REPLACEMENT: Words("换货", "replacement"),
    Ask.REPAIR: Words("维修", "repair"),
    Ask.COMPENSATION: Words("承诺赔付", "compensation promised"),
    Ask.STATUTORY: Words("法定赔偿", "compensation by law"),
}
PARTY_WORDS = {
    Party.BUYER: Words("买家", "buyer"),
    Party.SELLER: Words("卖家", "seller"),
    Party.PLATFORM: Words("平台", "platform"),
}
STAGE_WORDS = {
    Stage.BEFORE_SIGNING: Words("签收前", "before receipt"),
    Stage.AFTER_SIGNING: Words("签收后、确认收货前", "after receipt, not yet confirmed"),
    Stage.AFTER_COMPLETION: Words("确认收货后", "after receipt was confirmed"),
}
STATE_WORDS = {
    ClaimState.NEGOTIATING: Words("协商中", "negotiating"),
    ClaimState.AWAITING_SELLER: Words("待卖家答复", "awaiting the seller's answer"),
    ClaimState.AWAITING_BUYER_EVIDENCE: Words("待买家举证", "awaiting evidence of the buyer"),
    ClaimState.AWAITING_SELLER_EVIDENCE: Words("待卖家举证", "awaiting evidence of the seller"),
    ClaimState.AWAITING_BOTH_EVIDENCE: Words("待双方举证", "awaiting evidence of both"),
    ClaimState.UNDER_REVIEW: Words("审理中", "under review"),
    ClaimState.WITH_JURY: Words("大众评审中", "with the jury"),
    ClaimState.RULED: Words("已裁决", "ruled"),
    ClaimState.PAID: Words("已赔付", "paid"),
    ClaimState.RECOVERING: Words("追偿中", "recovering"),
    ClaimState.CLOSED: Words("已结案", "closed"),
    ClaimState.SETTLED: Words("已和解", "settled"),
    ClaimState.WITHDRAWN: Words("已撤回", "withdrawn"),
    ClaimState.LAPSED: Words("已失效", "lapsed"),
    ClaimState.GOODS_OWED: Words("待维修或更换", "to be repaired or replaced"),
    ClaimState.SUSPENDED: Words("已中止", "suspended"),
    ClaimState.APPEALED: Words("申诉中", "appealed"),
}
EVENT_WORDS = {
    ClaimEvent.FILED: Words("提出维权", "claim filed"),
    ClaimEvent.TALKS_OPENED: Words("开始协商", "talks opened"),
    ClaimEvent.PLATFORM_CALLED: Words("平台介入", "platform called in"),
    ClaimEvent.ACCEPTED: Words("同意诉求", "what is asked was accepted"),
    ClaimEvent.DENIED: Words("拒绝诉求", "denied"),
    ClaimEvent.OFFERED: Words("提出方案", "offer made"),
    ClaimEvent.OFFER_ACCEPTED: Words("接受方案", "offer accepted"),
    ClaimEvent.OFFER_DECLINED: Words("拒绝方案", "offer declined"),
    ClaimEvent.EVIDENCE_ADDED: Words("提交证据", "evidence added"),
    ClaimEvent.BUYER_ASKED: Words("请买家举证", "buyer asked for evidence"),
    ClaimEvent.SELLER_ASKED: Words("请卖家举证", "seller asked for evidence"),
    ClaimEvent.BOTH_ASKED: Words("请双方举证", "both asked for evidence"),
    ClaimEvent.CURE_OPENED: Words("开启一次补正期", "the one cure period opened"),
    ClaimEvent.TIME_RAN_OUT: Words("时限已过", "time ran out"),
    ClaimEvent.PERSON_ASKED: Words("申请人工处理", "a person was asked for"),
    ClaimEvent.REVIEW_BEGUN: Words("进入审理", "review begun"),
    ClaimEvent.PLATFORM_LATE: Words("平台超时，已升级", "platform late, escalated"),
    ClaimEvent.JURY_CALLED: Words("提交大众评审", "put to the jury"),
    ClaimEvent.JURY_ANSWERED: Words("大众评审答复", "the jury answered"),
    ClaimEvent.RULED: Words("作出裁决", "ruled"),
    ClaimEvent.PAID: Words("已赔付", "paid"),
    ClaimEvent.RECOVERY_BEGUN: Words("开始追偿", "recovery begun"),
    ClaimEvent.CLOSED: Words("结案", "closed"),
    ClaimEvent.APPEALED: Words("提出申诉", "appealed"),
    ClaimEvent.REOPENED: Words("重新受理", "reopened"),
    ClaimEvent.WITHDRAWN: Words("撤回维权", "withdrawn"),
    ClaimEvent.LAPSED: Words("维权失效", "lapsed"),
    ClaimEvent.SUSPENDED: Words("中止", "suspended"),
    ClaimEvent.RESUMED: Words("恢复", "resumed"),
    ClaimEvent.STOP_ASKED: Words("请求停表协商", "asked to stop the clocks for talks"),
    ClaimEvent.STOP_ACCEPTED: Words("机关文书已核实", "authority's document accepted"),
    ClaimEvent.GOODS_OWED: Words("应维修或更换", "to repair or replace"),
    ClaimEvent.GOODS_DONE: Words("已维修或更换", "repaired or replaced"),
    ClaimEvent.ASK_WIDENED: Words("扩大诉求", "asked for more"),
    ClaimEvent.RETURN_SHIPPED: Words("退货已寄出，付款", "goods on their way back, paid"),
}
FINDING_WORDS = {
    Finding.OPEN: Words("待举证", "evidence is waited for"),
    Finding.UPHELD: Words("支持", "upheld"),
    Finding.REJECTED: Words("不支持", "rejected"),
    Finding.NEEDS_PERSON: Words("需人工判断", "a person has to judge"),
}
OFFER_WORDS = {
    OfferState.STANDING: Words("待答复", "standing"),
    OfferState.ACCEPTED: Words("已接受", "accepted"),
    OfferState.DECLINED: Words("已拒绝", "declined"),
    OfferState.REPLACED: Words("已被新方案取代", "replaced by a later one"),
}
STOP_WORDS = {
    StopReason.SELF_SETTLEMENT: Words("双方自行和解", "the parties settle by themselves"),
    StopReason.COURT: Words("法院或仲裁受理", "a court or arbitrator has it"),
    StopReason.POLICE: Words("公安机关立案", "the police have it"),
    StopReason.TEST: Words("平台送检，等待结果", "the platform has it tested"),
}
