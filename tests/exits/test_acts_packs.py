"""What sources disagree on is data: three packs, three quiet times; six conditions asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.exits import making
from tests.exits.making import JOINED, NOW, SELLER, check, completed, later, open_with, order
from tests.exits.test_acts_forced import violate
from xiaobao.exits.facts import Blocker, ExitState
from xiaobao.promises.facts import ViolationKind

if TYPE_CHECKING:
    from pathlib import Path

QUIET = "exit_quiet,2014-03-15,,{quiet},0,0,cn.deposit.refund"


@pytest.mark.parametrize(
    ("quiet", "counted", "ends"),
    [
        ("30,days", "completed", later(days=-10) + timedelta(days=30)),
        # From 5 October 10:00 in Shanghai to 5 January.
        ("3,months", "completed", datetime(2026, 1, 5, 2, tzinfo=UTC)),
        ("90,days", "closing", later(days=90)),
    ],
    ids=["30 days", "three months", "90 days from closing"],
)
@pytest.mark.usefixtures("db")
def test_how_long_a_seller_is_quiet(
    tmp_path: Path, quiet: str, counted: str, ends: datetime
) -> None:
    world = open_with(
        tmp_path,
        clocks__csv=[(QUIET.format(quiet="30,days"), QUIET.format(quiet=quiet))],
        exit_rules__toml=[('value = "completed"', f'value = "{counted}"')],
    )
    completed(world, "done", 100_000, later(days=-10))
    (blocker,) = check().blockers
    assert (blocker.kind, blocker.held_minor, blocker.ends_at) == (Blocker.QUIET, 3_000, ends)
    assert check(at=ends - timedelta(days=1), closing_at=NOW).blockers[0].ends_at == ends
    assert check(at=ends, closing_at=NOW).blockers == ()


@pytest.mark.usefixtures("db")
def test_six_conditions_asked_and_waited_for(tmp_path: Path) -> None:
    """No running trades, refunds, complaints, quiet after the last, no arrears, no open violation;

    and a threshold on sales. Each has its date, and what is required stays until the last.
    """
    from xiaobao.deposits.acts import quote_deposits

    waited = [
        (f"{kind},2014-03-15,,true,false", f"{kind},2014-03-15,,true,true")
        for kind in ("open_trade", "refund", "claim", "quiet", "violation")
    ]
    asked = [("sales,2014-03-15,,false,false,0,90", "sales,2014-03-15,,true,true,0,5000")]
    world = open_with(
        tmp_path, exit_conditions__csv=waited + asked,
        exit_rules__toml=[("sales_least_minor = 0", "sales_least_minor = 9000000")],
    )  # fmt: skip
    completed(world, "done", 500_000, later(days=-10))
    order(world, "open", 30_000, placed=later(days=-2))
    order(
        world, "back", 20_000, placed=later(days=-9), signed=later(days=-6),
        refund_asked=later(days=-4), refund_asked_minor=20_000,
    )  # fmt: skip
    violate(world, "V1", ViolationKind.LATE_SHIPMENT, later(days=15))
    quote_deposits(np.array([SELLER]), at=NOW)
    found = check()
    kinds = {row.kind for row in found.blockers}
    assert kinds == {
        Blocker.OPEN_TRADE, Blocker.REFUND, Blocker.QUIET, Blocker.VIOLATION, Blocker.SALES,
    }  # fmt: skip
    assert all(row.is_waited_for for row in found.blockers)
    assert (found.free_minor, found.kept_minor) == (0, 100_000)
    assert sum(row.held_minor for row in found.blockers) == 100_000
    # The threshold binds nobody for ever: so many days after joining it is over.
    last = max(row.ends_at for row in found.blockers if row.ends_at)
    assert last == JOINED + timedelta(days=5_000)
    assert [(s.at, s.total_minor) for s in found.stages][-1] == (last, 100_000)
    making.apply()
    assert making.state() is ExitState.QUIET
    making.sweep(last)
    assert making.state() is ExitState.UNDER_REVIEW
