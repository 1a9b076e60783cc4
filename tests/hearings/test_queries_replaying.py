"""Rulings made again in sets, and told in a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from tests.claims.making import deny, file, later, paper, photo, place
from tests.hearings.making import uphold
from xiaobao.claims.acts import export_dossier
from xiaobao.evidence.facts import Viewer
from xiaobao.evidence.rules.dossiers import check
from xiaobao.hearings.queries import (
    explanation_named,
    replayed_ruling,
    replayed_rulings,
    rulings_told,
)

if TYPE_CHECKING:
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
    )
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
