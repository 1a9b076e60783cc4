"""Pairs of buyer and shop: each sign on what it stands on, and on nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.claims.making import NOW, SHOP, file, key, later, open_world, place
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Answer
from xiaobao.kernel.references import id_of
from xiaobao.sellers.acts import update_profile
from xiaobao.supervision import rules
from xiaobao.supervision.facts import Pairs, PairSign
from xiaobao.supervision.queries import pair_terms
from xiaobao.work.pairing import pairs_found
from xiaobao.work.payees import bind_payee

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimRow
    from xiaobao.supervision.facts import PairRow

NONE = PairSign(0)
OWN, SHARED, CONCEDED = PairSign.OWN_ACCOUNT, PairSign.SHARED_ACCOUNT, PairSign.ALL_CONCEDED


@pytest.mark.parametrize(
    ("claims_made", "conceded", "is_own", "sharing", "signs"),
    [
        (3, 3, False, 1, CONCEDED),
        (3, 2, False, 1, NONE),
        (2, 2, False, 1, NONE),
        (1, 0, True, 1, OWN),
        (1, 0, False, 2, SHARED),
        (9, 9, True, 3, OWN | SHARED | CONCEDED),
    ],
)
def test_each_sign_has_its_own_ground(
    claims_made: int, conceded: int, is_own: bool, sharing: int, signs: PairSign
) -> None:
    one = Pairs.of(
        seller_id=[1], buyer_id=[2], claims=[claims_made], conceded=[conceded], paid_minor=[0],
        fund_minor=[0], is_own_account=[is_own], sharing=[sharing],
    )  # fmt: skip
    assert rules.signs_of(one, pair_terms()).tolist() == [int(signs)]
    none = one.take(np.zeros(0, np.int64))
    assert rules.signs_of(none, pair_terms()).tolist() == []


def told(one: PairRow) -> tuple[str, int, int, int, PairSign]:
    """The buyer's name stands in what their latest claim is called."""
    return one.claim.split()[1], one.claims, one.conceded, one.sharing, one.signs


@pytest.mark.django_db
def test_pairs_are_found_by_claims_and_accounts() -> None:
    market = open_world(deposit=5_000_000)

    def claim(buyer: str, number: int, *, answer: Answer | None = Answer.ACCEPT) -> ClaimRow:
        name = f"{buyer} {number}"
        place(name, market, buyer=buyer)
        row = file(f"C {name}", order=name, buyer=buyer, handed=[])
        if answer is not None:
            claims.answer_claim(*key(row), answer=answer, key=name, at=later(hours=1))
        return row

    assert pairs_found(market, at=NOW) == (0, [])
    for number in range(3):
        claim("friend", number)
    for number in range(3):
        claim("honest", number, answer=Answer.DENY if number else Answer.ACCEPT)
    withdrawn = claim("fickle", 0, answer=None)
    claims.withdraw_claim(*key(withdrawn), key="no more", at=later(hours=1))
    for buyer in ("owner", "left", "right", "unknown", "fickle"):
        if buyer != "fickle":
            claim(buyer, 0, answer=None)
        if buyer != "unknown":
            bind_payee(buyer, {"owner": " shop@pay "}.get(buyer, "one@pay"), buyer, at=NOW)
    update_profile(id_of(SHOP), {"payout_account": "shop@pay"}, at=NOW)

    found = pairs_found(market, at=later(hours=2))
    paid = sum(one.paid_minor for one in found.rows)
    assert found.total == 4
    assert sorted(map(told, found.rows)) == [
        ("friend", 3, 3, 1, CONCEDED), ("left", 1, 0, 2, SHARED), ("owner", 1, 0, 1, OWN),
        ("right", 1, 0, 2, SHARED),
    ]  # fmt: skip
    # What cost most comes first.
    assert told(found.rows[0])[0] == "friend"
    assert (found.rows[0].paid_minor, found.rows[0].fund_minor) == (paid, 0)
    assert paid > 0
    # Claims on orders of long ago are signs of nothing any more.
    assert pairs_found(market, at=later(days=200)) == (0, [])
