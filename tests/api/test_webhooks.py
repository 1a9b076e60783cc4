"""Subscriptions by program: a shop hears of itself alone, and sees no other's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import NOW, OTHER_SHOP, SHOP
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import causes_of, id_of
from xiaobao.outbox import acts, queries
from xiaobao.outbox.facts import Attempt, EventKind, Trouble
from xiaobao.outbox.rules import read_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller

URL = "https://shop.example/hook"


def test_what_the_platform_asks_about_one_shop_is_no_business_of_that_shop(
    calling: Callable[[str], Caller],
) -> None:
    platform, shop = calling("platform"), calling("shop")
    told = platform.post("/webhooks", {"url": URL, "seller": SHOP}).json()
    assert told["seller_id"] == str(id_of(SHOP))
    at = f"/webhooks/{told['number']}"
    assert shop.get("/webhooks").json()["subscriptions"] == []
    assert [shop.get(f"{at}/{what}").status_code for what in ("secret", "deliveries")] == [404] * 2
    assert [
        shop.post(f"{at}/{what}").status_code for what in ("rotate", "end", "replay")
    ] == [404] * 3  # fmt: skip
    assert [one["number"] for one in platform.get("/webhooks").json()["subscriptions"]] == [
        told["number"]
    ]
    assert platform.get(f"{at}/secret").status_code == 200


def test_a_shop_subscribes_to_itself_alone(calling: Callable[[str], Caller]) -> None:
    platform, shop, other = calling("platform"), calling("shop"), calling("other shop")
    made = shop.post("/webhooks", {"url": URL, "kinds": ["claim.*"]}, key="k")
    assert made.status_code == 201, made.content
    mine = made.json()
    assert (mine["seller_id"], mine["kinds"]) == (str(id_of(SHOP)), ["claim.*"])
    assert shop.post("/webhooks", {"url": URL, "kinds": ["claim.*"]}, key="k").json() == mine
    assert shop.post("/webhooks", {"url": URL, "seller": OTHER_SHOP}).status_code == 404
    every = platform.post("/webhooks", {"url": URL, "name": "all"}).json()
    assert every["seller_id"] is None
    numbers = {
        name: [one["number"] for one in caller.get("/webhooks").json()["subscriptions"]]
        for name, caller in (("platform", platform), ("shop", shop), ("other", other))
    }
    assert numbers == {
        "platform": [mine["number"], every["number"]], "shop": [mine["number"]], "other": [],
    }  # fmt: skip
    at = f"/webhooks/{mine['number']}"
    for address in (f"{at}/secret", f"{at}/deliveries", f"/webhooks/{every['number']}/secret"):
        assert other.get(address).status_code == 404
    assert other.post(f"{at}/end").status_code == 404
    assert shop.post(f"/webhooks/{every['number']}/end").status_code == 404

    # No answer that is kept for a repeated call holds a secret.
    secret = shop.get(f"{at}/secret").json()["secret"]
    assert read_secret(secret) is not None
    assert fetch_rows(
        "SELECT count(*), count(*) FILTER (WHERE position('whsec'::bytea IN body) > 0) "
        "FROM work_answer WHERE body IS NOT NULL"
    ) == [(5, 0)]
    assert shop.post(f"{at}/rotate", {"keep_hours": 1}).json()["old_secret_until"] is not None
    assert shop.get(f"{at}/secret").json()["secret"] != secret

    ids = np.array([id_of(SHOP), id_of(OTHER_SHOP)] * 2, np.int64)
    acts.tell(EventKind.CLAIM_PAID, ids, *causes_of(301, ids % 1000, np.arange(4)), at_us=1)
    first = shop.get(f"{at}/deliveries?limit=1").json()
    rest = shop.get(f"{at}/deliveries?limit=1&cursor={first['next']}").json()
    assert [one["type"] for one in first["deliveries"] + rest["deliveries"]] == ["claim.paid"] * 2
    assert (rest["next"], first["deliveries"][0]["state"]) == (None, "waiting")
    assert len(platform.get(f"/webhooks/{every['number']}/deliveries").json()["deliveries"]) == 4
    (run,) = queries.due_runs(mine["number"], at=NOW, each=1, limit=1)
    (told,) = acts.take(mine["number"], run, at=NOW)
    acts.record_attempts([(told, Attempt(500, Trouble.REFUSED, 7, "no"))], at=NOW)
    (tried,) = shop.get(f"{at}/deliveries/{told.event}").json()["attempts"]
    assert (tried["status"], tried["trouble"], tried["answer"]) == (500, "refused", "no")
    assert other.get(f"{at}/deliveries/{told.event}").status_code == 404
    for day, trouble in enumerate((Trouble.NOT_ALLOWED, Trouble.NOT_REACHED), start=1):
        then = NOW + timedelta(days=day)
        (run,) = queries.due_runs(mine["number"], at=then, each=1, limit=1)
        (again,) = acts.take(mine["number"], run, at=then)
        acts.record_attempts([(again, Attempt(0, trouble, 7, "inside: 10.0.0.7"))], at=then)
    # Its own receiver's words a shop is shown, and nothing of the net that we stand in.
    seen = shop.get(f"{at}/deliveries/{told.event}").json()["attempts"]
    assert [(one["trouble"], one["answer"]) for one in seen] == [
        ("refused", "no"), ("not_allowed", ""), ("not_reached", ""),
    ]  # fmt: skip
    seen = platform.get(f"{at}/deliveries/{told.event}").json()["attempts"]
    assert [one["answer"] for one in seen] == ["no"] + ["inside: 10.0.0.7"] * 2
    assert shop.post(f"{at}/replay").json() == {"messages": 0}
    assert shop.post(f"{at}/end").json() == {"messages": 2}
    assert shop.get(f"{at}/deliveries").status_code == 404
    refused = shop.post("/webhooks", {"url": "https://10.0.0.1/"})
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook_address_not_allowed")
