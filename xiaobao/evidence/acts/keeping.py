"""How long a case is kept: legal holds placed and lifted, cases ended and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.database import sets
from xiaobao.evidence.facts import EntryKind
from xiaobao.evidence.queries.cases import chain_of, holds_of
from xiaobao.evidence.rules import chain
from xiaobao.evidence.rules.retention import kept_until
from xiaobao.evidence.store import rows
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime


class HoldUnknown(Problem):
    """A case has no hold of this number."""

    code = "evidence_hold_unknown"
    status = 404
    zh = "卖家 {seller_id} 的案件 {case_id} 没有第 {seq} 号保全：核对编号"
    en = "case {case_id} of seller {seller_id} has no legal hold {seq}: check the number"


class HoldElsewhere(Problem):
    """A hold on everything of a seller is placed in the seller's own file."""

    code = "evidence_hold_elsewhere"
    status = 422
    zh = "case_id：覆盖卖家全部案件的保全要放在卖家自己的档案（case_id 等于卖家编号）"
    en = "case_id: a hold on all of a seller's cases is placed in the seller's own file"


@transaction.atomic
def place_hold(
    seller_id: int, case_id: int,
    *, authority: str, why: str, at: datetime, is_whole_seller: bool = False,
) -> int:  # fmt: skip
    """Place a legal hold and return its number; the same one twice, while it stands, is one.

    :raises HoldElsewhere: for a hold on everything that is not placed in the seller's own file
    """
    if is_whole_seller and case_id != seller_id:
        raise HoldElsewhere
    head = rows.hold_case(seller_id, case_id, at)
    for hold in holds_of(seller_id, case_id):
        same = (hold.authority, hold.why, hold.is_whole_seller)
        if hold.lifted_at is None and same == (authority, why, is_whole_seller):
            return hold.seq
    content = chain.hold_content(
        seller_id, case_id, head.next_seq, at,
        is_whole_seller=is_whole_seller, authority=authority, why=why,
    )  # fmt: skip
    rows.append(head, EntryKind.HOLD, content, at)
    rows.add_hold(head, at, is_whole_seller=is_whole_seller, authority=authority, why=why)
    rows.close_case(head, at)
    return head.seq


@transaction.atomic
def lift_hold(seller_id: int, case_id: int, seq: int, *, why: str, at: datetime) -> None:
    """Lift a legal hold; lifted before, nothing changes.

    :raises HoldUnknown: if there is none of this number
    """
    head = rows.hold_case(seller_id, case_id, at)
    mine = [hold for hold in holds_of(seller_id, case_id) if hold.seq == seq]
    if not mine:
        raise HoldUnknown(seller_id=seller_id, case_id=case_id, seq=seq)
    if mine[0].lifted_at is not None:
        return
    content = chain.lift_content(seller_id, case_id, head.next_seq, at, hold_seq=seq, why=why)
    rows.append(head, EntryKind.LIFT, content, at)
    rows.add_lift(head, at, hold_seq=seq, why=why)
    rows.close_case(head, at)


@sets.one_transaction()
def end_case(
    seller_id: int, case_id: int,
    *, keep_until: datetime | None, zone: str, at: datetime,
) -> datetime:  # fmt: skip
    """The case ended at `at`: it is kept until then, and never less than the law's three years.

    `keep_until` is where the pack's clock `retention` runs out; the room that ends the case
    reads it. Ended already, the first end stands.
    """
    until = kept_until(at, keep_until, zone)
    head = rows.hold_case(seller_id, case_id, at)
    if _last_end(seller_id, case_id) is EntryKind.END:
        return until
    content = chain.end_content(seller_id, case_id, head.next_seq, at, keep_until=until)
    rows.append(head, EntryKind.END, content, at)
    rows.add_end(head, at, until)
    rows.close_case(head, at)
    return until


@sets.one_transaction()
def reopen_case(seller_id: int, case_id: int, *, at: datetime) -> None:
    """The case goes on: its clock starts anew when it ends again."""
    head = rows.hold_case(seller_id, case_id, at)
    if _last_end(seller_id, case_id) is not EntryKind.END:
        return
    content = chain.end_content(seller_id, case_id, head.next_seq, at, keep_until=None)
    rows.append(head, EntryKind.REOPEN, content, at)
    rows.add_end(head, at, None)
    rows.close_case(head, at)


def _last_end(seller_id: int, case_id: int) -> EntryKind | None:
    ends = [e.kind for e in chain_of(seller_id, case_id)
            if e.kind in (EntryKind.END, EntryKind.REOPEN)]  # fmt: skip
    return ends[-1] if ends else None
