"""Kinds of differences between a gateway's bill and our books, and what to do about each."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class Kind(StrEnum):
    """In the order in which a line is asked."""

    NOT_OURS = "not_ours"  # the number is none of ours, and the remark says nothing
    UNKNOWN_HERE = "unknown_here"  # a number as ours, of a movement that we never asked for
    TWICE = "twice"  # one movement, and its money moved more than once
    WRONG_WAY = "wrong_way"  # it came in where it should have gone out, or the other way
    OTHER_AMOUNT = "other_amount"
    FAILED_YET_MOVED = "failed_yet_moved"  # we hold it for failed, and the money moved
    PAID_UNOWED = "paid_unowed"  # stopped or given up before, and it moved: nothing was owed
    STILL_OPEN = "still_open"  # the money moved, and we have not heard so
    CHANGED = "changed"  # the same line came otherwise in an earlier bill
    MOVED = "moved"  # the same line was about another number in an earlier bill
    NOT_IN_BILL = "not_in_bill"  # confirmed with us, and no bill has it


class Words(NamedTuple):
    zh: str
    en: str
    do_zh: str
    do_en: str


WORDS = {
    Kind.NOT_OURS: Words(
        "不是本系统的单号", "not a number of ours",
        "核对是否其他业务共用账户；若是退款或补款，请由人记账",
        "see whether other business uses the account; book what concerns it by hand",
    ),
    Kind.UNKNOWN_HERE: Words(
        "单号像本系统的，账上却没有", "a number as ours, unknown to our books",
        "停止打款，查明是谁用本应用的密钥发起", "stop payouts; find out who used this app's keys",
    ),
    Kind.TWICE: Words(
        "同一笔动了两次钱", "the money of one movement moved twice",
        "联系网关追回多付的一笔", "ask the gateway for the second one back",
    ),
    Kind.WRONG_WAY: Words(
        "收付方向相反", "it moved the other way",
        "查明是否在网关后台人工退款，并由人补记", "see whether somebody refunded it by hand",
    ),
    Kind.OTHER_AMOUNT: Words(
        "金额不同", "the amounts differ",
        "以网关凭证为准，差额由人冲正", "the gateway's voucher counts; correct the rest by hand",
    ),
    Kind.FAILED_YET_MOVED: Words(
        "账上记为失败，钱却动了", "failed with us, and the money moved",
        "向网关查询该单号：钱确已动的，随即入账",
        "ask the gateway about the number: money that did move is booked at once",
    ),
    Kind.PAID_UNOWED: Words(
        "已停止或改付他户，钱仍付出", "stopped or given up, and it left all the same",
        "向收款人追回；追回前，账户余额比账上少这一笔",
        "ask it back; until then the account holds less than the books by it",
    ),
    Kind.STILL_OPEN: Words(
        "钱已动，结果尚未收到", "the money moved, and its answer is still open",
        "xiaobao run 到时会自动查询；也可现在向网关查询该单号",
        "xiaobao run asks the gateway when it is due; or ask about the number now",
    ),
    Kind.CHANGED: Words(
        "同一行与先前账单不同", "the line was otherwise in an earlier bill",
        "重新下载两份账单，比较后由人处理", "download both bills again, and compare them",
    ),
    Kind.MOVED: Words(
        "同一行在先前账单里记在另一单号名下",
        "the line was about another number in an earlier bill",
        "仍按先读入的账单核对，两个单号的钱都没有少算或多算；重新下载两份账单，"
        "问网关这一行究竟属于哪个单号",
        "what the first bill said still counts, and no sum is told twice; download both bills "
        "again, and ask the gateway whose number the line has",
    ),
    Kind.NOT_IN_BILL: Words(
        "账上已确认，账单里没有", "confirmed with us, and in no bill",
        "若在当日零点前后，读入相邻一日的账单后会自行消失；否则向网关查询该单号",
        "near midnight it ends by itself with the next day's bill; else ask the gateway",
    ),
}  # fmt: skip


class Difference(NamedTuple):
    """One line or one movement; `ours_minor` and `theirs_minor` are signed as in the bill."""

    kind: Kind
    seller_id: int
    movement: UUID | None
    line: int
    name: str
    number: str
    ours_minor: int | None
    theirs_minor: int | None
    at: datetime | None
