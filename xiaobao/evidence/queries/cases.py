"""Questions about cases: pieces, chains, custody, holds, and what nothing asks to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.database.sets import ask_rows, fetch_rows
from xiaobao.evidence.facts import (
    Custody,
    CustodyKind,
    DueCase,
    Entry,
    EntryKind,
    Hold,
    Kind,
    Media,
    Party,
    Piece,
    Viewer,
)
from xiaobao.evidence.rules import chain
from xiaobao.evidence.rules.retention import LEAST_MONTHS
from xiaobao.evidence.rules.views import as_listed
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.database.trips import Asked

_PIECE = (
    "seller_id, case_id, seq, kind, party, party_id, media, size, sha256, name, words, "
    "submitted_at, recorded_at, salt"
)


class PieceUnknown(Problem):
    """A case has no piece of this number."""

    code = "evidence_piece_unknown"
    status = 404
    zh = "卖家 {seller_id} 的案件 {case_id} 没有第 {seq} 号证据：先用 xiaobao evidence list 查看"
    en = "case {case_id} of seller {seller_id} has no piece {seq}: see xiaobao evidence list first"


def _piece(row: Sequence[Any]) -> Piece:
    seller, case, seq, kind, party, party_id, media, size, sha256, name, words, *more = row
    submitted_at, recorded_at, salt = more
    return Piece(
        seller, case, seq, Kind(kind), Party(party), party_id, Media(media), size, bytes(sha256),
        name, words, submitted_at, recorded_at, bytes(salt),
    )  # fmt: skip


def pieces_of(seller_id: int, case_id: int, *, viewer: Viewer | None = None) -> list[Piece]:
    """What was handed in, in order; words and names masked for a viewer where one is named."""
    pieces = ask_pieces(seller_id, case_id).answer
    return pieces if viewer is None else [as_listed(piece, viewer) for piece in pieces]


def ask_pieces(seller_id: int, case_id: int) -> Asked[list[Piece]]:
    """As `pieces_of`, unmasked; asked together with what is asked or done next."""
    return ask_rows(
        f"SELECT {_PIECE} FROM evidence_piece WHERE seller_id = %s AND case_id = %s ORDER BY seq",
        [seller_id, case_id],
        lambda rows: [_piece(row) for row in rows],
    )


LATEST_PIECE: Order[Piece] = Order((Part("seq", is_descending=True),), lambda row: (row.seq,))


FIRST_PIECE: Order[Piece] = Order((Part("seq"),), lambda row: (row.seq,))


def latest_pieces(
    seller_id: int, case_id: int, *, viewer: Viewer, place: Place | None = None, limit: int,
    order: Order[Piece] = LATEST_PIECE,
) -> list[Piece]:  # fmt: skip
    """As `pieces_of` tells a viewer, the latest first or as ordered, so many at most."""
    rows = fetch_rows(
        f"SELECT {_PIECE} FROM evidence_piece WHERE seller_id = %(seller)s "
        f"AND case_id = %(case)s{order.after(place)}{order.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "case": case_id, "limit": limit} | order.params(place),
    )
    return straight([as_listed(_piece(row), viewer) for row in rows], place)


def count_pieces(seller_id: int, case_id: int) -> int:
    rows = fetch_rows(
        "SELECT count(*) FROM evidence_piece WHERE seller_id = %s AND case_id = %s",
        [seller_id, case_id],
    )
    return int(rows[0][0])


def piece_of(seller_id: int, case_id: int, seq: int) -> Piece:
    """:raises PieceUnknown: if there is none of this number"""
    rows = fetch_rows(
        f"SELECT {_PIECE} FROM evidence_piece WHERE seller_id = %s AND case_id = %s AND seq = %s",
        [seller_id, case_id, seq],
    )
    if not rows:
        raise PieceUnknown(seller_id=seller_id, case_id=case_id, seq=seq)
    return _piece(rows[0])


def cases_of(seller_id: int, limit: int = 100) -> list[tuple[int, int, datetime]]:
    """The seller's cases, the last changed first: case, pieces in it, when it changed."""
    return [
        (case, pieces, at)
        for case, pieces, at in fetch_rows(
            "SELECT c.case_id, (SELECT count(*) FROM evidence_piece p WHERE p.seller_id = "
            "c.seller_id AND p.case_id = c.case_id), c.last_at FROM evidence_case c "
            "WHERE c.seller_id = %s ORDER BY c.last_at DESC, c.case_id LIMIT %s",
            [seller_id, limit],
        )
    ]


# -- the chain -----------------------------------------------------------------------------------

# Every kind of entry with what it tells, as one row: kinds that lack a column have NULL there.
_ENTRY = """
    SELECT e.seller_id, e.case_id, e.seq, e.kind, e.at, e.previous, e.hash,
           p.kind, p.party, p.party_id, p.media, p.size, p.sha256, p.name, p.words,
           p.submitted_at, p.recorded_at, p.salt,
           c.piece_seq, c.kind, c.viewer, c.viewer_id, c.is_personal, c.why, c.happened_at,
           h.is_whole_seller, h.authority, h.why, h.placed_at,
           l.hold_seq, l.why, l.lifted_at,
           n.keep_until, n.ended_at
    FROM evidence_entry e
    LEFT JOIN evidence_piece p USING (seller_id, case_id, seq)
    LEFT JOIN evidence_custody c USING (seller_id, case_id, seq)
    LEFT JOIN evidence_hold h USING (seller_id, case_id, seq)
    LEFT JOIN evidence_lift l USING (seller_id, case_id, seq)
    LEFT JOIN evidence_end n USING (seller_id, case_id, seq)
"""


def chain_of(
    seller_id: int, case_id: int, *, first: int = 1, last: int = 2**31 - 1
) -> list[Entry]:
    """The entries of a case's chain, their content as the tables now say it."""
    rows = fetch_rows(
        f"{_ENTRY} WHERE e.seller_id = %s AND e.case_id = %s AND e.seq BETWEEN %s AND %s "
        "ORDER BY e.seq",
        [seller_id, case_id, first, last],
    )
    return [entry_from(row) for row in rows]


def entries_after(after: tuple[int, int, int], limit: int) -> list[Entry]:
    """Entries of all chains, by seller, case and number, after one of them: for checks."""
    rows = fetch_rows(
        f"{_ENTRY} WHERE (e.seller_id, e.case_id, e.seq) > (%s, %s, %s) "
        "ORDER BY e.seller_id, e.case_id, e.seq LIMIT %s",
        [*after, limit],
    )
    return [entry_from(row) for row in rows]


def entry_from(row: Sequence[Any]) -> Entry:
    """An entry with its content made anew; empty where its own row is missing."""
    seller, case, seq, kind, at, previous, made = row[:7]
    key = (seller, case, seq)
    content = _content(EntryKind(kind), key, row[7:18], row[18:25], row[25:29], row[29:32],
                       row[32:34])  # fmt: skip
    return Entry(*key, EntryKind(kind), at, content, bytes(previous), bytes(made))


def _content(
    kind: EntryKind, key: tuple[int, int, int], piece: Sequence[Any], custody: Sequence[Any],
    hold: Sequence[Any], lift: Sequence[Any], end: Sequence[Any],
) -> bytes:  # fmt: skip
    told = {
        EntryKind.PIECE: piece, EntryKind.CUSTODY: custody, EntryKind.HOLD: hold,
        EntryKind.LIFT: lift, EntryKind.END: end, EntryKind.REOPEN: end,
    }[kind]  # fmt: skip
    if told[-1] is None:
        return b""
    if kind is EntryKind.PIECE:
        return chain.piece_content(_piece([*key, *piece]))
    if kind is EntryKind.CUSTODY:
        return chain.custody_content(_custody([*key, *custody]))
    if kind is EntryKind.HOLD:
        return chain.hold_content(
            *key, hold[3], is_whole_seller=hold[0], authority=hold[1], why=hold[2]
        )
    if kind is EntryKind.LIFT:
        return chain.lift_content(*key, lift[2], hold_seq=lift[0], why=lift[1])
    return chain.end_content(*key, end[1], keep_until=end[0])


# -- custody and holds ---------------------------------------------------------------------------


def _custody(row: Sequence[Any]) -> Custody:
    seller, case, seq, piece_seq, kind, viewer, viewer_id, is_personal, why, at = row
    return Custody(
        seller, case, seq, piece_seq, CustodyKind(kind), Viewer(viewer), viewer_id, is_personal,
        why, at,
    )  # fmt: skip


def custody_of(seller_id: int, case_id: int, piece_seq: int | None = None) -> list[Custody]:
    """Who saw or took out what, in order; of one piece, or of the whole case."""
    rows = fetch_rows(
        "SELECT seller_id, case_id, seq, piece_seq, kind, viewer, viewer_id, is_personal, why, "
        "happened_at FROM evidence_custody WHERE seller_id = %s AND case_id = %s "
        "AND (%s::int IS NULL OR piece_seq = %s) ORDER BY seq",
        [seller_id, case_id, piece_seq, piece_seq],
    )
    return [_custody(row) for row in rows]


def holds_of(seller_id: int, case_id: int | None = None) -> list[Hold]:
    """Legal holds placed in a case, or anywhere with a seller, in order."""
    rows = fetch_rows(
        "SELECT h.seller_id, h.case_id, h.seq, h.is_whole_seller, h.authority, h.why, "
        "h.placed_at, l.lifted_at FROM evidence_hold h LEFT JOIN evidence_lift l "
        "ON l.seller_id = h.seller_id AND l.case_id = h.case_id AND l.hold_seq = h.seq "
        "WHERE h.seller_id = %s AND (%s::bigint IS NULL OR h.case_id = %s) "
        "ORDER BY h.placed_at, h.case_id, h.seq",
        [seller_id, case_id, case_id],
    )
    return [Hold(*row) for row in rows]


def due_for_disposal(at: datetime, limit: int = 1000) -> list[DueCase]:
    """Cases that ended, whose clock has run out, and on which no legal hold stands.

    Nothing is deleted by this house: the list is for whoever decides. A case to which something
    was added after its end is kept for the law's years from then.
    """
    rows = fetch_rows(
        """
        SELECT d.seller_id, d.case_id, d.pieces, d.kept_until
        FROM (
            SELECT n.seller_id, n.case_id, p.pieces,
                   greatest(n.keep_until, p.last_at + make_interval(months => %s)) AS kept_until
            FROM evidence_end n, LATERAL (
                SELECT count(*) AS pieces, max(recorded_at) AS last_at FROM evidence_piece p
                WHERE p.seller_id = n.seller_id AND p.case_id = n.case_id
            ) AS p
            WHERE n.keep_until <= %s AND NOT EXISTS (
                SELECT 1 FROM evidence_end later WHERE later.seller_id = n.seller_id
                AND later.case_id = n.case_id AND later.seq > n.seq
            ) AND NOT EXISTS (
                SELECT 1 FROM evidence_hold h WHERE h.seller_id = n.seller_id
                AND (h.case_id = n.case_id OR h.is_whole_seller) AND NOT EXISTS (
                    SELECT 1 FROM evidence_lift l WHERE l.seller_id = h.seller_id
                    AND l.case_id = h.case_id AND l.hold_seq = h.seq)
            )
        ) AS d WHERE d.kept_until <= %s
        ORDER BY d.kept_until, d.seller_id, d.case_id LIMIT %s
        """,
        [LEAST_MONTHS, at, at, limit],
    )
    return [DueCase(*row) for row in rows]
