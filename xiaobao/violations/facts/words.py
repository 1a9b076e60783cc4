"""What codes of this room are called, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.violations.facts.kinds import (
    BlockKind,
    Effect,
    Event,
    ForcedExitState,
    PenaltyState,
    Source,
    State,
)


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


KIND_WORDS = {
    ViolationKind.LATE_SHIPMENT: Words("严重延迟发货", "too many late shipments"),
    ViolationKind.OUT_OF_STOCK: Words("严重缺货", "too often out of stock"),
    ViolationKind.TRACKING: Words("严重物流异常", "too many abnormal deliveries"),
    ViolationKind.FAKE_SHIPMENT: Words("虚假发货", "fake shipments"),
    ViolationKind.REFUND_WITHHELD: Words("拖延退款", "refunds withheld"),
    ViolationKind.PROMISE_BROKEN: Words("违背承诺", "a promise not kept"),
    ViolationKind.RETURN_REFUSED: Words("拒绝无理由退货", "a return refused"),
    ViolationKind.MISDESCRIBED: Words("虚假宣传", "goods misdescribed"),
    ViolationKind.FAKE_TRADE: Words("虚假交易", "fake trades"),
    ViolationKind.FAKE_TRADE_SERIOUS: Words("虚假交易（严重）", "fake trades, serious"),
    ViolationKind.FAKE_TRADE_EXTREME: Words("虚假交易（特别严重）", "fake trades, extreme"),
    ViolationKind.FRAUD: Words("欺诈买家", "fraud on a buyer"),
    ViolationKind.UNSAFE_FOOD: Words("不安全食品", "unsafe food"),
    ViolationKind.BANNED_GOODS: Words("发布违禁商品", "banned goods"),
    ViolationKind.COUNTERFEIT: Words("出售假冒商品", "counterfeits sold"),
    ViolationKind.COUNTERFEIT_SERIOUS: Words("出售假冒商品（严重）", "counterfeits sold, serious"),
    ViolationKind.COUNTERFEIT_EXTREME: Words(
        "出售假冒商品（特别严重）", "counterfeits sold, extreme"
    ),
}
CLASS_WORDS = {
    PointsClass.GENERAL: Words("一般违规（A 类）", "general (class A)"),
    PointsClass.SERIOUS: Words("严重违规（B 类）", "serious (class B)"),
    PointsClass.COUNTERFEIT: Words("售假违规（C 类）", "counterfeit (class C)"),
}
SOURCE_WORDS = {
    Source.RULING: Words("裁决", "ruling"),
    Source.BREACHES: Words("违约超过界限", "breaches over the threshold"),
    Source.INSPECTION: Words("抽检", "inspection"),
    Source.STAFF: Words("平台人员", "staff"),
}
STATE_WORDS = {
    State.RECORDED: Words("已记录", "recorded"),
    State.NOTIFIED: Words("已通知", "notified"),
    State.APPEALED: Words("申诉中", "appealed"),
    State.CONFIRMED: Words("已确认", "confirmed"),
    State.REVOKED: Words("已撤销", "revoked"),
}
EVENT_WORDS = {
    Event.RECORD: Words("记录", "recorded"),
    Event.NOTIFY: Words("通知卖家", "seller notified"),
    Event.APPEAL: Words("卖家申诉", "appealed by the seller"),
    Event.LAPSE: Words("申诉期满", "time to appeal ended"),
    Event.UPHOLD: Words("申诉未获支持", "upheld on appeal"),
    Event.REVOKE: Words("撤销", "revoked"),
    Event.MISS: Words("平台逾期未复核", "the platform missed its clock"),
}
EFFECT_WORDS = {
    Effect.BUNDLED: Words("同一事件，不重复扣分", "the same incident: not counted again"),
    Effect.REMINDED: Words("初次且情节轻微，提醒不扣分", "first and minor: reminded, no points"),
    Effect.CAPPED: Words("已达时段内扣分上限", "the most for these days is reached"),
    Effect.COUNTED: Words("扣分", "counted"),
}
PENALTY_WORDS = {
    PenaltyState.RUNNING: Words("执行中", "running"),
    PenaltyState.ENDED: Words("已结束", "ended"),
    PenaltyState.REVOKED: Words("已撤销", "revoked"),
}
FORCED_EXIT_WORDS = {
    ForcedExitState.DUE: Words("待执行", "due"),
    ForcedExitState.DONE: Words("已执行", "done"),
    ForcedExitState.REVOKED: Words("已撤销", "revoked"),
}
BLOCK_WORDS = {
    BlockKind.APPEALABLE: Words("申诉期未满", "the time to appeal runs"),
    BlockKind.APPEALED: Words("申诉待平台复核", "the platform has to decide the appeal"),
    BlockKind.PENALTY: Words("处罚执行中", "a penalty runs"),
}
# Columns of the `violation_steps` table that say what is restricted, and their words.
MEASURE_WORDS = {
    "is_warned": Words("公示警告", "public warning"),
    "is_listing_stopped": Words("限制发布商品", "no new listings"),
    "is_campaign_barred": Words("限制参加营销活动", "no campaigns"),
    "is_hidden": Words("店铺屏蔽", "shop hidden"),
    "is_closed": Words("关闭店铺", "shop closed"),
    "is_forced_out": Words("强制退保", "forced exit"),
}
MONEY_WORDS = Words("罚金", "penalty money")
