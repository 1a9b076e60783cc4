"""What is to be done about a claim that is not decided yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import Mark, Party
from xiaobao.claims.rules.next_actions.standing import ESCALATED, GOES_ON, act
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.claims.facts import NextAction
    from xiaobao.claims.rules.next_actions.standing import Standing

_ITS_OWN = ("claims evidence", "claims offer", "claims withdraw")
_WITHDRAW = ("补充证据、提出方案或撤回", "add evidence, make an offer, or withdraw")


def negotiating(s: Standing) -> list[NextAction]:
    otherwise = (
        "平台介入，卖家须在答复时限内答复",
        "the platform steps in, and the seller has to answer by its clock",
    )
    return [
        act(
            Party.SELLER,
            ("同意、拒绝或提出方案", "accept, deny, or make an offer"),
            s.talks_due_us,
            otherwise,
            "claims answer",
            "claims offer",
        ),
        act(
            Party.BUYER,
            ("提出方案，或请平台介入", "make an offer, or call the platform in"),
            s.talks_due_us,
            otherwise,
            "claims offer",
            "claims end-talks",
        ),
        act(
            Party.PLATFORM,
            ("协商期满时介入", "step in when the talks have run out"),
            s.talks_due_us,
            ESCALATED,
        ),
    ]


def awaiting_seller(s: Standing) -> list[NextAction]:
    return [
        act(
            Party.SELLER,
            ("答复：同意、附证据拒绝或提出方案", "answer: accept, deny with evidence, or offer"),
            s.seller_due_us,
            (
                "按沉默处理：依举证责任表判断，通常支持买家",
                "silence is judged by the burden table, as a rule for the buyer",
            ),
            "claims answer",
            "claims offer",
        ),
        act(Party.BUYER, _WITHDRAW, FAR_US, GOES_ON, *_ITS_OWN),
        act(
            Party.PLATFORM,
            ("时限届满时判断举证责任", "judge the burden of proof when the clock runs out"),
            s.seller_due_us,
            ESCALATED,
        ),
    ]


def _shows(s: Standing, party: Party, us: int, lost: tuple[str, str]) -> NextAction:
    zh = f"提交以下任一证据：{s.missing_zh}" if s.missing_zh else "提交证据"
    en = f"show any of: {s.missing_en}" if s.missing_en else "show evidence"
    if s.marks & Mark.CURED:
        words = (f"补正：{zh}", f"last chance: {en}")
        return act(party, words, us, lost, "claims evidence")
    cure = (
        "指明所缺证据并开启一次补正期，或依举证责任表判断",
        "what is missing is named and one cure period opens, or the burden table decides",
    )
    return act(party, (zh, en), us, cure, "claims evidence")


_BUYER_LOSES = (
    "不支持该诉求；从未举证的，维权失效",
    "the claim is rejected; where nothing at all was shown it lapses",
)
_SELLER_LOSES = ("支持买家的诉求", "the claim is upheld")


def _judges(us: int) -> NextAction:
    words = ("时限届满或证据到齐后判断", "judge once the clock runs out or the evidence is there")
    return act(Party.PLATFORM, words, us, ESCALATED)


def awaiting_buyer_evidence(s: Standing) -> list[NextAction]:
    return [
        _shows(s, Party.BUYER, s.buyer_due_us, _BUYER_LOSES),
        act(
            Party.SELLER,
            ("同意、提出方案或补充证据", "accept, make an offer, or add evidence"),
            FAR_US,
            GOES_ON,
            "claims answer",
            "claims offer",
            "claims evidence",
        ),
        _judges(s.buyer_due_us),
    ]


def awaiting_seller_evidence(s: Standing) -> list[NextAction]:
    return [
        _shows(s, Party.SELLER, s.seller_due_us, _SELLER_LOSES),
        act(Party.BUYER, _WITHDRAW, FAR_US, GOES_ON, *_ITS_OWN),
        _judges(s.seller_due_us),
    ]


def awaiting_both_evidence(s: Standing) -> list[NextAction]:
    return [
        _shows(s, Party.BUYER, s.buyer_due_us, _BUYER_LOSES),
        _shows(s, Party.SELLER, s.seller_due_us, _SELLER_LOSES),
        _judges(min(s.buyer_due_us, s.seller_due_us)),
    ]


def under_review(s: Standing) -> list[NextAction]:
    can = (
        "裁决前可补充证据、和解或申请人工处理",
        "until the ruling: add evidence, settle, or ask for a person",
    )
    us = s.platform_due_us
    is_late = bool(s.marks & Mark.PLATFORM_LATE)
    rules = (
        ("立即裁决（已超时）", "rule now: its clock has run out")
        if is_late
        else ("作出附理由的裁决", "rule, with reasons")
    )
    return [
        act(Party.PLATFORM, rules, us, ESCALATED, "claims rule", "hearings jury call"),
        act(Party.BUYER, can, FAR_US, GOES_ON, "claims evidence", "claims ask-person"),
        act(Party.SELLER, can, FAR_US, GOES_ON, "claims evidence", "claims answer"),
    ]


def with_jury(s: Standing) -> list[NextAction]:
    return [
        act(
            Party.PLATFORM,
            ("取得大众评审意见", "have the jury's answer"),
            s.platform_due_us,
            ("转由工作人员裁决", "staff rule instead"),
            "hearings jury show",
        )
    ]
