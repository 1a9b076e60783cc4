"""The delivery log: what came of every message, page by page, and again at a press."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import NOW
from tests.web.matrix import ADMINISTRATOR, SUPERVISOR
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts, queries
from xiaobao.outbox.facts import Attempt, DeliveryState, EventKind, Trouble
from xiaobao.web.listing import ON_A_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def test_the_log_is_read_and_what_was_given_up_is_sent_again(
    person: Callable[[str], Client],
) -> None:
    number = acts.subscribe("<shop>", "https://shop.example/hook", ["claim.*"], at=NOW)
    ids = np.arange(1, ON_A_PAGE + 3)
    acts.tell(EventKind.CLAIM_PAID, ids, *causes_of(301, ids * 1000, ids), at_us=1)
    [[first]] = queries.due_runs(number, at=NOW, each=1, limit=1)
    [told] = acts.take(number, [first], at=NOW)
    acts.record_attempts([(told, Attempt(410, Trouble.GONE, 7, "<b>no"))], at=NOW)
    again = acts.subscribe("second", "https://shop.example/two", ["*"], at=NOW)

    admin = person(ADMINISTRATOR)
    page = admin.get("/webhooks/").text
    assert page.count("claim.paid") == ON_A_PAGE
    assert "&lt;shop&gt;" in page
    assert "ended" in page
    [later] = re.findall(r'rel="next" href="([^"]+)"', page)
    assert admin.get(f"/webhooks/{later}").text.count("claim.paid") == 2
    dead = admin.get("/webhooks/?state=dead").text
    assert dead.count(">claim.paid") == 1
    assert "gone" in dead
    assert admin.get(f"/webhooks/?of={'9' * 5000}&state=x").status_code == 200
    shown = admin.get(f"/webhooks/{number}/{told.event}/").text
    assert "&lt;b&gt;no" in shown
    assert "410" in shown
    # The subscription that is gone takes nothing more; another one sends again what it gave up.
    assert admin.post(f"/webhooks/{number}/replay/").status_code == 404
    acts.tell(EventKind.CLAIM_PAID, ids[:1], *causes_of(302, ids[:1], ids[:1]), at_us=1)
    late = NOW.replace(year=9000)
    while runs := queries.due_runs(again, at=late, each=1, limit=1):
        taken = acts.take(again, runs[0], at=late)
        acts.record_attempts([(taken[0], Attempt(500, Trouble.REFUSED, 1, ""))], at=NOW)
    assert queries.delivery_counts()[again, DeliveryState.DEAD] == 1
    # A supervisor reads it among their own tabs, and is offered nothing that is not theirs.
    offers = [f'action="/webhooks/{again}/replay/"', 'href="/administration/"']
    read = [person(one).get("/webhooks/").text for one in (ADMINISTRATOR, SUPERVISOR)]
    assert [[one in page for one in offers] for page in read] == [[True, True], [False, False]]
    said = admin.post(f"/webhooks/{again}/replay/", follow=True).text
    assert "1 messages will be sent again" in said
    assert queries.delivery_counts()[again, DeliveryState.WAITING] == 1
