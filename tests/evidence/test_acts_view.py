"""Looking, taking out, holding and ending: each is written into the chain."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from tests.evidence import making
from tests.evidence.making import AT, CASE, LIMITS, SELLER, handed_in, later, paper, photo
from xiaobao.evidence import acts, queries
from xiaobao.evidence.facts import CustodyKind, EntryKind, Kind, Party, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def hand_in() -> None:
    acts.submit_all(
        [
            handed_in(photo(), words="我的电话 13812345678"),
            handed_in(paper(), Kind.PURCHASE_CHAIN, Party.SELLER),
        ],
        limits=LIMITS, at=AT,
    )  # fmt: skip


def test_every_look_is_written_down() -> None:
    hand_in()
    shown = acts.view_piece(SELLER, CASE, 1, Viewer.SELLER, viewer_id=7, at=later(minutes=5))
    assert (shown.is_masked, shown.piece.words) == (True, "我的电话 138****5678")
    acts.view_piece(SELLER, CASE, 1, Viewer.BUYER, viewer_id=8, at=later(minutes=6))
    acts.view_piece(
        SELLER, CASE, 1, Viewer.STAFF, viewer_id=9, at=later(minutes=7), why="处理维权"
    )
    seen = queries.custody_of(SELLER, CASE, 1)
    assert [(c.seq, c.kind, c.viewer, c.viewer_id, c.is_personal, c.why) for c in seen] == [
        (3, CustodyKind.SEEN, Viewer.SELLER, 7, False, ""),
        (4, CustodyKind.SEEN, Viewer.BUYER, 8, False, ""),
        (5, CustodyKind.SEEN, Viewer.STAFF, 9, True, "处理维权"),
    ]
    assert [c.happened_at for c in seen] == [later(minutes=m) for m in (5, 6, 7)]
    assert queries.custody_of(SELLER, CASE, 2) == []
    assert queries.check() == []


def test_staff_state_a_reason() -> None:
    hand_in()
    for act in (acts.view_piece, acts.read_original):
        with pytest.raises(acts.ReasonMissing):
            act(SELLER, CASE, 1, Viewer.STAFF, viewer_id=9, at=AT, why=" ")
    assert queries.custody_of(SELLER, CASE) == []


def test_the_original_is_for_its_own_side_and_staff() -> None:
    hand_in()
    _, body = acts.read_original(SELLER, CASE, 1, Viewer.BUYER, viewer_id=8, at=AT)
    assert body.whole() == photo()
    with pytest.raises(acts.OriginalNotShown):
        acts.read_original(SELLER, CASE, 1, Viewer.SELLER, viewer_id=7, at=AT)
    with pytest.raises(queries.PieceUnknown):
        acts.read_original(SELLER, CASE, 9, Viewer.BUYER, viewer_id=8, at=AT)
    assert [c.kind for c in queries.custody_of(SELLER, CASE)] == [CustodyKind.ORIGINAL]


def test_a_dossier_takes_every_original_out_and_says_so() -> None:
    hand_in()
    for _ in range(2):  # the same export again is the same
        taken = acts.export_case(SELLER, CASE, Viewer.STAFF, viewer_id=9, at=AT, why="法院调取")
    assert [(one.piece.seq, one.content.whole(), one.is_original) for one in taken] == [
        (1, photo(), True), (2, paper(), True),
    ]  # fmt: skip
    assert [(c.piece_seq, c.kind) for c in queries.custody_of(SELLER, CASE)] == [
        (1, CustodyKind.EXPORTED), (2, CustodyKind.EXPORTED),
    ]  # fmt: skip


def test_a_partys_dossier_takes_out_its_own_originals_and_copies_of_the_others() -> None:
    hand_in()
    own, other = acts.export_case(SELLER, CASE, Viewer.BUYER, viewer_id=8, at=AT, why="")
    assert (own.is_original, own.content.whole()) == (True, photo())
    assert own.piece.words == "我的电话 13812345678"
    assert (other.is_original, other.content.size, bool(other.withheld_zh)) == (False, 0, True)
    with pytest.raises(acts.ReasonMissing):
        acts.export_case(SELLER, CASE, Viewer.STAFF, viewer_id=9, at=AT, why=" ")


def test_lists_are_masked_for_who_looks() -> None:
    hand_in()
    words = [
        queries.pieces_of(SELLER, CASE, viewer=v)[0].words for v in (Viewer.SELLER, Viewer.STAFF)
    ]
    assert words == ["我的电话 138****5678", "我的电话 13812345678"]


# -- how long ------------------------------------------------------------------------------------


def end(case: int = CASE, **more: Any) -> None:
    given = {"keep_until": None, "zone": "Asia/Shanghai", "at": AT} | more
    acts.end_case(SELLER, case, **given)


def due(days: float) -> list[tuple[int, int]]:
    return [(d.case_id, d.pieces) for d in queries.due_for_disposal(later(days=days))]


THREE_YEARS = 3 * 365 + 1  # 2028 is a leap year


def test_a_case_is_kept_three_years_from_its_end_at_least() -> None:
    hand_in()
    assert due(10_000) == []
    end(keep_until=later(days=30))
    assert due(THREE_YEARS - 0.01) == []
    assert due(THREE_YEARS) == [(CASE, 2)]


def test_the_packs_longer_clock_counts() -> None:
    hand_in()
    end(keep_until=later(days=2000))
    assert due(1999) == []
    assert due(2000) == [(CASE, 2)]


def test_what_came_in_later_is_kept_as_long() -> None:
    hand_in()
    end()
    acts.submit_evidence(handed_in(photo(9)), limits=LIMITS, at=later(days=100))
    assert due(THREE_YEARS + 50) == []
    assert due(THREE_YEARS + 101) == [(CASE, 3)]


def test_a_case_that_goes_on_is_not_due() -> None:
    hand_in()
    end()
    acts.reopen_case(SELLER, CASE, at=later(days=5))
    acts.reopen_case(SELLER, CASE, at=later(days=6))
    assert due(10_000) == []
    end(at=later(days=50))
    assert due(THREE_YEARS + 40) == []
    assert due(THREE_YEARS + 50) == [(CASE, 2)]
    kinds = [e.kind for e in queries.chain_of(SELLER, CASE)][2:]
    assert kinds == [EntryKind.END, EntryKind.REOPEN, EntryKind.END]
    assert queries.check() == []


def test_a_legal_hold_keeps_what_is_due() -> None:
    hand_in()
    end()
    place: dict[str, Any] = {"authority": "杭州互联网法院", "why": "(2026)浙01民初1号"}
    seq = acts.place_hold(SELLER, CASE, at=later(days=1), **place)
    assert acts.place_hold(SELLER, CASE, at=later(days=2), **place) == seq
    assert due(10_000) == []
    acts.lift_hold(SELLER, CASE, seq, why="结案", at=later(days=3))
    acts.lift_hold(SELLER, CASE, seq, why="结案", at=later(days=4))
    assert due(10_000) == [(CASE, 2)]
    (hold,) = queries.holds_of(SELLER, CASE)
    assert (hold.placed_at, hold.lifted_at) == (later(days=1), later(days=3))
    with pytest.raises(acts.HoldUnknown):
        acts.lift_hold(SELLER, CASE, 77, why="x", at=AT)
    assert queries.check() == []


def test_a_hold_on_a_seller_keeps_every_case() -> None:
    hand_in()
    end()
    whole: dict[str, Any] = {"authority": "a", "why": "w", "is_whole_seller": True}
    with pytest.raises(acts.HoldElsewhere):
        acts.place_hold(SELLER, CASE, at=AT, **whole)
    seq = acts.place_hold(SELLER, SELLER, at=AT, **whole)
    assert due(10_000) == []
    acts.lift_hold(SELLER, SELLER, seq, why="x", at=AT)
    assert due(10_000) == [(CASE, 2)]


# -- look-alikes ---------------------------------------------------------------------------------


def test_reused_photos_are_flagged_across_cases_and_sellers() -> None:
    smaller = making.encoded(making.picture(1).resize((200, 150)), quality=70)
    wall = making.encoded(Image.new("RGB", (50, 50), "white"))
    acts.submit_all(
        [
            handed_in(photo(1), party_id=55),
            handed_in(photo(2)),
            handed_in(wall),
            handed_in(photo(1), case_id=2, party_id=66, submitted_at=later(days=-9)),
            handed_in(smaller, seller_id=8, case_id=3, party_id=77),
            handed_in(wall, seller_id=8, case_id=4),
            handed_in(making.encoded(Image.new("RGB", (51, 50), "white")), case_id=5),
        ],
        limits=LIMITS, at=AT,
    )  # fmt: skip
    found = queries.near_duplicates(SELLER, CASE, 1)
    assert [(d.seller_id, d.case_id, d.party_id, d.is_same_bytes) for d in found] == [
        (SELLER, 2, 66, True), (8, 3, 77, False),
    ]  # fmt: skip
    assert found[0].distance == 0
    assert 0 <= found[1].distance <= 8
    assert queries.near_duplicates(SELLER, CASE, 2) == []
    # The same bytes of a wall are the same; two walls are not called alike.
    assert [d.case_id for d in queries.near_duplicates(SELLER, CASE, 3)] == [4]
