"""A jury: tested, drawn without ties, votes sealed and then opened, advice or a ruling."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    deny,
    file,
    key,
    later,
    open_world,
    paper,
    photo,
    place,
    state,
    sweep,
    timeline,
)
from tests.hearings.making import everything, look, uphold
from xiaobao.claims.acts import add_evidence
from xiaobao.claims.facts import ClaimRow, ClaimState, Party
from xiaobao.database import sets
from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Viewer
from xiaobao.evidence.queries import lot_of, pieces_of
from xiaobao.hearings import acts, store
from xiaobao.hearings.acts import (
    JuryHasIt,
    JuryOnce,
    JuryTooSmall,
    NotOnPanel,
    NotYetOpen,
    OpensOther,
    SealClosed,
    SealWrong,
    VoteWithoutReasons,
)
from xiaobao.hearings.facts import JurorKind, Outcome, PanelRow, RuledBy, Vote
from xiaobao.hearings.queries import (
    jurors,
    panels_of,
    queue,
    replayed,
    replayed_answer,
    replayed_answers,
    replayed_draw,
    replayed_draws,
    rulings_of,
)
from xiaobao.hearings.rules.jury import seal, seed_of
from xiaobao.kernel.references import id_of
from xiaobao.promises import packs

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Market

CALLED = later(days=1)
PACKS = Path(packs.__file__).parent


def seat_jurors(*, buyers: int = 9, sellers: int = 9, experts: int = 1) -> None:
    """Jurors who judged all five known cases rightly, and one who did not."""
    for number in range(5):
        acts.add_known_case(f"known {number}", Vote.UPHOLD, words="", at=later(days=-9))
    kinds = [*[JurorKind.BUYER] * buyers, *[JurorKind.SELLER] * sellers,
             *[JurorKind.EXPERT] * experts, JurorKind.EXPERT]  # fmt: skip
    for number, kind in enumerate(kinds):
        name = "coin" if number == len(kinds) - 1 else f"{kind.name.lower()} {number}"
        acts.add_juror(name, kind, at=later(days=-9))
        for case in range(5):
            right = name != "coin" or case < 2
            vote = Vote.UPHOLD if right else Vote.REJECT
            acts.judge_known_case(name, f"known {case}", vote, at=later(days=-8))


def call(row: ClaimRow, at: datetime = CALLED) -> PanelRow:
    return acts.call_panel(*key(row), key="jury", at=at)


def seal_all(row: ClaimRow, panel: PanelRow, upholds: int) -> dict[str, Vote]:
    """Every juror seals a vote, the first of them upholding."""
    votes = {}
    for number, one in enumerate(panel.seats):
        votes[one.name] = Vote.UPHOLD if number < upholds else Vote.REJECT
        acts.seal_vote(
            *key(row), juror=one.name, at=later(days=1, hours=2),
            sha256=seal(panel.reference, one.juror_id, votes[one.name], one.name),
        )  # fmt: skip
    return votes


def open_one(row: ClaimRow, name: str, vote: Vote, at: datetime | None = None) -> PanelRow:
    return acts.open_vote(
        *key(row), juror=name, vote=vote, salt=name, words="the photo shows it",
        at=later(days=1, hours=3) if at is None else at,
    )  # fmt: skip


@pytest.fixture
def bound(db: None, tmp_path: Path) -> Market:
    """A market whose juries decide."""
    pack = tmp_path / "cn"
    shutil.copytree(PACKS / "cn", pack)
    table = pack / "hearings.csv"
    told = table.read_text(encoding="utf-8")
    said = told.replace(",true,false,300000,8,8,", ",true,true,300000,8,8,")
    assert said != told
    table.write_text(said, encoding="utf-8")
    return open_world(pack=str(pack))


def under_review(claim: str = "C1", order: str = "A") -> ClaimRow:
    row = file(claim, order=order)
    deny(row, paper(), at=later(hours=5))
    return row


def test_a_panel_is_drawn_from_tested_jurors_without_ties(
    world: Market, reviewed: ClaimRow
) -> None:
    before = everything()
    with pytest.raises(JuryTooSmall):
        call(reviewed)
    assert everything() == before
    seat_jurors()
    # One bought of the shop before, one is the shop, one the buyer.
    place("Z", world, buyer="buyer 0", until="placed")
    acts.add_juror(SHOP, JurorKind.SELLER, at=later(days=-9))
    acts.add_juror("buyer", JurorKind.BUYER, at=later(days=-9))
    for name in (SHOP, "buyer"):
        for case in range(5):
            acts.judge_known_case(name, f"known {case}", Vote.UPHOLD, at=later(days=-8))
    panel = call(reviewed)
    names = {one.name for one in panel.seats}
    assert names.isdisjoint({SHOP, "buyer", "buyer 0", "coin"})
    kinds = [one.kind for one in panel.seats]
    assert [kinds.count(kind) for kind in JurorKind] == [8, 8, 1]
    # The lot follows from the case and the log as they stood when the claim came to review.
    assert panel.seed == seed_of(lot_of(*key(reviewed), later(hours=5)))
    drawn = replayed_draw(panel.reference)
    assert drawn is not None
    assert (drawn.looked, drawn.is_same) == (1, True)
    assert replayed_answer(panel.reference) is None  # it has not answered
    assert replayed_draw(uuid4()) is None
    assert (panel.quorum, panel.is_binding, panel.tally) == (9, False, None)
    assert state(reviewed) == ClaimState.WITH_JURY
    assert call(reviewed).is_new is False
    with pytest.raises(JuryHasIt):
        uphold(reviewed, at=later(days=2))
    with pytest.raises(JuryOnce):
        acts.call_panel(*key(reviewed), key="another", at=CALLED)
    assert [row.right for row in jurors() if row.name == "coin"] == [2]


def test_votes_are_sealed_then_opened_and_advise(world: Market, reviewed: ClaimRow) -> None:
    seat_jurors()
    panel = call(reviewed)
    first, second = panel.seats[0], panel.seats[1]
    soon, zeros = later(days=1, hours=1), "0" * 64
    with pytest.raises(SealWrong):
        acts.seal_vote(*key(reviewed), sha256="no hash", juror=first.name, at=soon)
    with pytest.raises(NotOnPanel):
        acts.seal_vote(*key(reviewed), sha256=zeros, juror="stranger", at=soon)
    votes = seal_all(reviewed, panel, upholds=10)
    with pytest.raises(SealClosed):  # not another after the first
        acts.seal_vote(*key(reviewed), sha256=zeros, juror=first.name, at=soon)
    assert all(one.vote is None for one in panels_of(*key(reviewed))[0].seats)
    stood = everything()
    other = Vote.REJECT if votes[first.name] == Vote.UPHOLD else Vote.UPHOLD
    with pytest.raises(OpensOther):
        open_one(reviewed, first.name, other)
    with pytest.raises(VoteWithoutReasons):
        acts.open_vote(*key(reviewed), juror=first.name, vote=votes[first.name],
                       salt=first.name, words=" ", at=later(days=1, hours=3))  # fmt: skip
    assert everything() == stood
    for name, vote in votes.items():
        panel = open_one(reviewed, name, vote)
    assert panel.tally is not None
    assert (panel.tally.outcome, panel.tally.votes) == (Outcome.UPHELD, 17)
    assert (panel.tally.uphold_bps, panel.tally.reject_bps) == (100_000, 70_000)
    # Advice: a person rules, and sees it in the queue.
    assert state(reviewed) == ClaimState.UNDER_REVIEW
    assert timeline(reviewed)[-2:] == [
        ("JURY_CALLED", "WITH_JURY"), ("JURY_ANSWERED", "UNDER_REVIEW"),
    ]  # fmt: skip
    assert look(later(days=1, hours=4)).for_person == 1
    assert queue(at=later(days=1, hours=4))[0].jury == Outcome.UPHELD
    assert uphold(reviewed, at=later(days=2)).outcome == Outcome.UPHELD
    with pytest.raises(NotOnPanel):
        open_one(reviewed, second.name, votes[second.name], later(days=3))


def test_a_binding_jury_rules_at_its_deadline(bound: Market) -> None:
    reviewed = under_review()
    seat_jurors()
    panel = call(reviewed)
    assert panel.is_binding
    votes = {}
    for one in panel.seats[:10]:
        votes[one.name] = Vote.REJECT
        acts.seal_vote(
            *key(reviewed), juror=one.name, at=later(days=2),
            sha256=seal(panel.reference, one.juror_id, Vote.REJECT, one.name),
        )  # fmt: skip
    with pytest.raises(NotYetOpen):
        open_one(reviewed, *next(iter(votes.items())), later(days=2))
    for name in list(votes)[:9]:
        open_one(reviewed, name, Vote.REJECT, later(days=3, hours=1))
    assert state(reviewed) == ClaimState.WITH_JURY  # one sealed vote is still to be opened
    sweep(later(days=5))
    assert state(reviewed) == ClaimState.UNDER_REVIEW
    assert look(later(days=5)).by_jury == 1
    (ruling,) = rulings_of(*key(reviewed))
    assert (ruling.by, ruling.outcome, ruling.ruled_at) == (
        RuledBy.JURY, Outcome.REJECTED, later(days=4),
    )  # fmt: skip
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert replayed(ruling.reference).is_same


def test_a_binding_jury_rules_with_its_last_vote_and_too_few_leave_it_to_staff(
    bound: Market,
) -> None:
    seat_jurors()
    place("B", bound)
    reviewed, quiet = under_review(), under_review("C2", "B")
    for name, vote in seal_all(reviewed, call(reviewed), upholds=17).items():
        open_one(reviewed, name, vote)
    assert state(reviewed) == ClaimState.PAID
    assert rulings_of(*key(reviewed))[0].by == RuledBy.JURY
    assert book()["buyers"] == GOODS + FREIGHT
    # Nobody votes on the other: staff have it back, without a mark of the platform's delay.
    acts.call_panel(*key(quiet), key="q", at=CALLED)
    sweep(later(days=5))
    assert look(later(days=5)).for_person == 1
    tally = panels_of(*key(quiet))[0].tally
    assert tally is not None
    assert (tally.outcome, tally.votes) == (None, 0)
    # Drawn and counted again, in sets; one more seat or vote than there was is found out.
    for again in (replayed_draws(), replayed_answers()):
        (made,) = again
        assert (made.looked, made.is_same, made.stored_sha256) == (2, True, made.made_sha256)
    panel, juror_id = panels_of(*key(quiet))[0], id_of("coin")
    sets.execute(
        "INSERT INTO hearings_seat (seller_id, claim_id, number, juror_id, kind, weight_bps) "
        "VALUES (%s, %s, 1, %s, 3, 5)", [*key(quiet), juror_id],
    )  # fmt: skip
    store.add_vote((*key(quiet), 1), juror_id, Vote.UPHOLD, "", "", at=later(days=5))
    for again in (replayed_draws(), replayed_answers()):
        (made,) = again
        (difference,) = made.differences
        assert difference.reference == str(panel.reference)
    assert (difference.name, difference.stored, difference.made) == ("votes", "0", "1")


def test_looking_and_waiting_give_no_other_lot(world: Market, reviewed: ClaimRow) -> None:
    came = later(hours=5)
    lot = lot_of(*key(reviewed), came)
    piece = pieces_of(*key(reviewed))[-1].seq
    evidence.view_piece(
        *key(reviewed), piece, Viewer.STAFF, viewer_id=1, at=came, why="to try another"
    )
    evidence.seal(later(hours=6))
    assert lot_of(*key(reviewed), came) == lot
    # What a party hands in, and the log that grew with it, are another lot.
    add_evidence(*key(reviewed), by=Party.BUYER, handed=[photo(3)], key="e", at=later(hours=7))
    assert lot_of(*key(reviewed), later(hours=8)) != lot
