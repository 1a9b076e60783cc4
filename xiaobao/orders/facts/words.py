"""What codes of this room are called, in Chinese and English."""

from __future__ import annotations

from xiaobao.orders.facts.breaches import BreachKind, Clock, Ground
from xiaobao.orders.facts.intake import FactKind
from xiaobao.orders.facts.pages import Words
from xiaobao.orders.facts.states import Contradiction

FACT_WORDS = {
    FactKind.PLACED: Words("下单", "placed"),
    FactKind.LINE: Words("订单商品", "ordered line"),
    FactKind.PAID: Words("付款", "paid"),
    FactKind.LABELLED: Words("生成运单", "label made"),
    FactKind.SCANNED: Words("承运商扫描", "carrier scan"),
    FactKind.DELIVERED: Words("送达", "delivered"),
    FactKind.SIGNED: Words("签收", "signed for"),
    FactKind.COMPLETED: Words("交易完成", "completed"),
    FactKind.CANCELLED: Words("取消", "cancelled"),
    FactKind.REFUND_ASKED: Words("申请退款", "refund asked"),
    FactKind.REFUND_PAID: Words("退款到账", "refund paid"),
    FactKind.RETURN_SHIPPED: Words("退货寄出", "return shipped"),
    FactKind.RETURN_RECEIVED: Words("收到退货", "return received"),
    FactKind.FORCE_MAJEURE: Words("不可抗力报备", "force majeure reported"),
    FactKind.FORCE_REVIEWED: Words("平台已核实报备", "the platform reviewed the report"),
    FactKind.FORCE_LAPSED: Words(
        "平台逾期未核实报备", "the platform did not review the report in time"
    ),
}

KIND_WORDS = {
    BreachKind.LATE_SHIPMENT: Words("延迟发货", "late shipment"),
    BreachKind.OUT_OF_STOCK: Words("缺货", "out of stock"),
    BreachKind.OUT_OF_STOCK_LONG: Words("缺货（长时效承诺）", "out of stock, longer promise"),
    BreachKind.OUT_OF_STOCK_MALICIOUS: Words("恶意缺货", "out of stock in bad faith"),
    BreachKind.TRACKING_SLOW: Words("轨迹超时", "slow tracking"),
    BreachKind.TRACKING_ABNORMAL: Words("轨迹异常", "abnormal tracking"),
    BreachKind.FAKE_SHIPMENT: Words("虚假发货", "fake shipment"),
    BreachKind.REFUND_OVERDUE: Words("退款逾期", "refund overdue"),
}

CLOCK_WORDS = {
    Clock.SHIPPING: Words("发货时限", "shipping clock"),
    Clock.TRACKING: Words("物流时限", "tracking clock"),
    Clock.REFUND: Words("退款时限", "refund clock"),
}

GROUND_WORDS = {
    Ground.NO_SCAN_BY_DEADLINE: Words(
        "到发货时限仍无承运商首次扫描", "no carrier scan by the shipping deadline"
    ),
    Ground.NO_SCAN_AFTER_LABEL: Words(
        "生成运单后在时限内仍无首次扫描", "no carrier scan in time after the label was made"
    ),
    Ground.NOT_SHIPPED_AT_ALL: Words(
        "超过发货时限后仍未发货，按缺货处理", "still not shipped long after the deadline"
    ),
    Ground.CALLED_OFF_OUT_OF_STOCK: Words(
        "卖家以缺货为由取消已付款订单", "the seller called off a paid order as out of stock"
    ),
    Ground.CALLED_OFF_PRICE_RISE: Words(
        "卖家要求加价而取消已付款订单", "the seller called off a paid order to ask for more money"
    ),
    Ground.CALLED_OFF_SELECTIVE: Words(
        "卖家选择性发货而取消已付款订单", "the seller called off a paid order to ship selectively"
    ),
    Ground.CALLED_OFF_REFUSED: Words(
        "卖家未说明正当理由取消已付款订单，按缺货处理",
        "the seller called off a paid order without a reason that counts",
    ),
    Ground.LABEL_WITHOUT_MOVEMENT: Words(
        "有运单号而无真实物流", "a waybill number without any movement"
    ),
    Ground.NO_UPDATE_AFTER_PICK_UP: Words(
        "揽收后在时限内无后续轨迹", "no tracking update in time after pick-up"
    ),
    Ground.PARCEL_STALLED: Words(
        "运输途中轨迹停滞超过时限", "the parcel stalled beyond the limit"
    ),
    Ground.RETURN_NOT_REFUNDED: Words(
        "收到退货后未在时限内退款", "the return was received but not refunded in time"
    ),
    Ground.UNSHIPPED_NOT_REFUNDED: Words(
        "未发货订单未在时限内退款", "an unshipped order was not refunded in time"
    ),
}

CONTRADICTION_WORDS = {
    Contradiction.TWO_PLACED: Words("有多条不同的下单记录", "placed more than once, differently"),
    Contradiction.TWO_PAID: Words("有多条不同的付款记录", "paid more than once, differently"),
    Contradiction.TWO_DELIVERED: Words("有多条不同的送达记录", "delivered more than once"),
    Contradiction.TWO_SIGNED: Words("有多条不同的签收记录", "signed for more than once"),
    Contradiction.TWO_COMPLETED: Words("有多条不同的完成记录", "completed more than once"),
    Contradiction.TWO_CANCELLED: Words("有多条不同的取消记录", "cancelled more than once"),
    Contradiction.SHIPPED_BEFORE_PAID: Words("付款前已发货", "shipped before it was paid"),
    Contradiction.DELIVERED_BEFORE_SHIPPED: Words(
        "发货前已送达", "delivered before it was shipped"
    ),
    Contradiction.SIGNED_BEFORE_DELIVERED: Words(
        "送达前已签收", "signed for before it was delivered"
    ),
    Contradiction.CANCELLED_YET_DELIVERED: Words("已取消却已送达", "cancelled, yet delivered"),
    Contradiction.SHIPPED_AFTER_CANCELLED: Words("取消后仍发货", "shipped after it was cancelled"),
    Contradiction.SCANNED_AFTER_COMPLETED: Words("完成后仍有扫描", "scanned after completion"),
    Contradiction.HAPPENED_BEFORE_PLACED: Words(
        "有事实早于下单时间", "something happened before the order was placed"
    ),
    Contradiction.REFUNDED_ABOVE_PRICE: Words("退款超过实付", "more was refunded than was paid"),
}


def contradictions_in(flags: int) -> list[Words]:
    """The words of every flag set."""
    return [words for flag, words in CONTRADICTION_WORDS.items() if flags & flag]
