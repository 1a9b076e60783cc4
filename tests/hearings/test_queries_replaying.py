"""Rulings made again in sets, and told in a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from tests.claims.making import later
from tests.hearings.making import uphold
from xiaobao.claims.acts import export_dossier
from xiaobao.evidence.facts import Viewer
from xiaobao.evidence.rules.dossiers import check
from xiaobao.hearings.queries import replayed_ruling, replayed_rulings, rulings_told

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimRow


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
