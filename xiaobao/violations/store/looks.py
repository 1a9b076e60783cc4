"""How far markets were looked at for violations, and when the next look is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.violations.facts import Looks
from xiaobao.violations.store.cases import array

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

_SPEC = {
    "market_id": "i2", "rulings_until_us": "ts", "rulings_due_us": "ts",
    "breaches_until_us": "ts", "breaches_due_us": "ts",
}  # fmt: skip
_COLUMNS = "market_id, rulings_until_at, rulings_due_at, breaches_until_at, breaches_due_at"


def expect(looks: Looks) -> None:
    """A look is due then, unless an earlier one is; how far it was looked stays."""
    sets.execute(
        f"INSERT INTO violations_look AS l ({_COLUMNS}) SELECT * FROM unnest(%s::smallint[], "
        "%s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[]) "
        "ON CONFLICT (market_id) DO UPDATE SET "
        "rulings_due_at = least(l.rulings_due_at, excluded.rulings_due_at), "
        "breaches_due_at = least(l.breaches_due_at, excluded.breaches_due_at)",
        _columns(looks),
    )


def hold_due(until_us: int) -> Looks:
    """Markets of which a look is due, locked."""
    return Looks.of(
        **sets.fetch_arrays(
            f"SELECT {_COLUMNS} FROM violations_look "
            "WHERE least(rulings_due_at, breaches_due_at) <= %s::timestamptz "
            "ORDER BY market_id FOR UPDATE",
            [moment_of(until_us)],
            _SPEC,
        )
    )


def put(looks: Looks) -> None:
    sets.execute(
        "UPDATE violations_look l SET rulings_until_at = u.rulings_until_at, "
        "rulings_due_at = u.rulings_due_at, breaches_until_at = u.breaches_until_at, "
        "breaches_due_at = u.breaches_due_at FROM unnest(%s::smallint[], %s::timestamptz[], "
        "%s::timestamptz[], %s::timestamptz[], %s::timestamptz[]) "
        f"AS u({_COLUMNS}) WHERE l.market_id = u.market_id",
        _columns(looks),
    )


def _columns(looks: Looks) -> list[Int]:
    return [array(column, _SPEC[name]) for name, column in looks.as_dict().items()]
