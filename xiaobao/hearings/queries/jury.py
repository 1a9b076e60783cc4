"""Jurors and panels as they stand, and who may sit on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from xiaobao.claims import queries as claims_now
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.database.sets import fetch_rows
from xiaobao.hearings.facts import (
    Candidates,
    HeldSeat,
    JurorKind,
    JurorRow,
    Outcome,
    PanelRow,
    SeatRow,
    Tally,
    Vote,
    Votes,
)
from xiaobao.hearings.rules import jury
from xiaobao.kernel.problems import Problem
from xiaobao.orders import queries as orders_now

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.hearings.terms import HearingTerms


class JurorUnknown(Problem):
    code = "juror_unknown"
    status: ClassVar[int] = 404
    zh = "juror 字段：没有名为“{juror}”的评审员；用 xiaobao hearings jury list 查看"
    en = "juror: there is no juror '{juror}'; see xiaobao hearings jury list"


_JUROR = """
    SELECT j.juror_id, j.name, j.kind, count(v.vote), count(*) FILTER (WHERE v.vote = k.vote),
        j.joined_at, nullif(j.left_at, 'infinity')
    FROM ({}) j LEFT JOIN hearings_known_vote v USING (juror_id)
    LEFT JOIN hearings_known_case k USING (case_id)
    GROUP BY j.juror_id, j.name, j.kind, j.joined_at, j.left_at
"""
BY_NAME: Order[JurorRow] = Order(
    (Part("j.name", "text"), Part("j.juror_id")), lambda row: (row.name, row.juror_id)
)


def jurors(juror_id: int | None = None) -> list[JurorRow]:
    """Everybody who ever was a juror, with how they judged known cases."""
    which = "SELECT * FROM hearings_juror WHERE %(juror)s::bigint IS NULL OR juror_id = %(juror)s"
    return _jurors(which, None, {"juror": juror_id})


def jurors_listed(*, place: Place | None = None, limit: int) -> list[JurorRow]:
    """As `jurors`, a page at a time."""
    which = (
        f"SELECT * FROM hearings_juror j WHERE true{BY_NAME.after(place)}{BY_NAME.by(place)} "
        "LIMIT %(limit)s"
    )
    return _jurors(which, place, {"limit": limit} | BY_NAME.params(place))


def _jurors(which: str, place: Place | None, params: dict[str, Any]) -> list[JurorRow]:
    rows = fetch_rows(_JUROR.format(which) + BY_NAME.by(place), params)
    return straight([JurorRow(row[0], row[1], JurorKind(row[2]), *row[3:]) for row in rows], place)


def juror_of(juror_id: int, name: str) -> JurorRow:
    """:raises JurorUnknown: if there is none"""
    found = jurors(juror_id)
    if not found or found[0].left_at is not None:
        raise JurorUnknown(juror=name)
    return found[0]


def known_case_vote(case_id: int) -> Vote | None:
    """The right answer to a known case; None where there is none of this name."""
    rows = fetch_rows("SELECT vote FROM hearings_known_case WHERE case_id = %s", [case_id])
    return Vote(rows[0][0]) if rows else None


def candidates_for(claims: Claims, terms: HearingTerms) -> Candidates:
    """Who may sit on a panel for a claim: tested jurors without ties to either party."""
    rows = [row for row in jurors() if row.left_at is None]
    cases, right = (np.array([getattr(r, n) for r in rows], np.int64) for n in ("cases", "right"))
    known = Candidates(
        juror_id=np.array([row.juror_id for row in rows], np.int64),
        kind=np.array([row.kind for row in rows], np.int64),
        weight_bps=jury.weight_bps(cases, right),
    )
    seller_id, buyer_id = int(claims.seller_id[0]), int(claims.buyer_id[0])
    ids = known.juror_id.tolist()
    tied = {seller_id, buyer_id}
    tied |= claims_now.persons_with_claims(seller_id, buyer_id, ids)
    tied |= orders_now.persons_with_orders(seller_id, buyer_id, ids)
    free = ~np.isin(known.juror_id, list(tied))
    fit = known.take(jury.passes(cases, right, terms) & free & (known.weight_bps > 0))
    return fit.take(np.argsort(fit.juror_id))


_PANEL = (
    "p.reference, p.seller_id, p.claim_id, p.number, p.key, p.seed, p.called_at, p.seal_until, "
    "p.open_until, p.quorum, p.majority_bps, p.is_binding, a.outcome, a.votes, a.uphold_bps, "
    "a.reject_bps, a.answered_at"
)

_NAMES = [name.split(".")[1] for name in _PANEL.split(", ")]


def panels_of(seller_id: int, claim_id: int) -> list[PanelRow]:
    """Every panel of a claim, in order, with its seats."""
    rows = fetch_rows(
        f"SELECT {_PANEL} FROM hearings_panel p LEFT JOIN hearings_answer a "
        "USING (seller_id, claim_id, number) WHERE p.seller_id = %s AND p.claim_id = %s "
        "ORDER BY p.number",
        [seller_id, claim_id],
    )
    return [_panel(row) for row in rows]


BY_CALL: Order[HeldSeat] = Order(
    (
        Part("(a.answered_at IS NOT NULL)::int"), Part("p.called_at", "ts", is_descending=True),
        Part("s.claim_id"), Part("s.seller_id"),
    ),
    lambda row: (row.answered_at is not None, row.called_at, row.claim_id, row.seller_id),
)  # fmt: skip


def seats_held(juror_id: int, *, place: Place | None = None, limit: int) -> list[HeldSeat]:
    """The panels a juror sits on, those that still wait first, the latest before others."""
    rows = fetch_rows(
        "SELECT s.seller_id, s.claim_id, p.called_at, p.seal_until, p.open_until, e.sealed_at, "
        "v.opened_at, a.answered_at FROM hearings_seat s "
        "JOIN hearings_panel p USING (seller_id, claim_id, number) "
        "LEFT JOIN hearings_seal e USING (seller_id, claim_id, number, juror_id) "
        "LEFT JOIN hearings_vote v USING (seller_id, claim_id, number, juror_id) "
        "LEFT JOIN hearings_answer a USING (seller_id, claim_id, number) "
        "WHERE s.juror_id = %(juror)s"
        f"{BY_CALL.after(place)}{BY_CALL.by(place)} LIMIT %(limit)s",
        {"juror": juror_id, "limit": limit} | BY_CALL.params(place),
    )
    return straight([HeldSeat(*row) for row in rows], place)


def open_panels(claims: Claims) -> list[PanelRow]:
    """Panels of these claims that have not answered."""
    rows = fetch_rows(
        f"SELECT {_PANEL} FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, claim_id) "
        "JOIN hearings_panel p USING (seller_id, claim_id) LEFT JOIN hearings_answer a "
        "ON a.seller_id = p.seller_id AND a.claim_id = p.claim_id AND a.number = p.number "
        "WHERE a.number IS NULL",
        [claims.seller_id.tolist(), claims.claim_id.tolist()],
    )
    return [_panel(row) for row in rows]


def answers_for(claims: Claims) -> dict[tuple[int, int], Outcome]:
    """What juries answered about these claims, where they did."""
    rows = fetch_rows(
        "SELECT a.seller_id, a.claim_id, a.outcome "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, claim_id) "
        "JOIN hearings_answer a USING (seller_id, claim_id) WHERE a.outcome > 0",
        [claims.seller_id.tolist(), claims.claim_id.tolist()],
    )
    return {(row[0], row[1]): Outcome(row[2]) for row in rows}


def _panel(row: tuple[Any, ...]) -> PanelRow:
    one = dict(zip(_NAMES, row, strict=True))
    counted = {name: one.pop(name) for name in ("outcome", "votes", "uphold_bps", "reject_bps")}
    answer = None
    if counted["outcome"] is not None:
        outcome = Outcome(counted.pop("outcome")) if counted["outcome"] else None
        answer = Tally(outcome, *(counted[name] for name in ("votes", "uphold_bps", "reject_bps")))
    seats = _seats(one["seller_id"], one["claim_id"], one["number"])
    return PanelRow(tally=answer, seats=seats, **one)


def _seats(seller_id: int, claim_id: int, number: int) -> list[SeatRow]:
    rows = fetch_rows(
        "SELECT s.juror_id, j.name, s.kind, s.weight_bps, e.sealed_at, v.opened_at, v.vote, "
        "coalesce(v.words, '') FROM hearings_seat s JOIN hearings_juror j USING (juror_id) "
        "LEFT JOIN hearings_seal e USING (seller_id, claim_id, number, juror_id) "
        "LEFT JOIN hearings_vote v USING (seller_id, claim_id, number, juror_id) "
        "WHERE s.seller_id = %s AND s.claim_id = %s AND s.number = %s ORDER BY s.kind, j.name",
        [seller_id, claim_id, number],
    )
    return [
        SeatRow(
            juror_id=row[0], name=row[1], kind=JurorKind(row[2]), weight_bps=row[3],
            sealed_at=row[4], opened_at=row[5], vote=Vote(row[6]) if row[6] else None,
            words=row[7],
        )
        for row in rows
    ]  # fmt: skip


def seal_of(panel: PanelRow, juror_id: int) -> str:
    """The sealed vote of a juror; empty where none was handed in."""
    rows = fetch_rows(
        "SELECT sha256 FROM hearings_seal WHERE seller_id = %s AND claim_id = %s "
        "AND number = %s AND juror_id = %s",
        [panel.seller_id, panel.claim_id, panel.number, juror_id],
    )
    return str(rows[0][0]) if rows else ""


def opened_votes(panel: PanelRow) -> Votes:
    opened = [seat for seat in panel.seats if seat.vote is not None]
    return Votes(
        vote=np.array([seat.vote for seat in opened], np.int64),
        weight_bps=np.array([seat.weight_bps for seat in opened], np.int64),
    )
