"""Every statement that runs meanwhile, and the plan PostgreSQL made for it."""

from __future__ import annotations

import json
import re
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

import psycopg

from xiaobao.database.sets import cursor, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

# A statement is planned anew for each set of parameters; so many are looked at.
MOST_PLANS = 3
Plans = dict[tuple[str, str], list[dict[str, Any]]]
_PLANNED = ("SELECT", "INSERT", "UPDATE", "WITH", "DELETE")
_COPIED_OUT = re.compile(r"\s*COPY \((.*)\) TO STDOUT \(FORMAT BINARY\)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Scanned:
    """A table read from end to end by a statement, and the room and file that asked."""

    table: str
    asked_by: str
    query: str


@contextmanager
def plans_watched() -> Iterator[Plans]:
    """Plans by who asked and the text of the statement, made right before the statement ran."""
    plans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    run, copy = psycopg.Cursor.execute, psycopg.Cursor.copy

    def look(cur: psycopg.Cursor[Any], query: Any, params: Any) -> None:
        text = query if isinstance(query, str) else query.as_string(cur)
        copied = _COPIED_OUT.match(text)
        text = copied[1] if copied else text
        seen = plans.setdefault((_asking(), text), [])
        if len(seen) < MOST_PLANS and text.lstrip().upper().startswith(_PLANNED):
            asking = type(cur)(cur.connection)
            run(asking, f"EXPLAIN (FORMAT JSON) {text}", params, binary=False)
            found = asking.fetchone()
            seen.append(plan_in(found))

    def execute(cur: Any, query: Any, params: Any = None, **more: Any) -> Any:
        look(cur, query, params)
        return run(cur, query, params, **more)

    def copied(cur: Any, statement: Any, params: Any = None, **more: Any) -> Any:
        look(cur, statement, params)
        return copy(cur, statement, params, **more)

    with (
        mock.patch.object(psycopg.Cursor, "execute", execute),
        mock.patch.object(psycopg.Cursor, "copy", copied),
    ):
        yield plans


def plan_in(row: tuple[Any, ...] | None) -> dict[str, Any]:
    """What EXPLAIN answered, as JSON; text where Django had psycopg leave it so."""
    assert row is not None
    told = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    plan: dict[str, Any] = told[0]["Plan"]
    return plan


def kept_plans() -> Plans:
    """The plans that this connection keeps, by the text of their statements."""
    kept = fetch_rows(
        "SELECT name::text, statement, cardinality(parameter_types) FROM pg_prepared_statements "
        "WHERE generic_plans > 0 AND statement ~* %s",
        [rf"^\s*({'|'.join(_PLANNED)})\y"],
    )
    plans: Plans = {}
    with cursor() as cur:
        cur.execute("SET plan_cache_mode = force_generic_plan")
        for name, query, count in kept:
            given = f"({', '.join(['NULL'] * count)})" if count else ""
            told = cur.execute(f"EXPLAIN (FORMAT JSON) EXECUTE {name}{given}").fetchone()
            plans["", query] = [plan_in(told)]
        cur.execute("SET plan_cache_mode = auto")
    return plans


def scans_in(plans: Plans, big: set[str]) -> set[Scanned]:
    """The big tables that any of these plans reads from end to end."""
    return {
        Scanned(table, asked_by, " ".join(query.split())[:200])
        for (asked_by, query), made in plans.items()
        for plan in made
        for table in _scanned(plan)
        if table in big
    }


def _asking() -> str:
    """The innermost file of a room on the stack, below which are only the sets themselves."""
    files = [frame.filename for frame in traceback.extract_stack(limit=30)]
    ours = [file.split("/xiaobao/")[-1] for file in files if "/xiaobao/" in file]
    return next((file for file in reversed(ours) if not file.startswith("database/")), "")


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _scanned(part)
