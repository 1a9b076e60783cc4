"""Shapes of pairs: a buyer and the shop it claims from, with what may show that they are one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.supervision.facts.watching import Words


class PairSign(IntFlag):
    """Why somebody should look at a buyer and a shop together; none of them proves anything."""

    OWN_ACCOUNT = 1
    SHARED_ACCOUNT = 2
    ALL_CONCEDED = 4


@dataclass(frozen=True, slots=True)
class Pairs(Columns):
    """Buyers by the shop they claimed from, over one span of time."""

    seller_id: Int
    buyer_id: Int
    claims: Int
    conceded: Int  # the shop accepted them and denied nothing
    paid_minor: Int
    fund_minor: Int  # of it advanced by the guarantee fund
    is_own_account: Mask  # the buyer is paid to the very account the shop is paid to
    sharing: Int  # buyers who claimed from the shop and are paid to this account, itself included


@dataclass(frozen=True)
class PairRow:
    """One pair with its signs; the buyer goes by its latest claim, and by no name."""

    seller_id: int
    claim: str
    claims: int
    conceded: int
    sharing: int
    paid_minor: int
    fund_minor: int
    signs: PairSign


PAIR_WORDS = {
    PairSign.OWN_ACCOUNT: Words(
        "买家的收款账号就是本店的收款账户：看是不是同一个人",
        "the buyer is paid to the shop's own account: see whether they are one person",
    ),
    PairSign.SHARED_ACCOUNT: Words(
        "向本店维权的几个买家用同一个收款账号：看他们的订单和证据是否相同",
        "several buyers who claim from the shop are paid to one account: compare their orders and "
        "evidence",
    ),
    PairSign.ALL_CONCEDED: Words(
        "这个买家的多次维权本店全部承认、从不否认：看货是否真的发出",
        "the shop conceded every one of several claims of this buyer: see whether goods were sent",
    ),
}
