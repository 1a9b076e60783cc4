"""The ladder over days, and what clears it; cover drawn; in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts, queries
from xiaobao.deposits.acts import CoverDiffers, CoverOverlaps, CoverSpanEmpty
from xiaobao.deposits.facts import LadderEvent, LadderStep
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import causes_of
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as standing
from xiaobao.sellers.facts import Event, Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
SHORT = datetime(2026, 3, 2, tzinfo=SHANGHAI)


def col(*values: int) -> Int:
    return np.array(values, np.int64)


def state(seller_id: int) -> Standing:
    return Standing(int(standing.standing(col(seller_id)).state[0]))


@pytest.fixture
def short(enrol: Callable[..., Int], sell: Callable[..., None]) -> int:
    """A shop whose base of ¥1,000 fell due at midnight, with nothing lodged."""
    ids = enrol("a shop")
    acts.quote_deposits(ids, at=SHORT - 9 * HOUR)
    sell("a shop", 20_000, SHORT - 8 * HOUR)
    assert acts.quote_due(us_of(SHORT)) == 1
    return int(ids[0])


def test_an_unpaid_shortfall_climbs_step_by_step(short: int) -> None:
    seen = []
    while True:
        report = acts.climb_ladder(us_of(SHORT + 60 * 24 * HOUR))
        if report.looked == 0:
            break
        assert (report.looked, report.climbed) == (1, 1)
        step = queries.ladder_of(short)[-1]
        seen.append((step.step, (step.happened_at - SHORT) // HOUR, state(short)))
    assert seen == [
        (LadderStep.LONGER_SETTLEMENT, 72, Standing.ACTIVE),
        (LadderStep.NO_CAMPAIGNS, 144, Standing.ACTIVE),
        (LadderStep.HIDDEN, 240, Standing.RESTRICTED),
        (LadderStep.SUPERVISED, 408, Standing.RESTRICTED),
        (LadderStep.PAYMENT_CONTROLLED, 792, Standing.RESTRICTED),
    ]
    [*_, restricted] = standing.history_of(short)
    assert (restricted.event, restricted.happened_at) == (Event.RESTRICT, SHORT + 240 * HOUR)
    days, bps = queries.ladder_terms(col(short, 5, short))
    assert (days.tolist(), bps.tolist()) == ([30, 0, 30], [8000, 0, 8000])
    assert [row.event for row in queries.ladder_of(short)] == [
        LadderEvent.FELL_SHORT, *[LadderEvent.CLIMBED] * 5,
    ]  # fmt: skip
    assert {row.shortfall_minor for row in queries.ladder_of(short)} == {100_000}
    kinds = dict(
        fetch_rows(
            "SELECT kind, count(*) FROM outbox_event WHERE kind > 203 AND kind < 300 GROUP BY kind"
        )
    )
    assert kinds == {204: 1, 206: 5}


def test_nothing_climbs_before_its_time(short: int) -> None:
    assert acts.climb_ladder(us_of(SHORT + 72 * HOUR) - 1).looked == 0
    assert acts.climb_ladder(us_of(SHORT + 72 * HOUR)).climbed == 1
    assert acts.climb_ladder(us_of(SHORT + 72 * HOUR)).looked == 0
    assert queries.next_due_us() == us_of(datetime(2026, 3, 6, tzinfo=SHANGHAI))


def test_the_money_clears_the_ladder_and_lifts_the_restriction(
    short: int, lodge: Callable[..., None]
) -> None:
    while acts.climb_ladder(us_of(SHORT + 240 * HOUR)).looked:
        pass
    assert state(short) is Standing.RESTRICTED
    lodge(col(short), 99_999, SHORT + 250 * HOUR, 1)
    row = queries.deposit_of(short, at=SHORT + 250 * HOUR)
    assert row is not None
    assert (row.shortfall_minor, row.step) == (1, LadderStep.HIDDEN)
    assert state(short) is Standing.RESTRICTED
    lodge(col(short), 1, SHORT + 251 * HOUR, 2)
    row = queries.deposit_of(short, at=SHORT + 251 * HOUR)
    assert row is not None
    assert (row.shortfall_minor, row.step, row.short_since, row.next_due_at) == (
        0, LadderStep.NONE, None, None,
    )  # fmt: skip
    assert state(short) is Standing.ACTIVE
    last = queries.ladder_of(short)[-1]
    assert (last.event, last.happened_at) == (LadderEvent.CLEARED, SHORT + 251 * HOUR)
    assert standing.history_of(short)[-1].event is Event.LIFT
    assert queries.ladder_terms(col(short))[1].tolist() == [0]


def test_checking_again_at_the_same_moment_changes_nothing(short: int) -> None:
    before = fetch_rows("SELECT * FROM deposits_requirement")
    report = acts.check_shortfalls(col(short, short), at_us=us_of(SHORT))
    assert (report.looked, report.fell_short, report.climbed, report.cleared) == (1, 0, 0, 0)
    assert fetch_rows("SELECT * FROM deposits_requirement") == before
    assert acts.check_shortfalls(col(5), at_us=us_of(SHORT)).looked == 0


def test_withheld_settlement_counts_and_its_release_uncovers(short: int) -> None:
    acts.withhold_settlement(col(short), col(100_000), keys=1, at=SHORT + HOUR)
    row = queries.deposit_of(short, at=SHORT + HOUR)
    assert row is not None
    assert (row.available_minor, row.reserve_minor, row.short_since) == (100_000, 100_000, None)
    acts.release_settlement(col(short), col(1), keys=2, at=SHORT + 2 * HOUR)
    row = queries.deposit_of(short, at=SHORT + 2 * HOUR)
    assert row is not None
    assert (row.shortfall_minor, row.short_since) == (1, SHORT + 2 * HOUR)


def test_insurance_cover_stands_in_over_its_span(short: int) -> None:
    begins, ends = SHORT + HOUR, SHORT + 30 * 24 * HOUR
    made: dict[str, Any] = {
        "insurer": "an insurer", "limit_minor": 150_000, "begins_at": begins, "ends_at": ends,
        "is_premium_paid": True,
    }  # fmt: skip
    assert acts.add_cover(short, "P-1", **made, at=begins)
    assert not acts.add_cover(short, "P-1", **made, at=begins)
    row = queries.deposit_of(short, at=begins)
    assert row is not None
    assert (row.cover_minor, row.cover_counted_minor, row.shortfall_minor) == (
        150_000, 100_000, 0,
    )  # fmt: skip
    assert queries.ladder_of(short)[-1].event is LadderEvent.CLEARED
    asked = col(us_of(begins) - 1, us_of(begins), us_of(ends) - 1, us_of(ends))
    assert queries.cover_available(np.full(4, short), asked).tolist() == [0, 150_000, 150_000, 0]
    with pytest.raises(CoverDiffers):
        acts.add_cover(short, "P-1", **(made | {"limit_minor": 1}), at=begins)
    with pytest.raises(CoverOverlaps):
        acts.add_cover(
            short, "P-2", **(made | {"begins_at": ends - HOUR, "ends_at": ends + HOUR}), at=begins
        )
    with pytest.raises(CoverSpanEmpty):
        acts.add_cover(short, "P-3", **(made | {"ends_at": begins}), at=begins)
    assert [row.name for row in queries.covers_of(short)] == ["P-1"]


def test_cover_is_drawn_once_per_cause_and_never_beyond_the_limit(
    short: int, enrol: Callable[..., Int]
) -> None:
    other = int(enrol("another")[0])
    begins = SHORT + HOUR
    for shop in (short, other):
        acts.add_cover(
            shop, "P-1", insurer="an insurer", limit_minor=100, begins_at=begins,
            ends_at=begins + 24 * HOUR, is_premium_paid=True, at=begins,
        )  # fmt: skip
    ids = col(short, other, short, short)
    moments = np.full(4, us_of(begins + HOUR))
    hi, lo = causes_of(399, moments, ids, col(1, 2, 3, 4))
    drawn = acts.draw_cover(ids, col(70, 30, 50, 1), hi, lo, at_us=moments)
    assert drawn.tolist() == [70, 30, 30, 0]
    again = acts.draw_cover(ids, col(70, 30, 50, 1), hi, lo, at_us=moments)
    assert again.tolist() == [70, 30, 30, 0]
    assert queries.cover_available(col(short, other), us_of(begins)).tolist() == [0, 70]
    assert [c.drawn_minor for c in queries.covers_of(short)] == [100]
    late = acts.draw_cover(
        col(other), col(10), *causes_of(399, moments[:1], col(other), col(9)),
        at_us=np.array([us_of(begins + 24 * HOUR)]),
    )  # fmt: skip
    assert late.tolist() == [0]


def test_who_leaves_has_no_clocks_any_more(short: int) -> None:
    sellers.move_sellers(col(short), Event.LEAVE, at=SHORT + HOUR)
    assert acts.climb_ladder(us_of(SHORT + 72 * HOUR)).climbed == 1
    sellers.move_sellers(col(short), Event.FINISH, at=SHORT + 73 * HOUR)
    report = acts.climb_ladder(us_of(SHORT + 900 * HOUR))
    assert (report.looked, report.climbed, report.ended) == (1, 0, 1)
    assert acts.climb_ladder(us_of(SHORT + 900 * HOUR)).looked == 0
    assert state(short) is Standing.EXITED
    assert queries.ladder_of(short)[-1].event is LadderEvent.ENDED
