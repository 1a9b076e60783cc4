"""Appeals: in time, with something new, by another person; reversed to the fen, raised by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    deny,
    file,
    later,
    open_world,
    paper,
    place,
    put,
    standing,
    state,
    sweep,
    tell,
    timeline,
)
from tests.hearings.making import (
    appeal,
    award,
    everything,
    look,
    made_again,
    postings,
    reject,
    uphold,
)
from xiaobao.advances.acts import claim_due_payouts, record_payout_answers, recover_debts
from xiaobao.advances.facts import AnswersReport, PayoutAnswer, PayoutAnswers, PayoutState
from xiaobao.advances.queries import check as causes_broken
from xiaobao.advances.queries import payouts_of
from xiaobao.claims.acts import ClaimMoveImpossible, reopen_claim
from xiaobao.claims.facts import ClaimRow, ClaimState, Party
from xiaobao.claims.queries import claim_page
from xiaobao.database.sets import fetch_rows
from xiaobao.hearings.acts import (
    AppealsUsedUp,
    AppealTooLate,
    NewInformationMissing,
    RulingKeyReused,
    SamePersonAgain,
)
from xiaobao.hearings.facts import Ground, Outcome, RulingRow
from xiaobao.hearings.queries import appeals_of, queue, replayed, rulings_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger.facts import Account
from xiaobao.ledger.queries import check
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

WHOLE = GOODS + FREIGHT
ID = id_of(SHOP)


def test_an_appeal_brings_something_new_in_time_and_once_a_party(reviewed: ClaimRow) -> None:
    before = everything()
    with pytest.raises(ClaimMoveImpossible):
        appeal(reviewed, at=later(hours=6))
    assert everything() == before
    uphold(reviewed)
    before = everything()
    with pytest.raises(NewInformationMissing):
        appeal(reviewed, at=later(days=2), words=" ")
    with pytest.raises(NewInformationMissing):
        appeal(reviewed, at=later(days=2), handed=[])
    with pytest.raises(NewInformationMissing):  # shown with the claim already
        appeal(reviewed, at=later(days=2), colour=90)
    with pytest.raises(AppealTooLate):
        appeal(reviewed, at=later(days=8))
    assert everything() == before
    done = appeal(reviewed, at=later(days=2))
    assert (done.number, done.round, done.party) == (1, 1, Party.SELLER)
    again = appeal(reviewed, at=later(days=2))
    assert (again.number, again.is_new) == (1, False)
    with pytest.raises(RulingKeyReused):
        appeal(reviewed, at=later(days=2), words="something else")
    assert state(reviewed) == ClaimState.APPEALED
    assert timeline(reviewed)[-2:] == [("APPEALED", "APPEALED"), ("EVIDENCE_ADDED", "APPEALED")]
    (waits,) = queue(at=later(days=2))
    assert (waits.state, waits.rulers) == (ClaimState.APPEALED, ["ada"])
    # A rule leaves it alone, and who ruled before does not rule again.
    assert look(later(days=2)).for_person == 1
    with pytest.raises(SamePersonAgain):
        uphold(reviewed, at=later(days=3), key="second")
    upheld = uphold(reviewed, by="bob", at=later(days=3))
    assert (upheld.round, upheld.paid_minor, upheld.is_final) == (2, 0, False)
    assert [p.amount_minor for p in payouts_of(ID)] == [WHOLE]
    with pytest.raises(AppealsUsedUp):
        appeal(reviewed, at=later(days=4), colour=150)
    # The other party may, once; then the ruling is final.
    appeal(reviewed, by=Party.BUYER, at=later(days=4), colour=151)
    assert uphold(reviewed, by="eve", at=later(days=5)).is_final
    sweep(later(days=5))
    assert state(reviewed) == ClaimState.CLOSED
    assert [one.party for one in appeals_of(*_key(reviewed))] == [Party.SELLER, Party.BUYER]
    assert check() == []


def _key(row: ClaimRow) -> tuple[int, int]:
    return row.seller_id, row.claim_id


def vector_nine() -> ClaimRow:
    """A claim of 800 paid from 500 locked, 200 in reserve, and 100 advanced."""
    market = open_world(deposit=50_000)
    place("V", market, goods=80_000 - FREIGHT)
    row = file("V9", order="V")
    put(SHOP, 20_000, Account.RESERVE)
    deny(row, paper(), at=later(hours=5))
    uphold(row)
    return row


def test_a_ruling_reversed_gives_back_exactly_what_the_seller_bore(db: None) -> None:
    row = vector_nine()
    appeal(row, at=later(days=2))
    ruling = reject(row, by="bob", at=later(days=3), departure="it is as described")
    assert (ruling.outcome, ruling.bears_minor, ruling.owed_back_minor) == (
        Outcome.REJECTED, 0, 0,
    )  # fmt: skip
    assert postings(ID)[-3:] == [
        ("outside", "reserve", 20_000, "reversal"),
        ("outside", "deposit", 50_000, "reversal"),
        ("outside", "fund", 10_000, "reversal"),
    ]
    # The seller stands as before; the buyer keeps the money, which the fund has borne.
    assert book() == {"outside": -150_000, "deposit": 50_000, "reserve": 20_000, "buyers": 80_000}
    assert int(standing(row).fund_minor[0]) == 0
    assert int(standing(row).paid_minor[0]) == 80_000
    assert state(row) == ClaimState.CLOSED
    assert [p.amount_minor for p in payouts_of(ID)] == [80_000]
    assert check() == []
    for one in rulings_of(*_key(row)):
        assert replayed(one.reference).is_same
    assert made_again() == {"compensation": 1, "recovery": 0, "reversal": 1}


def test_a_debt_repaid_before_the_reversal_comes_back_to_the_deposit(db: None) -> None:
    row = vector_nine()
    put(SHOP, 15_000, Account.RESERVE)
    recover_debts(at=later(days=2))
    assert book() == {"outside": -85_000, "reserve": 5_000, "buyers": 80_000}
    appeal(row, at=later(days=2, hours=1))
    reject(row, by="bob", at=later(days=3), departure="it is as described")
    assert book() == {"outside": -165_000, "deposit": 60_000, "reserve": 25_000, "buyers": 80_000}
    assert made_again() == {"compensation": 1, "recovery": 1, "reversal": 1}


def test_a_lower_sum_leaves_the_buyer_the_money_and_the_seller_the_lower_sum(db: None) -> None:
    row = vector_nine()
    appeal(row, at=later(days=2))
    ruling = award(row, by="bob", at=later(days=3), refund_minor=30_000)
    assert (ruling.paid_minor, ruling.bears_minor) == (0, 30_000)
    # Reserve first, as of today; what the seller bears goes to the fund, which bore the rest.
    assert postings(ID)[-2:] == [
        ("reserve", "penalty", 20_000, "borne_again"),
        ("deposit", "penalty", 10_000, "borne_again"),
    ]
    assert book() == {"outside": -150_000, "deposit": 40_000, "buyers": 80_000, "penalty": 30_000}
    # Raised again by the buyer's appeal: nothing more to the buyer, who has more than that.
    appeal(row, by=Party.BUYER, at=later(days=4), colour=77)
    ruling = award(row, by="eve", at=later(days=5), refund_minor=45_000)
    assert (ruling.paid_minor, ruling.bears_minor) == (0, 45_000)
    assert book() == {"outside": -150_000, "deposit": 25_000, "buyers": 80_000, "penalty": 45_000}
    assert [p.amount_minor for p in payouts_of(ID)] == [80_000]
    assert check() == []
    assert made_again() == {"compensation": 3, "recovery": 0, "reversal": 1}


def test_a_higher_sum_pays_the_difference_only(reviewed: ClaimRow) -> None:
    award(reviewed, refund_minor=30_000)
    appeal(reviewed, by=Party.BUYER, at=later(days=2))
    ruling = uphold(reviewed, by="bob", at=later(days=3))
    assert (ruling.refund_minor, ruling.paid_minor) == (GOODS, WHOLE - 30_000)
    assert sorted(p.amount_minor for p in payouts_of(ID)) == [30_000, WHOLE - 30_000]
    assert book() == {"outside": -500_000, "deposit": 500_000 - WHOLE, "buyers": WHOLE}
    assert int(standing(reviewed).paid_minor[0]) == WHOLE


def test_a_rejection_appealed_locks_again_and_pays_from_what_it_locked(
    world: Market, reviewed: ClaimRow
) -> None:
    reject(reviewed)
    assert "locked" not in book()
    appeal(reviewed, by=Party.BUYER, at=later(days=2))
    assert book()["locked"] == WHOLE
    # A refund of the shop arrives before the new ruling.
    tell(world, "refund_paid", later(days=2, hours=1), amount=30_000)
    ruling = uphold(reviewed, by="bob", at=later(days=3))
    assert ruling.paid_minor == WHOLE - 30_000
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - WHOLE + 30_000, "buyers": WHOLE - 30_000,
    }  # fmt: skip
    assert check() == []


def fraud(row: ClaimRow) -> RulingRow:
    return reject(
        row, by="bob", at=later(days=3), is_fraud=True, departure="the photo is of another"
    )


def test_a_payout_not_sent_yet_is_stopped_where_fraud_is_ruled(reviewed: ClaimRow) -> None:
    uphold(reviewed)
    appeal(reviewed, at=later(days=2))
    ruling = fraud(reviewed)
    assert (ruling.owed_back_minor, ruling.stopped_minor) == (WHOLE, WHOLE)
    # Nothing left: the seller has its own again, and the buyer owes nothing.
    held = standing(reviewed)
    assert [int(c[0]) for c in (held.paid_minor, held.refund_minor, held.fund_minor)] == [0, 0, 0]
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert [p.state for p in payouts_of(ID)] == [PayoutState.STOPPED]
    assert len(claim_due_payouts(until_us=us_of(later(days=30)))) == 0
    owed = [EventKind.CLAIM_OWED_BACK.value]
    assert fetch_rows("SELECT 1 FROM outbox_event WHERE kind = %s", owed) == []
    assert [*check(), *causes_broken()] == []
    assert replayed(ruling.reference).is_same
    assert made_again()["compensation"] == 1
    # Should a third person find otherwise, the buyer is paid after all.
    appeal(reviewed, by=Party.BUYER, at=later(days=4), colour=31)
    again = uphold(reviewed, by="eve", at=later(days=5))
    assert (again.paid_minor, book()["buyers"]) == (WHOLE, WHOLE)
    assert [*check(), *causes_broken()] == []


def test_a_payout_that_failed_is_not_tried_again_where_fraud_is_ruled(reviewed: ClaimRow) -> None:
    uphold(reviewed)
    due = claim_due_payouts(until_us=us_of(later(days=1)))
    none = np.array([""], object)
    failed = np.array([PayoutAnswer.FAILED.value])
    answers = PayoutAnswers(
        due.seller_id, due.payout_hi, due.payout_lo, due.attempt, failed, due.due_us, none, none
    )
    record_payout_answers(answers)
    assert [p.state for p in payouts_of(ID)] == [PayoutState.FAILED]
    appeal(reviewed, at=later(days=2))
    ruling = fraud(reviewed)
    assert (ruling.owed_back_minor, ruling.stopped_minor) == (WHOLE, WHOLE)
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert [p.state for p in payouts_of(ID)] == [PayoutState.STOPPED]
    assert len(claim_due_payouts(until_us=us_of(later(days=30)))) == 0
    # The failure heard once more moves nothing.
    assert record_payout_answers(answers) == AnswersReport()
    assert [*check(), *causes_broken()] == []


def test_only_where_fraud_is_ruled_the_buyer_owes_it_back(reviewed: ClaimRow) -> None:
    uphold(reviewed)
    assert len(claim_due_payouts(until_us=us_of(later(days=1)))) == 1  # on its way
    appeal(reviewed, at=later(days=2))
    ruling = fraud(reviewed)
    assert (ruling.ground, ruling.owed_back_minor) == (Ground.BUYER_FRAUD, WHOLE)
    assert ruling.stopped_minor == 0
    told = fetch_rows(
        "SELECT party_id, amount_minor FROM outbox_event WHERE kind = %s",
        [EventKind.CLAIM_OWED_BACK.value],
    )
    assert told == [(id_of("buyer"), WHOLE)]
    assert book()["deposit"] == 500_000


def test_a_reopened_claim_upheld_and_appealed_gives_back_what_that_ruling_took(
    reviewed: ClaimRow,
) -> None:
    """Before it was reopened the seller was reversed, and the buyer kept what was paid."""
    award(reviewed, refund_minor=10_000)
    appeal(reviewed, at=later(days=2))
    reject(reviewed, by="bob", at=later(days=3), departure="it is as described")
    assert book() == {"outside": -510_000, "deposit": 500_000, "buyers": 10_000}
    reopen_claim(*_key(reviewed), words="it broke", key="re", at=later(days=4))
    deny(reviewed, paper(), at=later(days=5), name="again")
    upheld = uphold(reviewed, by="eve", at=later(days=6))
    assert (upheld.paid_minor, upheld.bears_minor) == (WHOLE - 10_000, WHOLE - 10_000)
    assert book() == {"outside": -510_000, "deposit": 510_000 - WHOLE, "buyers": WHOLE}
    appeal(reviewed, by=Party.BUYER, at=later(days=7), colour=77)
    # What is proposed comes on top of what stood when it was reopened, for whoever reads it.
    shown = claim_page("C1", at=later(days=7, hours=1)).proposed
    assert shown is not None
    assert (shown.refund_minor, shown.freight_minor) == (GOODS - 10_000, FREIGHT)
    lower = award(reviewed, by="tom", at=later(days=8), refund_minor=20_000)
    assert (lower.refund_minor, lower.paid_minor, lower.bears_minor) == (30_000, 0, 20_000)
    held = book()
    assert (held["deposit"], held["penalty"], held["buyers"]) == (480_000, 20_000, WHOLE)
    assert check() == []
    for one in rulings_of(*_key(reviewed)):
        assert replayed(one.reference).is_same
