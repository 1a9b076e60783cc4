"""A connection that the server ended is made anew, as if the process had just begun."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from django.db import connection, connections

from xiaobao.database.pipeline import Pipeline, Statement
from xiaobao.database.sets import ask_rows, cursor, execute, fetch_rows


def end(pid: int) -> None:
    with cursor("owner") as owner:
        assert owner.execute("SELECT pg_terminate_backend(%s)", [pid]).fetchone() == (True,)


def test_after_a_lost_connection_the_next_statement_is_answered(committed: None) -> None:
    ((before,),) = fetch_rows("SELECT pg_backend_pid()")
    end(before)
    with pytest.raises(psycopg.OperationalError):
        execute("SELECT 1")
    ((after,),) = fetch_rows("SELECT pg_backend_pid()")
    assert after != before
    assert fetch_rows("SELECT current_user::text") == [("xiaobao_app",)]


def test_after_a_lost_connection_what_waits_is_asked_of_the_next_before_what_follows(
    committed: None,
) -> None:
    ((before,),) = fetch_rows("SELECT pg_backend_pid()")
    end(before)
    with pytest.raises(psycopg.OperationalError):
        execute("SELECT 1")
    asked = ask_rows("SELECT clock_timestamp()", None, list)
    ((later,),) = fetch_rows("SELECT clock_timestamp()")
    ((first,),) = asked.answer
    assert first <= later
    ((pid,),) = fetch_rows("SELECT pg_backend_pid()")
    end(pid)
    with pytest.raises(psycopg.OperationalError):
        execute("SELECT 1")
    assert ask_rows("SELECT current_user::text", None, list).answer == [("xiaobao_app",)]


def test_a_pipeline_that_is_lost_leaves_its_socket_to_the_next(committed: None) -> None:
    def end_apart(pid: int) -> None:
        end(pid)
        connections.close_all()

    async def live() -> None:
        loop = asyncio.get_running_loop()
        lost, told = await Pipeline.opened(), loop.create_future()
        lost.send(Statement("SELECT pg_sleep(60)", ()), [], told.set_result)
        await asyncio.to_thread(end_apart, lost._server.backend_pid)
        assert isinstance(await told, psycopg.OperationalError)
        # The lowest number that is free is the one that the next connection gets.
        following = await Pipeline.opened()
        assert following._server.socket == lost._socket
        answered = loop.create_future()
        following.send(Statement("SELECT 1", ()), [], answered.set_result)
        found = await asyncio.wait_for(answered, 5)
        assert not isinstance(found, psycopg.Error)
        assert found.ntuples == 1
        following.close()

    asyncio.run(live())


def test_what_is_asked_first_is_asked_in_the_role_of_the_application(
    committed: None,
) -> None:
    connections.close_all()
    asked = ask_rows("SELECT current_user::text", None, list)
    with connection.cursor():
        pass
    assert asked.answer == [("xiaobao_app",)]
