"""Jurors by pages: a vote sealed blind and opened; nobody else sees a case, nor anybody a vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.claims.making import SHOP, deny, file, later, paper
from tests.hearings.test_acts_jury import seat_jurors
from tests.web.matrix import ADJUDICATOR, STRANGER
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import Viewer
from xiaobao.hearings.queries import panels_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pytest
    from django.test import Client

DESK, CASE = f"/desk/claims/{SHOP}/C-1/", f"/jury/{SHOP}/C-1/"
SECRET = "nine green lamps"  # noqa: S105
PHONE = "13812345678"


def test_a_jury_votes_blind_and_advises(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand_at(moment: datetime) -> None:
        for module in ("desk.pages", "jury.pages", "speaking"):
            monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: moment)

    seat_jurors()
    row = file(claim="C-1", words=f"call {PHONE}")
    deny(row, paper(), at=later(hours=5))
    stand_at(later(days=1))
    desk = person(ADJUDICATOR)
    for _ in range(2):
        desk.post(f"{DESK}jury/", {"key": "k"})
    [panel] = panels_of(row.seller_id, row.claim_id)
    names = [seat.name for seat in panel.seats]
    assert "Jury of" in desk.get(DESK).content.decode()
    first = person(names[0])
    assert "to be voted on" in first.get("/jury/").content.decode()
    stand_at(panel.seal_until)
    for language, past, waits in (("zh", "未投票", "待投票"), ("en", "not voted", "to be voted")):
        seats = first.get("/jury/", headers={"accept-language": language}).content.decode()
        assert past in seats
        assert waits not in seats
    stand_at(later(days=1))
    shown = first.get(CASE).content.decode()
    assert PHONE not in shown
    assert f"{CASE}1/" in shown
    assert b'"buyer": "***"' in first.get(f"{CASE}1/").getvalue()
    assert person(STRANGER).get(f"{CASE}1/").status_code == 404
    # Both looks stand in the case's own chain, with who looked and as whom.
    assert desk.get(f"{DESK}1/").status_code == 200
    looks = "SELECT viewer, why FROM evidence_custody WHERE viewer > 2 ORDER BY seq"
    assert fetch_rows(looks) == [(int(Viewer.JUROR), ""), (int(Viewer.STAFF), "desk-case C-1")]
    assert "buyer" not in shown.partition("What both sides say")[0]
    for other in (STRANGER, ADJUDICATOR, "coin"):
        assert person(other).get(CASE).status_code == 404, other
    told = first.post(f"{CASE}vote/", {"vote": "uphold", "salt": "short"}, follow=True)
    assert "at least 8 characters" in told.content.decode()
    for number, name in enumerate(names):
        choice = {"vote": "uphold" if number else "reject", "salt": SECRET, "act": "seal"}
        told = person(name).post(f"{CASE}vote/", choice, follow=True)
        assert "keep the secret" in told.content.decode()
    kept = str(fetch_rows("SELECT * FROM hearings_seal"))
    assert SECRET not in kept
    # Sealed: a changed vote is refused, and the wrong one does not open.
    told = first.post(f"{CASE}vote/", {"vote": "uphold", "salt": SECRET, "act": "seal"})
    opening = {"vote": "uphold", "salt": SECRET, "act": "open", "words": "the photo shows it"}
    first.post(f"{CASE}vote/", opening)
    assert fetch_rows("SELECT count(*) FROM hearings_vote") == [(0,)]
    for number, name in enumerate(names):
        choice = opening | {"vote": "uphold" if number else "reject"}
        person(name).post(f"{CASE}vote/", choice)
    [panel] = panels_of(row.seller_id, row.claim_id)
    assert panel.tally is not None
    assert panel.tally.votes == len(names)
    assert "the photo shows it" in desk.get(DESK).content.decode()
    assert "ended" in first.get("/jury/").content.decode()
    # Who has judged looks no more, neither at what was there nor at what is added.
    ended = first.get(CASE).content.decode()
    assert "The jury has ended" in ended
    assert f"{CASE}1/" not in ended
    assert first.get(f"{CASE}1/").status_code == 404
    assert fetch_rows(looks) == [(int(Viewer.JUROR), ""), (int(Viewer.STAFF), "desk-case C-1")]
