"""What parties of a generated marketplace say and show: words, small pictures, records as text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from xiaobao.claims.facts import ClaimKind
from xiaobao.evidence.facts import Kind

if TYPE_CHECKING:
    from xiaobao.lab.generate.plans import Plan

SIZE = (120, 90)
_SAID = {
    ClaimKind.NOT_RECEIVED: ("一直没有收到货", "物流不动了，货没有到"),
    ClaimKind.NOT_AS_DESCRIBED: ("颜色和页面上的不一样", "材质与描述不符", "尺寸差了很多"),
    ClaimKind.DEFECTIVE: ("用了两天就坏了", "有一处开线", "通电没有反应"),
    ClaimKind.COUNTERFEIT: ("标签和正品不同，怀疑是假货", "专柜说这不是正品"),
    ClaimKind.WRONG_ITEM: ("发错了，收到的是别的款",),
    ClaimKind.MISSING_ITEM: ("少了一件",),
    ClaimKind.DAMAGED: ("打开就是碎的", "外壳破了"),
    ClaimKind.LATE_SHIPMENT: ("说好的时间没有发货",),
    ClaimKind.FALSE_SHIPMENT: ("只有单号，一直没有揽收",),
    ClaimKind.REFUND_NOT_PAID: ("答应的退款一直没到",),
    ClaimKind.PROMISE_NOT_KEPT: ("付款后被要求取消订单", "付了款又说没货"),
}  # fmt: skip
# What a shop that keeps its records can show, by what it is asked about.
_RECORDS = {
    ClaimKind.NOT_RECEIVED: (Kind.SIGNATURE_PROOF, "承运人签收记录：已由收件人签收"),
    ClaimKind.FALSE_SHIPMENT: (Kind.CARRIER_RECORD, "承运人揽收记录：已揽收"),
    ClaimKind.LATE_SHIPMENT: (Kind.CARRIER_RECORD, "承运人揽收记录：按时揽收"),
    ClaimKind.COUNTERFEIT: (Kind.PURCHASE_CHAIN, "进货凭证：品牌方出库单"),
    ClaimKind.REFUND_NOT_PAID: (Kind.REFUND_PROOF, "退款凭证：已原路退回"),
}
_CHAT = (Kind.CHAT_RECORD, "聊天记录：发货前已与买家确认规格与状态")


def said(kind: ClaimKind, number: int) -> str:
    """What a buyer says of a claim."""
    words = _SAID[kind]
    return words[number % len(words)]


def picture(plan: Plan, number: int, showing: int) -> bytes:
    """A small picture (JPEG); negative numbers are shown again and again, each time re-saved."""
    rng = np.random.default_rng([plan.seed, 9, abs(number), int(number < 0)])
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    out = io.BytesIO()
    smooth = coarse.resize(SIZE, Image.Resampling.BICUBIC)
    smooth.save(out, "JPEG", quality=70 + showing % 20 if number < 0 else 80)
    return out.getvalue()


def record(kind: ClaimKind, order: str) -> tuple[Kind, bytes]:
    """What a shop shows against a claim: a kind of evidence, and its text."""
    of, words = _RECORDS.get(kind, _CHAT)
    return of, f"{words}\n订单 {order}\n".encode()
