"""What codes of this room are called, in Chinese and English."""

from __future__ import annotations

from xiaobao.exits.facts.codes import (
    Actor,
    Blocker,
    ExitEvent,
    ExitState,
    PaymentKind,
    Reason,
    Scope,
)

SCOPE_WORDS = {
    Scope.PART: ("部分退还", "part of it"),
    Scope.WHOLE: ("全部退还并退出", "all of it, and leave"),
    Scope.FORCED: ("强制退保", "forced exit"),
}
REASON_WORDS = {
    Reason.OWN_WISH: ("自愿", "own wish"),
    Reason.POLICY_CHANGE: ("政策调整", "change of policy"),
    Reason.HARDSHIP: ("经营困难", "hardship"),
    Reason.VIOLATION: ("违规", "violation"),
    Reason.MISTAKE: ("误操作", "mistake"),
}
STATE_WORDS = {
    ExitState.DRAFT: ("草稿", "draft"),
    ExitState.SUBMITTED: ("已提交，待答复帮扶方案", "submitted, relief offered"),
    ExitState.CHECKED: ("已核对", "checked"),
    ExitState.QUIET: ("等待期", "quiet time"),
    ExitState.UNDER_REVIEW: ("审核中", "under review"),
    ExitState.APPROVED: ("已批准", "approved"),
    ExitState.PAYING: ("退款中", "paying"),
    ExitState.PAID: ("已退清", "paid"),
    ExitState.REFUSED: ("已驳回", "refused"),
    ExitState.CANCELLED: ("已撤回", "cancelled"),
}
EVENT_WORDS = {
    ExitEvent.DRAFTED: ("填写申请", "drafted"),
    ExitEvent.SUBMITTED: ("提交申请", "submitted"),
    ExitEvent.OFFERS_MADE: ("提供帮扶方案", "relief offered"),
    ExitEvent.OFFERS_DECLINED: ("未接受帮扶方案", "relief declined"),
    ExitEvent.OFFER_TAKEN: ("接受帮扶方案", "relief taken"),
    ExitEvent.CHECKED: ("核对阻碍项", "blockers checked"),
    ExitEvent.QUIET_BEGUN: ("进入等待期", "quiet time begun"),
    ExitEvent.REVIEW_BEGUN: ("进入审核", "review begun"),
    ExitEvent.REVIEW_LATE: ("平台审核逾期", "the platform's review is late"),
    ExitEvent.APPROVED: ("批准", "approved"),
    ExitEvent.REFUSED: ("驳回", "refused"),
    ExitEvent.CANCELLED: ("撤回", "cancelled"),
    ExitEvent.PAYING_BEGUN: ("开始退款", "payment begun"),
    ExitEvent.TAIL_ENDED: ("尾款到期释放", "a tail ended"),
    ExitEvent.PAYMENT_CONFIRMED: ("退款到账", "payment confirmed"),
    ExitEvent.PAYMENT_FAILED: ("退款未成功，款项仍应退", "payment failed, still owed"),
    ExitEvent.INTEREST_OWED: ("平台逾期利息", "interest for the platform's delay"),
    ExitEvent.PAID: ("退清", "all paid"),
    ExitEvent.FORCED: ("强制退保", "forced exit"),
    ExitEvent.CAME_BACK: (
        "解冻的资金又有到账，改以转账退还",
        "some of what was unfrozen came, and is transferred",
    ),
}
BLOCKER_WORDS = {
    Blocker.OPEN_TRADE: ("未完成的交易", "open trade"),
    Blocker.REFUND: ("进行中的退款", "running refund"),
    Blocker.CLAIM: ("进行中的维权", "open claim"),
    Blocker.QUIET: ("交易完成后的等待期", "quiet time after a trade"),
    Blocker.ARREARS: ("欠款", "arrears"),
    Blocker.VIOLATION: ("未了结的违规", "open violation"),
    Blocker.SALES: ("销售额未达标准", "sales below the threshold"),
    Blocker.FRAUD: ("涉嫌欺诈的违规", "open violation, fraud suspected"),
}
ACTOR_WORDS = {
    Actor.TIME: ("无须操作", "nobody"),
    Actor.SELLER: ("卖家", "the seller"),
    Actor.BUYER: ("买家", "the buyer"),
    Actor.PLATFORM: ("平台", "the platform"),
}
# What would end a blocker sooner than its date.
SOONER_WORDS = {
    Blocker.OPEN_TRADE: ("发货并由买家确认收货", "ship it, and have the buyer confirm receipt"),
    Blocker.REFUND: ("把应退的款退给买家", "pay the refund to the buyer"),
    Blocker.CLAIM: (
        "作出裁决；卖家也可同意诉求或与买家和解",
        "rule on it; the seller may also accept it, or settle with the buyer",
    ),
    Blocker.QUIET: ("", ""),
    Blocker.ARREARS: (
        "申请时从保证金中抵偿，也可以先还清",
        "it is set off against the deposit; or repay it before",
    ),
    Blocker.VIOLATION: (
        "整改、缴清处罚金额，或申诉",
        "put it right, pay the penalty, or appeal",
    ),
    Blocker.SALES: ("销售额达到标准", "reach the threshold"),
    Blocker.FRAUD: ("申诉并举证", "appeal, with evidence"),
}
# What keeps money that was approved from setting out.
WAITS_WORDS = (
    "先前应支付的一笔，正从冻结的保证金中划走，网关尚未答复：有了结果才打款，免得一笔钱既划走又退回",
    (
        "a part that was owed before is being taken of the frozen deposit, and the gateway has "
        "not answered yet: money sets out once that is known, so that none is both taken and "
        "paid back"
    ),
)
PAYMENT_WORDS = {
    PaymentKind.DEPOSIT: ("保证金", "deposit"),
    PaymentKind.INTEREST: ("逾期利息", "interest"),
    PaymentKind.RESERVE: ("准备金", "reserve"),
}
