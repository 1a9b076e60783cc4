"""From when on a changed account is paid to: never before the days are over, and then at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.exits.rules.payees import is_waiting, paid_from
from xiaobao.kernel.clocks import DAY_US, us_of, zone_of

from tests.exits.making import NOW  # isort: skip

SHANGHAI = zone_of("Asia/Shanghai")
MOMENTS = st.integers(us_of(NOW) - 10**15, us_of(NOW) + 10**15)
ROWS = st.lists(st.tuples(MOMENTS, st.booleans(), st.integers(0, 60)), min_size=1, max_size=20)


@given(ROWS, st.integers(0, 70 * DAY_US))
def test_nothing_is_paid_before_the_days_are_over_and_nothing_waits_after(
    rows: list[tuple[int, bool, int]], passed_us: int
) -> None:
    changed, is_changed, days = (np.array(one) for one in zip(*rows, strict=True))
    found = paid_from(changed, is_changed, days, SHANGHAI)
    waiting = is_waiting(found, changed + passed_us)
    # No clock of that zone is put forward or back: a day has as many hours as any other.
    assert waiting.tolist() == (is_changed & (passed_us < days * DAY_US)).tolist()
    for n in range(len(rows)):
        one = paid_from(changed[n : n + 1], is_changed[n : n + 1], days[n : n + 1], SHANGHAI)
        assert one.tolist() == found[n : n + 1].tolist()
