"""A connection that the server ended is made anew, as if the process had just begun."""

from __future__ import annotations

import psycopg
import pytest

from xiaobao.database.sets import cursor, execute, fetch_rows


def test_after_a_lost_connection_the_next_statement_is_answered(committed: None) -> None:
    ((before,),) = fetch_rows("SELECT pg_backend_pid()")
    with cursor("owner") as owner:
        assert owner.execute("SELECT pg_terminate_backend(%s)", [before]).fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError):
        execute("SELECT 1")
    ((after,),) = fetch_rows("SELECT pg_backend_pid()")
    assert after != before
    assert fetch_rows("SELECT current_user::text") == [("xiaobao_app",)]
