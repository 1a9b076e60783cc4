"""What is to be done about a claim that is decided, over, or standing still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import Mark, Party
from xiaobao.claims.rules.next_actions.standing import ESCALATED, GOES_ON, act
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.claims.facts import NextAction
    from xiaobao.claims.rules.next_actions.standing import Standing


def _may_appeal(s: Standing) -> list[NextAction]:
    if s.appeal_until_us >= FAR_US or s.appeal_until_us <= s.at_us:
        return []
    final = ("裁决成为终局", "the ruling is final")
    words = (
        "如有新信息可申诉，由另一人复核",
        "appeal with new information; another person decides",
    )
    return [
        act(party, words, s.appeal_until_us, final, "claims appeal")
        for party in (Party.BUYER, Party.SELLER)
    ]


def ruled(s: Standing) -> list[NextAction]:
    words = ("执行裁决：付款或释放冻结", "carry the ruling out: pay, or free what is locked")
    return [act(Party.PLATFORM, words, s.platform_due_us, ESCALATED), *_may_appeal(s)]


def paid(s: Standing) -> list[NextAction]:
    words = ("申诉期满后结案，或转入追偿", "close it after the time to appeal, or begin recovery")
    return [*_may_appeal(s), act(Party.PLATFORM, words, s.appeal_until_us, ESCALATED)]


def recovering(s: Standing) -> list[NextAction]:
    return [
        act(
            Party.SELLER,
            ("偿还欠款", "repay the debt"),
            FAR_US,
            ("由以后的收入偿还", "later income repays it"),
        ),
        act(
            Party.PLATFORM,
            ("继续追偿，还清后结案", "go on recovering, and close once it is repaid"),
            s.platform_due_us,
            ("保障基金继续承担", "the guarantee fund goes on bearing it"),
        ),
    ]


_KEEPS = ("保存卷宗至保存期满", "keep the dossier until its time has passed")
_NOTHING_LEFT = ("无需任何人再做什么", "nobody has anything left to do")


def _keeps() -> NextAction:
    return act(Party.PLATFORM, _KEEPS, FAR_US, _NOTHING_LEFT)


def _may_reopen(s: Standing) -> list[NextAction]:
    if s.appeal_until_us >= FAR_US or s.appeal_until_us <= s.at_us or s.marks & Mark.REOPENED:
        return []
    words = ("如有新事实可申请重新受理", "ask for it to be reopened, with new facts")
    stays = ("不再受理", "it stays closed")
    return [act(Party.BUYER, words, s.appeal_until_us, stays, "claims reopen")]


def closed(s: Standing) -> list[NextAction]:
    return [*_may_appeal(s), *_may_reopen(s), _keeps()]


def given_up(s: Standing) -> list[NextAction]:
    return [*_may_reopen(s), _keeps()]


def settled(s: Standing) -> list[NextAction]:
    if not s.marks & Mark.WITH_RETURN:
        return [_keeps()]
    return [
        act(
            Party.BUYER,
            ("寄回商品", "send the goods back"),
            s.buyer_due_us,
            ("和解失效，维权失效", "the settlement and the claim lapse"),
        ),
        act(
            Party.PLATFORM,
            ("见到退货物流后立即付款", "pay as soon as the goods are on their way back"),
            s.platform_due_us,
            ESCALATED,
        ),
    ]


def suspended(s: Standing) -> list[NextAction]:
    if s.is_tested:
        return _tested(s)
    words = ("事由消除后可申请恢复", "ask to resume once the reason is gone")
    resumes = ("到期自动恢复，时限顺延", "it resumes by itself then, every clock later by as much")
    return [
        act(Party.BUYER, words, s.stop_until_us, resumes, "claims resume"),
        act(Party.SELLER, words, s.stop_until_us, resumes, "claims resume"),
        act(Party.PLATFORM, ("到期恢复", "resume it at the end"), s.stop_until_us, ESCALATED),
    ]


def appealed(s: Standing) -> list[NextAction]:
    return [
        act(
            Party.PLATFORM,
            ("由另一人复核并裁决", "have another person review and rule"),
            s.platform_due_us,
            ESCALATED,
            "claims rule",
        ),
        act(Party.BUYER, ("补充证据", "add evidence"), FAR_US, GOES_ON, "claims evidence"),
        act(Party.SELLER, ("补充证据", "add evidence"), FAR_US, GOES_ON, "claims evidence"),
    ]


def _tested(s: Standing) -> list[NextAction]:
    """The result is the platform's to bring; the buyer may still give the claim up."""
    brings = ("取得检测或鉴定结果并恢复", "bring the result of the test, and resume the claim")
    resumes = ("到期自动恢复，时限顺延", "it resumes by itself then, every clock later by as much")
    gives_up = ("可撤回，则承担送检费用", "may withdraw, and then owes what the test cost")
    return [
        act(Party.PLATFORM, brings, s.stop_until_us, resumes, "claims resume"),
        act(Party.BUYER, gives_up, s.stop_until_us, GOES_ON, "claims withdraw"),
    ]
