"""Checks whole, so that each can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from xiaobao.database import sets
from xiaobao.exits.facts import RULES_VERSION
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.exits.facts import Exits, Judged, Plan, Standings, Things
    from xiaobao.kernel.columns import Int

_SQL = (
    "INSERT INTO exits_check (seller_id, number, seq, market_id, checked_at, scope, "
    "is_unblockable, deposit_minor, required_minor, counted_elsewhere_minor, debt_minor, "
    "set_off_minor, kept_minor, free_minor, is_waiting, rules_version, things) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def add_check(
    one: Exits, standings: Standings, plan: Plan, things: Things, judged: Judged, shares: Int,
    *, scope: int, is_unblockable: bool, at_us: int,
) -> None:  # fmt: skip
    """Write down the check of this moment: what stood, how it was judged, what came of it."""
    stands = judged.is_standing
    columns = things.take(stands).as_dict() | judged.take(stands).as_dict()
    columns["share_minor"] = shares[stands]
    told = {name: column.tolist() for name, column in columns.items() if name != "seller_id"}
    amounts = [
        int(column[0])
        for column in (
            standings.deposit_minor, standings.required_minor, standings.counted_elsewhere_minor,
            standings.debt_minor, plan.set_off_minor, plan.kept_minor, plan.free_minor,
        )
    ]  # fmt: skip
    sets.execute(
        _SQL,
        [
            int(one.seller_id[0]), int(one.number[0]), int(one.seq[0]), int(one.market_id[0]),
            moment_of(at_us), scope, is_unblockable, *amounts, bool(plan.is_waiting[0]),
            RULES_VERSION, Jsonb(told),
        ],
    )  # fmt: skip
