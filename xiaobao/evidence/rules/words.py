"""What people are told: refusals with their fix, parties, viewers, why a copy is withheld."""

from __future__ import annotations

from xiaobao.evidence.facts import (
    KINDS,
    CustodyKind,
    EntryKind,
    Group,
    Kind,
    Party,
    Refusal,
    Refused,
    Viewer,
)

GROUP_WORDS = {
    Group.IMAGE: ("图片（JPEG、PNG、WebP、GIF）", "picture (JPEG, PNG, WebP, GIF)"),
    Group.VIDEO: ("视频（MP4）", "video (MP4)"),
    Group.DOCUMENT: ("文档（PDF）", "document (PDF)"),
    Group.TEXT: ("文字（UTF-8 文本或 JSON）", "text (UTF-8 or JSON)"),
}
PARTY_WORDS = {
    Party.BUYER: ("买家", "buyer"),
    Party.SELLER: ("卖家", "seller"),
    Party.PLATFORM: ("平台", "platform"),
    Party.CARRIER: ("承运人", "carrier"),
    Party.EXPERT: ("鉴定检测机构", "expert"),
    Party.AUTHORITY: ("机关", "authority"),
}
VIEWER_WORDS = {
    Viewer.BUYER: ("买家", "buyer"),
    Viewer.SELLER: ("卖家", "seller"),
    Viewer.STAFF: ("小二", "staff"),
    Viewer.JUROR: ("评审员", "juror"),
    Viewer.REGULATOR: ("监管机关", "regulator"),
}
CUSTODY_WORDS = {
    CustodyKind.SEEN: ("查看", "seen"),
    CustodyKind.ORIGINAL: ("取原件", "original read"),
    CustodyKind.EXPORTED: ("导出", "exported"),
}
ENTRY_WORDS = {
    EntryKind.PIECE: ("提交证据", "evidence handed in"),
    EntryKind.CUSTODY: ("查看或导出", "seen or exported"),
    EntryKind.HOLD: ("保全开始", "legal hold placed"),
    EntryKind.LIFT: ("保全解除", "legal hold lifted"),
    EntryKind.END: ("案件结束", "case ended"),
    EntryKind.REOPEN: ("案件重开", "case reopened"),
}
# zh and en, each with what is wrong and how to mend it.
_REFUSALS = {
    Refusal.EMPTY: ("文件是空的：重新选择文件", "the file is empty: choose it again"),
    Refusal.TOO_LARGE: (
        "文件 {size} 字节，最大 {most}：压缩或截短后再提交",
        "the file has {size} bytes, at most {most} are taken: compress or cut it",
    ),
    Refusal.TOO_MANY: (
        "这一方在本案已提交 {most} 件{group_zh}：合并后替换，或请平台放宽",
        (
            "this party handed in {most} pieces for this case, all that are taken of the type "
            "{group_en}: merge them, or ask the platform for more"
        ),
    ),
    Refusal.TOO_MANY_PIXELS: (
        "图片 {width}×{height} 像素过大，最多 {most} 像素：缩小后再提交",
        "the picture has {width}x{height} pixels, at most {most} are taken: scale it down",
    ),
    Refusal.UNKNOWN_TYPE: (
        "认不出文件类型：提交 JPEG、PNG、WebP、GIF、MP4、PDF 或 UTF-8 文字",
        "the type of the file is not known: hand in JPEG, PNG, WebP, GIF, MP4, PDF or UTF-8 text",
    ),
    Refusal.WEB_PAGE: (
        "这是网页或 SVG，可能带脚本：提交截图或 PDF",
        "this is a web page or SVG, which may carry scripts: hand in a screenshot or a PDF",
    ),
    Refusal.ARCHIVE: (
        "这是压缩包或 Office 文档：解压后逐个提交，或另存为 PDF",
        "this is an archive or an Office document: hand in each file by itself, or save as PDF",
    ),
    Refusal.HEIC: (
        "不收 HEIC/AVIF：在手机上另存为 JPEG 后提交",
        "HEIC and AVIF are not taken: save the picture as JPEG and hand that in",
    ),
    Refusal.OTHER_TYPE: (
        "“{kind_zh}”不能是{group_zh}，可以是：{groups_zh}",
        "'{kind_en}' cannot be a {group_en}; it may be: {groups_en}",
    ),
    Refusal.CUT_OFF: (
        "文件不完整或已损坏：从原设备重新提交",
        "the file is cut off or damaged: hand it in again from where it was made",
    ),
    Refusal.ACTIVE_CONTENT: (
        "PDF 内含脚本或附件：打印成不带脚本的 PDF 后提交",
        "the PDF holds scripts or other files: print it to a plain PDF and hand that in",
    ),
    Refusal.LOCKED: (
        "PDF 有密码：去掉密码后提交",
        "the PDF is locked by a password: remove it and hand the PDF in",
    ),
    Refusal.RECORDED_BY_PLATFORM: (
        "这类事实由平台自己记录：换一个类型，如“陈述”或“聊天记录”",
        (
            "facts of this kind are recorded by the platform itself: choose another kind, such as "
            "statement or chat_record"
        ),
    ),
    Refusal.WORDS_TOO_LONG: (
        "文字过长，最多 {most} 字：写短些，或作为文件提交",
        "the words are too long, at most {most} letters: shorten them, or hand in a file",
    ),
    Refusal.FROM_THE_FUTURE: (
        "提交时间晚于现在：核对时间",
        "the time of submission lies in the future: check it",
    ),
}
WITHHELD_DOCUMENT = (
    "对方提交的文档不向您展示原文（可能含他人信息或商业秘密）；需要时请平台出示要点",
    (
        "a document of the other side is not shown in full (it may hold others' data or trade "
        "secrets); ask the platform to state what matters in it"
    ),
)


def refusal_words(refused: Refused) -> tuple[str, str]:
    """What is wrong and how to mend it, in zh and en."""
    parts = dict(refused.parts)
    group, kind = parts.pop("group", None), parts.pop("kind", None)
    if isinstance(group, Group):
        parts["group_zh"], parts["group_en"] = GROUP_WORDS[group]
    if isinstance(kind, Kind):
        words = KINDS[kind]
        allowed = [GROUP_WORDS[one] for one in sorted(words.groups)]
        parts |= {
            "kind_zh": words.zh, "kind_en": words.en,
            "groups_zh": "、".join(zh for zh, _ in allowed),
            "groups_en": ", ".join(en for _, en in allowed),
        }  # fmt: skip
    zh, en = _REFUSALS[refused.reason]
    return zh.format(**parts), en.format(**parts)
