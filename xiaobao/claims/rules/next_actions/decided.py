"""What is to be done about a claim that is decided, over, or standing still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import Mark, Party, StopReason
from xiaobao.claims.rules.next_actions.standing import ESCALATED, GOES_ON, act
from xiaobao.claims.rules.stopping import may_resume
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.claims.facts import NextAction
    from xiaobao.claims.rules.next_actions.standing import Standing


def _may_appeal(s: Standing) -> list[NextAction]:
    if s.marks & (Mark.ACCEPTED | Mark.GOODS_LATE) == Mark.ACCEPTED:
        return []
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


_OVER = ("事由消除后可恢复", "resume it once the reason is gone")
_RESUMES = ("到期自动恢复，时限顺延", "it resumes by itself then, every clock later by as much")
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
    if s.stop is not None and s.stop.reason is StopReason.TEST:
        return _tested(s)
    may = [
        act(party, _OVER, s.stop_until_us, _RESUMES, "claims resume")
        for party in (Party.BUYER, Party.SELLER)
        if s.stop is not None and may_resume(s.stop, party)
    ]
    if s.marks & Mark.STOP_UNPROVEN:
        return [_accepts(s), *may, _gives_up(s, ("可撤回维权", "may withdraw the claim"))]
    words = (
        "事由消除后恢复；到期自动恢复",
        "resume it once the reason is gone; it resumes by itself at the end",
    )
    platforms = act(Party.PLATFORM, words, s.stop_until_us, _RESUMES, "claims resume")
    return [platforms, *may, _gives_up(s, ("可撤回维权", "may withdraw the claim"))]


def _accepts(s: Standing) -> NextAction:
    words = (
        "核实机关文书：属实则维持中止，否则恢复",
        "look at the authority's document: accept it, or let the clocks go on",
    )
    lapses = (
        "未核实的中止失效，自动恢复",
        "a stop that nobody accepted lapses, and the claim goes on by itself",
    )
    return act(Party.PLATFORM, words, s.stop_until_us, lapses, "claims suspend", "claims resume")


def _gives_up(s: Standing, words: tuple[str, str]) -> NextAction:
    return act(Party.BUYER, words, s.stop_until_us, GOES_ON, "claims withdraw")


def goods_owed(s: Standing) -> list[NextAction]:
    late = ("改为向买家支付货款", "the price is paid to the buyer instead")
    return [
        act(
            Party.SELLER,
            ("维修或更换，并提交完成的证据", "repair or replace it, and show that it is done"),
            s.seller_due_us, late, "claims goods-done",
        ),
        act(
            Party.BUYER,
            ("收到后确认完成", "confirm it once it is done"),
            s.seller_due_us, late, "claims goods-done",
        ),
        act(
            Party.PLATFORM,
            ("逾期未完成时改判货款", "rule the price where it is not done in time"),
            s.seller_due_us, ESCALATED,
        ),
        *_may_appeal(s),
    ]  # fmt: skip


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
    gives_up = ("可撤回，则承担送检费用", "may withdraw, and then owes what the test cost")
    return [
        act(Party.PLATFORM, brings, s.stop_until_us, _RESUMES, "claims resume"),
        _gives_up(s, gives_up),
    ]
