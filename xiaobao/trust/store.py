"""The only code that writes or locks this room's tables; it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from datetime import datetime


def expect(market_id: int, day: int, due_us: int) -> None:
    """The first quarter of a market to be reported; a market that has one keeps it."""
    sets.execute(
        "INSERT INTO trust_report_due (market_id, day, due_at) VALUES (%s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        [market_id, day, moment_of(due_us)],
    )


def hold_due(until_us: int) -> list[tuple[int, int]]:
    """Markets of which a quarter is to be reported by then, and its first day; locked."""
    return [
        (market_id, day)
        for market_id, day in sets.fetch_rows(
            "SELECT market_id, day FROM trust_report_due WHERE due_at <= %s "
            "ORDER BY market_id FOR UPDATE",
            [moment_of(until_us)],
        )
    ]


def hold_reports(market_id: int) -> None:
    """One act at a time about the reports of a market."""
    sets.fetch_rows("SELECT 1 FROM trust_report_due WHERE market_id = %s FOR UPDATE", [market_id])


def put_due(market_id: int, day: int, due_us: int) -> None:
    sets.execute(
        "UPDATE trust_report_due SET day = %s, due_at = %s WHERE market_id = %s",
        [day, moment_of(due_us), market_id],
    )


def add_report(
    market_id: int, day: int, number: int, *, at: datetime, why: str, by: str, body: str
) -> None:
    sets.execute(
        "INSERT INTO trust_report (market_id, day, number, published_at, why, by, body) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [market_id, day, number, at, why, by, body],
    )
