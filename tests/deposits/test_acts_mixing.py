"""What a seller puts up in place of cash: two choices at once are both kept."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
from django.db import connections, transaction

from tests.exits.making import NOW, SELLER, completed, later, open_world, order
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts, queries

if TYPE_CHECKING:
    from xiaobao.deposits.facts import Mixes


def test_a_share_and_instalments_chosen_at_once_both_stand(committed: None) -> None:
    market = open_world()
    completed(market, "large", 10_000_000, later(days=-40))
    order(market, "open", 10_000_000, placed=later(days=-2))
    acts.quote_deposits(np.array([SELLER]), at=NOW)
    made: list[Mixes] = []

    def spread() -> None:
        made.append(acts.pay_in_instalments(SELLER, 4, at=NOW + timedelta(hours=1)))
        connections.close_all()

    other = Thread(target=spread)
    with transaction.atomic():
        acts.withhold_share(SELLER, 1_000, at=NOW)
        other.start()
        while not fetch_rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert other.is_alive()
    other.join()
    assert len(made) == 1
    mix = queries.mixes_of(np.array([SELLER]))
    assert (int(mix.deferred_minor[0]), int(mix.reserve_bps[0])) == (200_000, 1_000)
