"""The page on which a person reads a dossier: every table of it, pictures inside, no scripts."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.template import Context, Engine

from xiaobao.claims.facts import (
    ASK_WORDS,
    EVENT_WORDS,
    FINDING_WORDS,
    KIND_WORDS,
    OFFER_WORDS,
    PARTY_WORDS,
    STAGE_WORDS,
    STATE_WORDS,
)
from xiaobao.claims.queries.dossier.contents import OF_THE_SELLER, digest_told
from xiaobao.evidence.facts import KINDS, Viewer
from xiaobao.evidence.rules.words import CUSTODY_WORDS, VIEWER_WORDS
from xiaobao.evidence.rules.words import PARTY_WORDS as HANDED_BY
from xiaobao.kernel.money import in_words
from xiaobao.ledger.rules.words import ACCOUNTS, WHYS
from xiaobao.orders.facts import FACT_WORDS
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.claims.queries.dossier.contents import Contents

# zh, en, by the name of the sum.
_SUMS = {
    "asked_minor": ("请求", "asked for"),
    "exposure_minor": ("敞口", "exposure"),
    "locked_minor": ("冻结", "locked"),
    "uncovered_minor": ("未覆盖", "uncovered"),
    "refund_minor": ("退款", "refund"),
    "freight_back_minor": ("运费", "freight"),
    "compensation_minor": ("赔付", "compensation"),
    "punitive_minor": ("惩罚性部分", "punitive part"),
    "paid_minor": ("已赔付买家", "paid to the buyer"),
    "fund_minor": ("其中保障基金先行赔付", "of it advanced by the fund"),
}


_RULED = {
    "refund_minor": ("退款", "refund"),
    "freight_minor": ("运费", "freight"),
    "compensation_minor": ("赔付", "compensation"),
    "punitive_minor": ("惩罚性部分", "punitive part"),
    "paid_minor": ("本裁决赔付买家", "paid to the buyer by it"),
}


@dataclass(frozen=True)
class Sheet:
    """One table of the page, with the pictures below it; without columns, names and values."""

    title: str
    rows: list[list[str]]
    columns: list[str] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)


def page_of(contents: Contents, language: str) -> bytes:
    """The page in one language; it asks nothing of any network."""
    template = Engine(autoescape=True).from_string(
        files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    )
    return template.render(Context(told_of(contents, language))).encode()


def told_of(contents: Contents, language: str) -> dict[str, Any]:
    """What the page and the paper say, table by table."""
    made = _Sheets(contents, language)
    return {
        "lang": "zh-CN" if language == "zh" else "en",
        "title": made.say("维权卷宗 ", "Dossier of claim ") + contents.details[language].claim,
        "intro": made.say(
            "本卷宗已签名。用 xiaobao verify 核对整个档案；单独的这一页不能证明什么。",
            "This dossier is signed. Check the whole archive with xiaobao verify; this page "
            "alone proves nothing.",
        ),
        "sheets": [
            made.case(), made.money(), *made.ruled(), made.timeline(), made.offers(),
            made.order_lines(), made.order_facts(), made.evidence(), made.custody(),
            made.ledger(), made.proof(),
        ],
        "nothing": made.say("无", "none"),
    }  # fmt: skip


class _Sheets:
    """The tables of one dossier in one language."""

    def __init__(self, contents: Contents, language: str) -> None:
        self._of = contents
        self._detail = contents.details[language]
        self._place = 0 if language == "zh" else 1
        market = promises.market_of(contents.detail.market_id)
        self._currency, self._zone = market.currency, ZoneInfo(market.zone)

    def say(self, zh: str, en: str) -> str:
        return (zh, en)[self._place]

    def _word(self, words: Any) -> str:
        return str((words.zh, words.en)[self._place] if hasattr(words, "zh") else self.say(*words))

    def _party(self, party: Any) -> str:
        return self._word(PARTY_WORDS[party]) if party else ""

    def _money(self, minor: int) -> str:
        return in_words(minor, self._currency)

    def _moment(self, at: datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(self._zone):%Y-%m-%d %H:%M:%S %z}"

    def case(self) -> Sheet:
        detail = self._detail
        pairs = [
            (("维权", "claim"), detail.claim),
            (("订单", "order"), detail.order),
            (("买家", "buyer"), detail.buyer),
            (("卖家", "seller"), detail.seller),
            (("原因", "kind"), self._word(KIND_WORDS[detail.kind])),
            (("诉求", "asks for"), self._word(ASK_WORDS[detail.ask])),
            (("阶段", "stage"), self._word(STAGE_WORDS[detail.stage])),
            (("状态", "state"), self._word(STATE_WORDS[detail.state])),
            (("提出时间", "filed at"), self._moment(detail.filed_at)),
            (("陈述", "words"), detail.words),
            (("卷宗读者", "made for"), self._word(VIEWER_WORDS[self._of.viewer])),
            (("卷宗时间", "made at"), self._moment(self._of.at)),
        ]
        return Sheet(self.say("案件", "The case"), [[self.say(*name), v] for name, v in pairs])

    def money(self) -> Sheet:
        told = self._detail.money
        hidden = OF_THE_SELLER if self._of.viewer is Viewer.BUYER else ()
        rows = [
            [self.say(*words), self._money(getattr(told, name))]
            for name, words in _SUMS.items()
            if name not in hidden
        ]
        return Sheet(self.say("金额", "Money"), rows)

    def ruled(self) -> Iterator[Sheet]:
        for ruling in self._of.rulings:
            yield self._ruling(ruling)
        proposed = self._detail.proposed
        if proposed is not None:
            finding = self._word(FINDING_WORDS[proposed.finding])
            rows = [[self.say("建议裁决", "proposed ruling"), finding]]
            rows += [["", str(line)] for line in proposed.lines]
            yield Sheet(self.say("建议裁决", "Proposed ruling"), rows)

    def _ruling(self, ruling: dict[str, Any]) -> Sheet:
        lang = ("zh", "en")[self._place]
        pairs = [
            (("编号", "reference"), ruling["reference"]),
            (("时间", "at"), self._moment(datetime.fromisoformat(ruling["ruled_at"]))),
            (("由谁作出", "by"), f"{ruling['by'][lang]} {ruling.get('ruler', '')}"),
            (("结果", "outcome"), ruling["outcome"][lang]),
            (("理由", "reason"), ruling["ground"][lang]),
            (("说明", "words"), ruling["words"]),
            (("偏离建议的原因", "why not as proposed"), ruling["departure"]),
            *((words, self._money(ruling[name])) for name, words in _RULED.items()),
            *((("依据", "line"), f"{one['clause']} {one[lang]}") for one in ruling["lines"]),
            *((("申诉", "appeal"), f"{one['party'][lang]} {one['appealed_at']} {one['words']}")
              for one in ruling["appeals"]),
        ]  # fmt: skip
        title = self.say(f"裁决 {ruling['round']}", f"Ruling {ruling['round']}")
        return Sheet(title, [[self.say(*name), value] for name, value in pairs if value])

    def timeline(self) -> Sheet:
        return Sheet(
            self.say("经过", "Timeline"),
            [
                [str(e.seq), self._moment(e.happened_at), self._word(EVENT_WORDS[e.event]),
                 self._party(e.party), self._moment(e.due_at),
                 self._money(e.amount_minor) if e.amount_minor else "", e.words]
                for e in self._detail.timeline
            ],
            ["#", self.say("时间", "at"), self.say("事件", "event"), self.say("谁", "who"),
             self.say("期限", "by"), self.say("金额", "amount"), self.say("说明", "words")],
        )  # fmt: skip

    def offers(self) -> Sheet:
        return Sheet(
            self.say("方案", "Offers"),
            [
                [str(o.number), self._moment(o.made_at), self._party(o.party),
                 self._money(o.amount_minor), self._word(OFFER_WORDS[o.state]), o.words]
                for o in self._detail.offers
            ],
            ["#", self.say("时间", "at"), self.say("提出方", "by"), self.say("金额", "amount"),
             self.say("状态", "state"), self.say("说明", "words")],
        )  # fmt: skip

    def order_lines(self) -> Sheet:
        order = self._of.order
        return Sheet(
            self.say("交易快照", "The offer as it was"),
            [
                [line.item, line.title, str(line.quantity), self._money(line.price_minor),
                 self.say("是", "yes") if line.is_covered else self.say("否", "no")]
                for line in (order.lines if order else [])
            ],
            [self.say("商品", "item"), self.say("标题", "title"), self.say("数量", "quantity"),
             self.say("价格", "price"), self.say("消保商品", "covered")],
        )  # fmt: skip

    def order_facts(self) -> Sheet:
        order = self._of.order
        return Sheet(
            self.say("订单与物流事实", "Facts of the order and its parcel"),
            [
                [self._moment(fact.happened_at), self._moment(fact.recorded_at),
                 self._word(FACT_WORDS[fact.kind]), fact.waybill or "",
                 self._money(fact.amount_minor) if fact.amount_minor else ""]
                for fact in (order.facts if order else [])
            ],
            [self.say("发生", "happened"), self.say("获知", "recorded"), self.say("事实", "fact"),
             self.say("运单", "waybill"), self.say("金额", "amount")],
        )  # fmt: skip

    def evidence(self) -> Sheet:
        rows, pictures = [], []
        for one, name in zip(self._of.exported, self._of.files, strict=True):
            piece = one.piece
            kind = self._word(KINDS[piece.kind])
            copy = self.say("原件", "original") if one.is_original else self.say("副本", "copy")
            withheld = self.say(one.withheld_zh, one.withheld_en)
            rows.append(
                [str(piece.seq), kind, self._word(HANDED_BY[piece.party]),
                 self._moment(piece.submitted_at), piece.words, f"{name} ({copy}) {withheld}",
                 digest_told(one)]
            )  # fmt: skip
            if one.picture:
                source = base64.b64encode(one.picture).decode()
                pictures.append((f"{piece.seq} · {kind}", f"data:image/jpeg;base64,{source}"))
        return Sheet(
            self.say("证据", "Evidence"), rows,
            ["#", self.say("类别", "kind"), self.say("提交方", "by"), self.say("时间", "at"),
             self.say("说明", "words"), self.say("文件", "file"), "SHA-256"],
            pictures,
        )  # fmt: skip

    def custody(self) -> Sheet:
        return Sheet(
            self.say("查看记录", "Who saw what"),
            [
                [str(c.seq), self._moment(c.happened_at), self._word(VIEWER_WORDS[c.viewer]),
                 self._word(CUSTODY_WORDS[c.kind]), str(c.piece_seq), c.why]
                for c in self._of.custody
            ],
            ["#", self.say("时间", "at"), self.say("谁", "who"), self.say("如何", "how"),
             self.say("证据", "piece"), self.say("原因", "why")],
        )  # fmt: skip

    def ledger(self) -> Sheet:
        is_buyer = self._of.viewer is Viewer.BUYER
        rows = [
            [self._moment(line.at), self._word(WHYS[line.why]), self._money(line.amount_minor)]
            + (
                []
                if is_buyer
                else [self._word(ACCOUNTS[line.source]), self._word(ACCOUNTS[line.target])]
            )
            for line in self._of.lines
        ]
        columns = [self.say("时间", "at"), self.say("用途", "why"), self.say("金额", "amount")]
        more = [] if is_buyer else [self.say("转出", "from"), self.say("转入", "to")]
        return Sheet(self.say("账本摘录", "From the ledger"), rows, [*columns, *more])

    def proof(self) -> Sheet:
        last, proof = self._of.chain[-1], self._of.proof
        pairs = [
            (("案件链长", "entries of the chain"), str(len(self._of.chain))),
            (("链尾", "end of the chain"), last["hash"]),
            (("日志大小", "size of the log"), str(proof["size"])),
            (("日志根", "root of the log"), proof["root"]),
            (("公钥", "public key"), proof["verifier"]),
            (("可信时间戳", "trusted timestamps"), str(len(self._of.stamps))),
        ]
        return Sheet(self.say("证明", "Proof"), [[self.say(*name), v] for name, v in pairs])
