"""The words of accounts, purposes and outcomes on statements and refusals, zh and en."""

from __future__ import annotations

from xiaobao.ledger.facts import Account, Op, Outcome, Why

ACCOUNTS = {
    Account.OUTSIDE: ("外部", "outside"),
    Account.DEPOSIT: ("保证金", "deposit"),
    Account.LOCKED: ("冻结", "locked"),
    Account.RESERVE: ("准备金", "reserve"),
    Account.FUND: ("欠款", "debt to the guarantee fund"),
    Account.BUYERS: ("应付买家", "owed to buyers"),
    Account.REFUNDS: ("应退卖家", "owed back to the seller"),
    Account.PENALTY: ("罚金", "penalty"),
}
OPS = {
    Op.MOVE: ("划转", "move"),
    Op.HOLD: ("占用", "hold"),
    Op.CAPTURE: ("扣划占用", "capture"),
    Op.RELEASE: ("释放占用", "release"),
    Op.EXPIRE: ("占用到期", "expiry"),
    Op.RETURN: ("余额退回", "return of the rest"),
}
WHYS = {
    Why.DEPOSIT_LODGED: ("缴存保证金", "deposit lodged"),
    Why.SETTLEMENT_WITHHELD: ("货款计入准备金", "settlement withheld"),
    Why.SETTLEMENT_RELEASED: ("准备金放还", "settlement released"),
    Why.COMPENSATION: ("赔付", "compensation"),
    Why.PENALTY: ("罚金", "penalty"),
    Why.COVER_DRAWN: ("保险赔付", "cover drawn"),
    Why.ADVANCE: ("先行赔付", "advance"),
    Why.DEBT_RECOVERED: ("追偿", "debt recovered"),
    Why.BUYER_PAID: ("买家已收款", "buyer paid"),
    Why.PENALTY_SWEPT: ("罚金划入基金", "penalty swept to the fund"),
    Why.EXPOSURE_LOCKED: ("风险敞口冻结", "exposure locked"),
    Why.EXPOSURE_FREED: ("风险敞口解冻", "exposure freed"),
    Why.EXIT_LOCKED: ("退保冻结", "locked for exit"),
    Why.REFUND_OWED: ("应退保证金", "refund owed"),
    Why.REFUND_PAID: ("保证金已退还", "refund paid"),
    Why.REVERSAL: ("冲正", "reversal"),
    Why.FUND_GRANTED: ("保障基金承担", "borne by the guarantee fund"),
    Why.BORNE_AGAIN: ("按新裁决应承担", "to bear by a new ruling"),
    Why.INTEREST_OWED: ("平台逾期利息", "interest for the platform's delay"),
    Why.PAYOUT_STOPPED: ("打款已停止，款项未动", "payout stopped, nothing had moved"),
    Why.LATE_BORNE: (
        "误付未能追回，由保障基金承担",
        "unowed money not got back, borne by the guarantee fund",
    ),
    Why.LATE_LEFT: ("误付已付出", "unowed money, as it left"),
    Why.PREMIUM_PAID: ("保险费", "premium paid"),
    Why.DEPOSIT_LOST: ("冻结资金已失效", "frozen sum that ended"),
    Why.PENALTY_RETURNED: ("退还罚金", "penalty returned"),
}
OUTCOMES = {
    Outcome.POSTED: ("已记账", "posted"),
    Outcome.REPLAY: ("重复请求，此前已记账", "a repeat of what stands already"),
    Outcome.OTHER_CONTENT: (
        "同一事由同一分录已有不同内容；请换新的事由",
        "the same cause and leg stands with other content; name a new cause",
    ),
    Outcome.INSUFFICIENT: ("余额不足", "the source account has too little"),
    Outcome.ABOVE_CEILING: ("超过欠款余额", "the target account would rise above its ceiling"),
    Outcome.UNKNOWN_BOOK: (
        "该卖家尚无账本；请先开立账本",
        "the seller has no book; open it first",
    ),
    Outcome.UNKNOWN_ACCOUNT: ("账户不存在", "no such account"),
    Outcome.SAME_ACCOUNT: ("转出与转入为同一账户", "source and target are one account"),
    Outcome.NOT_POSITIVE: ("金额必须大于零", "the amount must be above zero"),
    Outcome.UNKNOWN_HOLD: ("占用不存在", "no such hold"),
    Outcome.HOLD_RESOLVED: ("占用已了结", "the hold is resolved already"),
    Outcome.HOLD_EXPIRED: ("占用已到期", "the hold has expired"),
    Outcome.EXCEEDS_HOLD: ("超过占用金额", "more than is held"),
    Outcome.HOLD_EXISTS: ("该占用编号已使用", "a hold of this name stands already"),
    Outcome.HOLD_NOT_DUE: ("占用尚未到期", "the hold's time has not run out"),
    Outcome.WRONG_HOLD_ACCOUNT: (
        "冻结账户只能由占用、扣划、释放变动，且须与占用时的账户一致",
        "locked money moves by hold, capture and release alone, between the hold's own accounts",
    ),
    Outcome.NOT_WHOLE_HOLD: ("释放须为全部占用金额", "a release frees all that is held"),
}


def account_name(account: int) -> str:
    """As in columns and JSON; a number that is no account stays one."""
    return Account(account).name.lower() if account in ACCOUNTS else str(account)


def account_words(account: int, language: str = "zh") -> str:
    return ACCOUNTS[Account(account)][language.startswith("en")]


def op_words(op: int, language: str = "zh") -> str:
    return OPS[Op(op)][language.startswith("en")]


def why_words(why: int, language: str = "zh") -> str:
    return WHYS[Why(why)][language.startswith("en")]


def outcome_words(outcome: int, language: str = "zh") -> str:
    return OUTCOMES[Outcome(outcome)][language.startswith("en")]
