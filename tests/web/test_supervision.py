"""The console of supervision, and violations at the desk: what is shown, and who decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import NOW, SHOP
from tests.web.matrix import ADJUDICATOR, SUPERVISOR
from xiaobao.database.sets import fetch_rows
from xiaobao.orders.facts import BreachRates
from xiaobao.people.acts import grant
from xiaobao.people.facts import Actor, Role
from xiaobao.web.supervision.ranking import ranked

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from django.test import Client

PROBE = "<script>alert(1)</script>"
LIST = "/desk/violations/"


def test_few_orders_put_no_shop_on_top() -> None:
    rates = BreachRates.of(
        seller_id=np.array([1, 2, 2, 3]), kind=np.array([1, 1, 2, 1]),
        breaches=np.array([1, 30, 10, 9]), orders=np.array([1, 100, 100, 3]),
    )  # fmt: skip
    rows = ranked(rates, 10)
    assert [(one.seller_id, one.orders, one.breaches, one.rate_bps) for one in rows] == [
        (3, 3, 9, 10_000), (2, 100, 40, 4_000), (1, 1, 1, 10_000),
    ]  # fmt: skip
    assert [(one.least_bps, one.most_bps) for one in rows] == [
        (4_384, 10_000), (3_093, 4_980), (2_065, 10_000),
    ]  # fmt: skip
    assert ranked(rates, 1) == rows[:1]
    none = BreachRates.of(**{name: np.zeros(0, np.int64) for name in rates.as_dict()})
    assert ranked(none, 10) == []


def test_supervision_reads_in_both_languages(person: Callable[[str], Client]) -> None:
    watcher = person(SUPERVISOR)
    for page, zh, en in (("", "违约率", "Breach rates"), ("platform/", "时限", "own clocks"),
                         ("penalties/", "处罚", "No penalty runs")):  # fmt: skip
        for language, words in (("zh", zh), ("en", en)):
            shown = watcher.get(f"/supervision/{page}", headers={"accept-language": language})
            assert words in shown.content.decode(), page
    assert watcher.get("/supervision/?days=30").status_code == 200
    assert watcher.get("/supervision/?days=nonsense").status_code == 200


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
