"""How often a call goes to the database and back: each time costs more than most answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.claims.making import NOW, SHOP
from xiaobao.database import trips

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.api.conftest import Caller


def test_a_single_fact_asks_few_times(
    calling: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks, how often, under which key, and what to keep of it take five of these."""
    platform = calling("platform")
    sent: list[int] = []
    send = trips._send

    def counted(connection: Any, statements: Any) -> None:
        sent.append(len(statements))
        send(connection, statements)

    monkeypatch.setattr(trips, "_send", counted)
    yuan = {"amount": 10_000, "currency": "CNY"}
    asked = []
    for fact, more in (
        ("placed", {"buyer": "buyer", "goods": yuan, "freight": yuan | {"amount": 0}}),
        ("paid", {}),
        ("scanned", {"waybill": "W"}),
        ("scanned", {"waybill": "W"}),
    ):
        sent.clear()
        told = {"seller": SHOP, "order": "X-1", "at": NOW.isoformat(), "fact": fact} | more
        answer = platform.post("/facts", {"market": "cn", "facts": [told]})
        assert answer.status_code == 200, answer.content
        asked.append((answer.json()["facts_new"], len(sent)))
    # In a transaction of the test's own: outside one, its COMMIT goes beside.
    assert asked == [(1, 10), (1, 10), (1, 10), (0, 9)]
