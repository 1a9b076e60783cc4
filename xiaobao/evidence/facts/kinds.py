"""Kinds of everything: parties, viewers, files and their types, what a piece shows, entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Party(IntEnum):
    """Who handed something in."""

    BUYER = 1
    SELLER = 2
    PLATFORM = 3
    CARRIER = 4
    EXPERT = 5  # an inspection body, an appraiser, a hospital
    AUTHORITY = 6


class Viewer(IntEnum):
    """As whom somebody looks."""

    BUYER = 1
    SELLER = 2
    STAFF = 3  # adjudicators and finance: see all, and every look is written down
    JUROR = 4
    REGULATOR = 5


class Group(IntEnum):
    """What a file is to those who judge it; limits are set for each in the pack."""

    IMAGE = 1
    VIDEO = 2
    DOCUMENT = 3
    TEXT = 4


class Media(IntEnum):
    """A file's type as its own bytes tell it."""

    JPEG = 1
    PNG = 2
    WEBP = 3
    GIF = 4
    MP4 = 10
    PDF = 20
    TEXT = 30
    JSON = 31


MEDIA_TYPES = {
    Media.JPEG: "image/jpeg", Media.PNG: "image/png", Media.WEBP: "image/webp",
    Media.GIF: "image/gif", Media.MP4: "video/mp4", Media.PDF: "application/pdf",
    Media.TEXT: "text/plain", Media.JSON: "application/json",
}  # fmt: skip
SUFFIXES = {
    Media.JPEG: "jpg", Media.PNG: "png", Media.WEBP: "webp", Media.GIF: "gif", Media.MP4: "mp4",
    Media.PDF: "pdf", Media.TEXT: "txt", Media.JSON: "json",
}  # fmt: skip
GROUP_OF = {
    Media.JPEG: Group.IMAGE, Media.PNG: Group.IMAGE, Media.WEBP: Group.IMAGE,
    Media.GIF: Group.IMAGE, Media.MP4: Group.VIDEO, Media.PDF: Group.DOCUMENT,
    Media.TEXT: Group.TEXT, Media.JSON: Group.TEXT,
}  # fmt: skip


class Kind(IntEnum):
    """What a piece is said to show."""

    PHOTO = 1
    UNBOXING_VIDEO = 2
    PACKING_VIDEO = 3
    CHAT_RECORD = 4
    WAYBILL = 5
    CARRIER_RECORD = 6
    SIGNATURE_PROOF = 7
    PURCHASE_CHAIN = 8
    AUTHORISATION = 9
    INVOICE = 10
    CUSTOMS_DOCUMENT = 11
    CERTIFICATE = 12
    INSPECTION_REPORT = 13
    APPRAISAL = 14
    MEDICAL_RECORD = 15
    PAYMENT_PROOF = 16
    REFUND_PROOF = 17
    RETURN_PROOF = 18
    STATEMENT = 19
    AUTHORITY_DOCUMENT = 20
    SNAPSHOT = 30
    LOGISTICS_FACTS = 31
    ORDER_FACTS = 32
    POLICY_NOTICE = 40
    HARDSHIP_PROOF = 41
    PENALTY_NOTICE = 42
    OTHER = 99


@dataclass(frozen=True)
class KindWords:
    """A kind as people read it, and the types of file it comes in."""

    zh: str
    en: str
    groups: frozenset[Group]


_ANY_PAPER = frozenset({Group.IMAGE, Group.DOCUMENT})
_ANY_RECORD = frozenset({Group.IMAGE, Group.DOCUMENT, Group.TEXT})
_FILM = frozenset({Group.VIDEO})
_FACTS = frozenset({Group.TEXT})

KINDS = {
    Kind.PHOTO: KindWords("照片", "photo", frozenset({Group.IMAGE})),
    Kind.UNBOXING_VIDEO: KindWords("开箱视频", "unboxing video", _FILM),
    Kind.PACKING_VIDEO: KindWords("出库视频", "packing video", _FILM),
    Kind.CHAT_RECORD: KindWords("聊天记录", "chat record", _ANY_RECORD),
    Kind.WAYBILL: KindWords("运单", "waybill", _ANY_RECORD),
    Kind.CARRIER_RECORD: KindWords("承运人记录", "carrier's record", _ANY_RECORD),
    Kind.SIGNATURE_PROOF: KindWords("签收凭证", "proof of signature", _ANY_RECORD),
    Kind.PURCHASE_CHAIN: KindWords("进货凭证", "purchase chain", _ANY_RECORD),
    Kind.AUTHORISATION: KindWords("授权书", "authorisation", _ANY_PAPER),
    Kind.INVOICE: KindWords("发票", "invoice", _ANY_PAPER),
    Kind.CUSTOMS_DOCUMENT: KindWords("报关单", "customs document", _ANY_PAPER),
    Kind.CERTIFICATE: KindWords("合格证或标准", "certificate or standard", _ANY_PAPER),
    Kind.INSPECTION_REPORT: KindWords("检测报告", "inspection report", _ANY_PAPER),
    Kind.APPRAISAL: KindWords("鉴定意见", "appraisal", _ANY_PAPER),
    Kind.MEDICAL_RECORD: KindWords("就医证明", "medical record", _ANY_PAPER),
    Kind.PAYMENT_PROOF: KindWords("付款凭证", "proof of payment", _ANY_RECORD),
    Kind.REFUND_PROOF: KindWords("退款凭证", "proof of refund", _ANY_RECORD),
    Kind.RETURN_PROOF: KindWords("退货凭证", "proof of return", _ANY_RECORD),
    Kind.STATEMENT: KindWords("陈述", "statement", _ANY_RECORD),
    Kind.AUTHORITY_DOCUMENT: KindWords("机关文书", "authority's document", _ANY_PAPER),
    Kind.SNAPSHOT: KindWords("交易快照", "offer snapshot", _FACTS),
    Kind.LOGISTICS_FACTS: KindWords("物流事实", "logistics facts", _FACTS),
    Kind.ORDER_FACTS: KindWords("订单事实", "order facts", _FACTS),
    Kind.POLICY_NOTICE: KindWords("规则公示", "policy notice", _ANY_RECORD),
    Kind.HARDSHIP_PROOF: KindWords("困难证明", "proof of hardship", _ANY_RECORD),
    Kind.PENALTY_NOTICE: KindWords("处罚通知", "penalty notice", _ANY_RECORD),
    Kind.OTHER: KindWords("其他", "other", frozenset(Group)),
}

# Facts that the platform itself records; nobody hands them in.
RECORDED_KINDS = frozenset({Kind.SNAPSHOT, Kind.LOGISTICS_FACTS, Kind.ORDER_FACTS})


class EntryKind(IntEnum):
    """What an entry of a case's chain says happened."""

    PIECE = 1  # something was handed in
    CUSTODY = 2  # somebody saw or took out a piece
    HOLD = 3  # a legal hold began
    LIFT = 4  # a legal hold ended
    END = 5  # the case ended: the retention clock runs
    REOPEN = 6  # it did not


class CustodyKind(IntEnum):
    """What somebody did with a piece."""

    SEEN = 1  # a display copy, masked for who looked
    ORIGINAL = 2  # the original bytes
    EXPORTED = 3  # into a dossier that leaves the house: the original, or the copy for its reader
