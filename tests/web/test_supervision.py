"""The console of supervision, and violations at the desk: what is shown, and who decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.claims.making import NOW, SHOP, later
from tests.web.matrix import ADJUDICATOR, SUPERVISOR
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.people.acts import grant
from xiaobao.people.facts import Actor, Role
from xiaobao.supervision import acts as supervision
from xiaobao.work.clock import now
from xiaobao.work.figures import reckon_due

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pytest
    from django.test import Client

PROBE = "<script>alert(1)</script>"
LIST = "/desk/violations/"


def test_supervision_reads_in_both_languages(person: Callable[[str], Client]) -> None:
    watcher = person(SUPERVISOR)
    for page, zh, en in (("", "违约率", "Breach rates"), ("signals/", "信号", "Signals"),
                         ("cheating/", "它不能知道的", "What it cannot know"),
                         (f"cheating/?shop={SHOP}&days=30", SHOP, SHOP),
                         ("inspections/", "抽查", "Inspections"),
                         (f"shops/{SHOP}/", "控制图", "Control chart"),
                         ("platform/", "时限", "own clocks"),
                         ("penalties/", "处罚", "No penalty runs")):  # fmt: skip
        for language, words in (("zh", zh), ("en", en)):
            shown = watcher.get(f"/supervision/{page}", headers={"accept-language": language})
            assert words in shown.content.decode(), page
    for nonsense in ("?days=x", "?watched=x&market=x&from=x-y"):
        assert watcher.get(f"/supervision/{nonsense}").status_code == 200
        assert watcher.get(f"/supervision/platform/{nonsense}").status_code == 200
        assert watcher.get(f"/supervision/cheating/{nonsense}").status_code == 200
    reckon_due(now())
    for page in ("/supervision/cheating/", "/supervision/platform/", "/supervision/signals/"):
        assert "As of <time" in watcher.get(page).content.decode()
    for nobody in ("nobody", "%00"):
        assert watcher.get(f"/supervision/cheating/?shop={nobody}").status_code == 404


def test_an_inspection_goes_from_the_lot_to_a_violation(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    watcher = person(SUPERVISOR)
    at(later(days=60))
    supervision.expect_weeks()
    while supervision.count_weeks(us_of(later(days=60))).weeks:
        pass
    here = f"/supervision/shops/{SHOP}/"
    assert "As last counted" in watcher.get(here).content.decode()
    asked = {"watched": "any", "words": PROBE, "key": "one"}
    for wrong in ({"words": ""}, {"watched": "x"}, {"key": ""}):
        watcher.post(f"{here}inspect/", asked | wrong)
    assert fetch_rows("SELECT count(*) FROM supervision_inspection") == [(0,)]
    one = f"/supervision/inspections/{SHOP}/1/"
    for _ in range(2):
        assert watcher.post(f"{here}inspect/", asked)["Location"] == one
    shown = watcher.get(one).content.decode()
    assert PROBE not in shown
    ((order_id,),) = fetch_rows("SELECT order_id FROM supervision_sampled")
    found = {f"finding-{order_id}": "broken", f"words-{order_id}": PROBE, "key": "two"}
    watcher.post(f"{one}find/", found | {f"finding-{order_id}": "x"})
    watcher.post(f"{one}find/", found | {f"words-{order_id}": ""})
    assert fetch_rows("SELECT count(*) FROM supervision_finding") == [(0,)]
    for _ in range(2):
        watcher.post(f"{one}find/", found)
    end = {"outcome": "breach", "kind": "fake_trade", "words": PROBE, "key": "three"}
    for wrong in ({"outcome": ""}, {"outcome": "no_breach"}, {"kind": "x"}, {"words": ""}):
        watcher.post(f"{one}close/", end | wrong)
    assert fetch_rows("SELECT count(*) FROM violations_violation") == [(0,)]
    for _ in range(2):
        watcher.post(f"{one}close/", end)
    assert fetch_rows("SELECT violation_name, units, recorded_by FROM violations_violation") == [
        (f"sample-{SHOP}-1", 1, SUPERVISOR)
    ]
    for page in (one, here, "/supervision/inspections/", "/supervision/signals/"):
        assert PROBE not in watcher.get(page).content.decode()
    assert watcher.get(f"/supervision/inspections/{SHOP}/2/").status_code == 404


def test_another_person_decides_on_what_one_recorded(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("desk.violations", "speaking"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: NOW)
    first, second = person(ADJUDICATOR), person("another adjudicator")
    grant("another adjudicator", Role.ADJUDICATOR, by=Actor(0, "operator"), at=NOW)
    found = {"seller": SHOP, "name": "V-1", "kind": "fake_trade", "source": "inspection",
             "units": "3", "words": PROBE}  # fmt: skip
    for wrong in ({"seller": "nobody"}, {"kind": "none"}, {"units": "-1"}, {"units": "9" * 30},
                  {"source": "rule"}):  # fmt: skip
        told = first.post(f"{LIST}record/", found | wrong, follow=True)
        assert "nothing was recorded" in told.content.decode(), wrong
    assert fetch_rows("SELECT count(*) FROM violations_violation") == [(0,)]
    for _ in range(2):
        assert first.post(f"{LIST}record/", found)["Location"] == f"{LIST}{SHOP}/V-1/"
    assert fetch_rows("SELECT recorded_by, units FROM violations_violation") == [(ADJUDICATOR, 3)]
    here = f"{LIST}{SHOP}/V-1/"
    shown = first.get(here).content.decode()
    assert PROBE not in shown
    assert "Somebody other than who recorded it decides" in shown
    assert fetch_rows("SELECT page FROM people_look") == [("desk-violation V-1",)]
    state = fetch_rows("SELECT state FROM violations_violation")
    first.post(f"{here}decide/", {"verdict": "revoke", "words": "mine"})
    second.post(f"{here}decide/", {"verdict": "revoke"})
    second.post(f"{here}decide/", {"verdict": "nonsense", "words": "why"})
    assert fetch_rows("SELECT state FROM violations_violation") == state
    assert "V-1" in second.get(f"{LIST}?state=notified").content.decode()
    assert "V-1" not in second.get(f"{LIST}?state=revoked").content.decode()
    second.post(f"{here}decide/", {"verdict": "revoke", "words": "not so"})
    assert "V-1" in second.get(f"{LIST}?state=revoked").content.decode()
