"""Plans are kept for statements asked again, and none made for an empty table outlives it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.db import connections

from tests.work.watching import plan_in
from xiaobao.database import plans
from xiaobao.database.alone import run_alone
from xiaobao.database.pipeline import Statement
from xiaobao.database.sets import (
    copy_in,
    cursor,
    execute,
    fetch_arrays,
    fetch_rows,
    in_transaction,
    one_snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED = "SELECT n FROM grown WHERE seller_id = %s AND n = %s"
ROWS = 60_000
# The root, a leaf and a row's page, and what finding the way there reads once.
FEW_PAGES = 8


@pytest.fixture
def grown(committed: None) -> Iterator[None]:
    """A table of this connection's own, empty, and known to be."""
    execute(
        "CREATE TEMPORARY TABLE grown (seller_id bigint, n bigint, PRIMARY KEY (seller_id, n))"
    )
    execute("ANALYZE grown")
    yield
    execute("DROP TABLE grown")


def ask(times: int = 1) -> None:
    for _ in range(times):
        fetch_rows(ASKED, [1, 1])


def kept() -> tuple[str, int]:
    """The name under which the server keeps the statement, and how often its kept plan served."""
    rows = fetch_rows(
        "SELECT name::text, generic_plans FROM pg_prepared_statements WHERE statement LIKE %s",
        ["SELECT n FROM grown%"],
    )
    assert len(rows) == 1
    return rows[0]


def pages_read() -> int:
    """Pages that the statement reads by the plan that is kept at this moment."""
    name, _ = kept()
    with cursor() as cur:
        told = cur.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE {name} (1, 1)"
        ).fetchone()
    plan = plan_in(told)
    assert plan["Actual Rows"] == 1
    return int(sum(plan[f"Local {what} Blocks"] for what in ("Hit", "Read")))


def wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until a plan made by now is too old."""
    later = time.monotonic() + plans.KEPT_SECONDS + 1
    monkeypatch.setattr(plans, "time", SimpleNamespace(monotonic=lambda: later))


def grow_unseen() -> None:
    """By a statement of the server's own: this connection counts none of these rows."""
    execute(f"INSERT INTO grown SELECT 1, n FROM generate_series(1, {ROWS}) AS n")


@pytest.mark.usefixtures("grown")
def test_a_plan_of_an_empty_table_is_thrown_away_when_it_is_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(12)
    assert kept()[1] > 0
    grow_unseen()
    assert pages_read() > 200, "as good as any plan: this proves nothing"
    wait(monkeypatch)
    ask()
    assert pages_read() <= FEW_PAGES
    served = kept()[1]
    ask(3)
    assert kept()[1] == served + 3


@pytest.mark.usefixtures("grown")
def test_who_writes_many_rows_keeps_no_plan_from_before() -> None:
    ask(12)
    numbers = np.arange(1, ROWS + 1)
    spec = {"seller_id": "i8", "n": "i8"}
    copy_in("grown", {"seller_id": numbers * 0 + 1, "n": numbers}, spec)
    ask()
    assert pages_read() <= FEW_PAGES


@pytest.mark.usefixtures("grown")
def test_sets_of_many_rows_are_planned_for_their_values() -> None:
    grow_unseen()
    asked = "SELECT g.n FROM grown AS g JOIN unnest(%s) AS k (n) USING (n) WHERE seller_id = 1"
    for size, times in ((plans.MOST_ROWS, 12), (plans.MOST_ROWS + 1, 12)):
        for _ in range(times):
            found = fetch_arrays(asked, [np.arange(1, size + 1)], {"n": "i8"})
            assert len(found["n"]) == size
    served = fetch_rows(
        "SELECT (generic_plans + custom_plans)::int FROM pg_prepared_statements "
        "WHERE statement LIKE %s",
        ["%unnest($1) AS k%"],
    )
    # The first five times nothing is prepared yet.
    assert served == [(7,)]


@pytest.mark.usefixtures("committed")
def test_a_snapshot_may_begin_when_plans_are_old(monkeypatch: pytest.MonkeyPatch) -> None:
    fetch_rows("SELECT 1")
    wait(monkeypatch)
    with one_snapshot():
        assert in_transaction()
        assert fetch_rows("SHOW transaction_isolation") == [("repeatable read",)]


@pytest.mark.usefixtures("committed")
def test_what_was_parsed_before_and_after_the_server_forgot_is_told_apart() -> None:
    connections["default"].close()
    one, other = (Statement(f"SELECT {n} + $1::bigint", (20,)) for n in (1, 2))

    def asked(statement: Statement) -> int:
        value = run_alone(statement, [(40).to_bytes(8, "big")]).get_value(0, 0)
        assert value is not None
        return int.from_bytes(value, "big")

    assert asked(one) == 41
    execute("DEALLOCATE ALL")
    # Parsed before it is noticed that the first is gone; it is there when all names are anew.
    assert [asked(other), asked(one), asked(other)] == [42, 41, 42]
