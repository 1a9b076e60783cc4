"""Rulings made again in sets, and told in a dossier."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from tests.claims.making import SHOP, book, deny, file, later, paper, photo, place, put
from tests.hearings.making import uphold
from xiaobao.advances.acts import recover_debts
from xiaobao.claims.acts import export_dossier
from xiaobao.evidence.facts import Viewer
from xiaobao.evidence.rules.dossiers import check
from xiaobao.hearings.queries import (
    explanation_named,
    replayed_ruling,
    replayed_rulings,
    rulings_told,
)
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import causes_of, id_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.promises.facts import Market


def test_rulings_are_made_again_in_sets_and_told_in_the_dossier(reviewed: ClaimRow) -> None:
    ruling = uphold(reviewed, by="judge ada", words="看过照片")
    (made,) = replayed_rulings()
    assert (made.looked, made.is_same, made.stored_sha256) == (1, True, made.made_sha256)
    one = replayed_ruling(ruling.reference)
    assert one is not None
    assert (one.looked, one.is_same) == (1, True)
    assert replayed_ruling(uuid4()) is None
    key = reviewed.seller_id, reviewed.claim_id
    (told,) = rulings_told(*key, names_rulers=True)
    assert (told["reference"], told["ruler"], told["words"]) == (
        str(ruling.reference), "judge ada", "看过照片",
    )  # fmt: skip
    (parties,) = rulings_told(*key, names_rulers=False)
    assert told.keys() - parties.keys() == {"ruler", "content"}
    body = export_dossier(
        *key, Viewer.BUYER, viewer_id=0, why="", at=later(days=9), rulings=[parties]
    ).whole()
    assert "看过照片".encode() in body
    assert b"judge ada" not in body
    assert "rulings.json" in check(body).names


def test_signs_of_abuse_in_a_ruling_are_for_staff_alone(world: Market) -> None:
    place("B", world)
    file("C1", handed=[photo(7)])
    row = file("C2", order="B", handed=[photo(7)])
    deny(row, paper(), at=later(hours=5))
    ruling = uphold(row)
    sign = "a picture was shown in another case before"

    def lines(*, staff: bool) -> list[list[str]]:
        (told,) = rulings_told(row.seller_id, row.claim_id, names_rulers=staff)
        named = explanation_named(ruling.reference, names_signs=staff).lines
        return [[line["en"] for line in told["lines"]], [line.en for line in named]]

    staff, parties = lines(staff=True), lines(staff=False)
    assert staff[0] == staff[1]
    assert sign in staff[0]
    assert parties == [[line for line in staff[0] if line != sign]] * 2
    # What is stored keeps them, and comes out again byte for byte.
    made = replayed_ruling(ruling.reference)
    assert made is not None
    assert made.is_same


def test_the_dossier_tells_what_repaid_the_fund_since_and_no_later_debt(world: Market) -> None:
    drain = 500_000 - 30_000
    take_from_deposit(drain)
    row = file()
    deny(row, paper(), at=later(hours=5))
    uphold(row)
    assert book()["fund"] == -(100_800 - 30_000)
    for amount, days in ((50_000, 2), (20_800, 3)):
        put(SHOP, amount)
        recover_debts(at=later(days=days))
    # A debt of another kind comes after it, and is repaid after it.
    owe_the_fund(7_000, later(days=4))
    put(SHOP, 7_000)
    recover_debts(at=later(days=5))
    for viewer, repaid in ((Viewer.STAFF, [50_000, 20_800]), (Viewer.BUYER, [])):
        body = export_dossier(
            row.seller_id, row.claim_id, viewer, viewer_id=1, why="the file", at=later(days=6)
        ).whole()
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            lines = json.loads(archive.read("ledger.json"))
        assert [x["amount_minor"] for x in lines if x["why"] == "debt_recovered"] == repaid


def take_from_deposit(amount: int) -> None:
    _move(Account.DEPOSIT, Account.OUTSIDE, amount, later(hours=-1))


def owe_the_fund(amount: int, at: datetime) -> None:
    _move(Account.FUND, Account.PENALTY, amount, at)


def _move(source: Account, target: Account, amount: int, at: datetime) -> None:
    one, none = np.array([id_of(SHOP)]), np.zeros(1, np.int64)
    high, low = causes_of(996, np.array([us_of(at)]), one)
    ledger.post_all(
        Postings.moves(
            seller_id=one, cause_hi=high, cause_lo=low, leg=none, source=none + source,
            target=none + target, amount_minor=none + amount, why=none + Why.PENALTY,
            at_us=none + us_of(at),
        )
    )  # fmt: skip
