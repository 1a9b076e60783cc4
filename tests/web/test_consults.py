"""Consultations at the desk: by clock, each look written down, one answer for one form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.claims.making import NOW, SHOP
from tests.web.test_pages import HAN, PROBE, text_of
from xiaobao.database.sets import fetch_rows
from xiaobao.exits import acts, queries
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def test_open_threads_stand_by_clock_and_are_answered(person: Callable[[str], Client]) -> None:
    seller_id, desk = id_of(SHOP), person("the adjudicator")
    for topic in ("first", PROBE):
        acts.open_consult(seller_id, topic=topic, words=PROBE, by=SHOP, at=NOW)
    first_due = queries.consults_open(limit=9)[0].due_at
    assert first_due is not None
    acts.open_consult(seller_id, topic="x", words="x", by=SHOP, at=first_due)
    assert acts.mark_late_consults(until_us=us_of(first_due), limit=1) == 1
    listed = [(one.number, one.is_late) for one in queries.consults_open(limit=9)]
    assert listed == [(1, True), (2, False), (3, False)]
    body = desk.get("/desk/consults/").content.decode()
    assert re.findall(rf"/desk/consults/{SHOP}/(\d)/", body) == ["1", "2", "3"]
    assert body.count("late, not answered yet") == 1
    assert not HAN.search(re.sub("[消保中文]", "", text_of(body.encode())))
    looks = "SELECT seller_id, page FROM people_look ORDER BY looked_at"
    assert fetch_rows(looks) == []
    body = desk.get(f"/desk/consults/{SHOP}/2/").content.decode()
    assert PROBE not in body
    assert fetch_rows(looks) == [(seller_id, "desk-consult 2")]
    for words in ("", "like this", "like this"):
        desk.post(f"/desk/consults/{SHOP}/2/answer/", {"words": words, "key": f"form {words}"})
    _, second, first = queries.consults_of(seller_id)
    assert [(one.by, one.is_specialist, one.words) for one in second.words] == [
        (SHOP, False, PROBE), ("the adjudicator", True, "like this"),
    ]  # fmt: skip
    assert (second.due_at, first.is_late, len(first.words)) == (None, True, 1)
    acts.close_consult(seller_id, 2, at=first_due)
    told = desk.post(
        f"/desk/consults/{SHOP}/2/answer/", {"words": "more", "key": "k"}, follow=True
    )
    assert "consultation 2 is closed" in told.content.decode()
    assert desk.get(f"/desk/consults/{SHOP}/4/").status_code == 404
    desk.cookies["lang"] = "zh"
    assert "已逾期，尚未答复" in desk.get(f"/desk/consults/{SHOP}/1/").content.decode()
