"""Any PostgreSQL by DATABASE_URL: tried on a second embedded server, as owners of little power."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest

from tests.database.homes import Home, end
from xiaobao.database.embedded import EmbeddedServer
from xiaobao.database.places import PORT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

OPEN_HOUSE = "from xiaobao.database.opening import open_house\nprint(open_house())"
ROLE_AND_TABLES = """
from xiaobao.database.opening import open_house
open_house()
from django.db import connection
with connection.cursor() as cur:
    cur.execute("SELECT session_user, current_user, count(*) FROM pg_tables "
                "WHERE schemaname = 'public'")
    print(cur.fetchone())
"""


class Server:
    """Somebody's PostgreSQL, and what its administrator does."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.sockets = quote(str(home.where.socket_directory))

    def url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={self.sockets}&port={PORT}"

    def administer(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url("postgres", database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture
def server(home: Home) -> Iterator[Server]:
    holder: subprocess.Popen[str] = home.hold()
    assert EmbeddedServer(home.where).is_running()
    yield Server(home)
    end(holder)


@pytest.fixture
def client(home: Home) -> Home:
    """Processes that have a home of their own, which a DATABASE_URL leaves untouched."""
    return Home(home.path.parent / "never-made")


def test_an_owner_who_may_make_roles_needs_nothing_else(server: Server, client: Home) -> None:
    server.administer("CREATE ROLE shop LOGIN CREATEROLE", "CREATE DATABASE shop_db OWNER shop")
    url = server.url("shop", "shop_db")
    assert client.run(OPEN_HOUSE, DATABASE_URL=url) == url
    user, role, count = eval(client.run(ROLE_AND_TABLES, DATABASE_URL=url))  # noqa: S307
    assert (user, role) == ("shop", "xiaobao_app")
    assert count > 1
    assert not client.path.exists()


def test_an_owner_who_may_not_is_told_the_statements(server: Server, client: Home) -> None:
    server.administer("CREATE ROLE small LOGIN", "CREATE DATABASE small_db OWNER small")
    url = server.url("small", "small_db")
    said = client.refusal(OPEN_HOUSE, DATABASE_URL=url)
    remedy = 'CREATE ROLE "xiaobao_app" NOLOGIN; GRANT "xiaobao_app" TO "small"'
    assert "small may not create or take on the role xiaobao_app" in said
    assert said.endswith(remedy)
    server.administer(*remedy.split("; "))
    assert client.run(OPEN_HOUSE, DATABASE_URL=url) == url


def test_a_role_that_is_there_must_be_lent(server: Server, client: Home) -> None:
    server.administer(
        "CREATE ROLE xiaobao_app NOLOGIN",
        "CREATE ROLE small LOGIN",
        "CREATE DATABASE small_db OWNER small",
    )
    said = client.refusal(OPEN_HOUSE, DATABASE_URL=server.url("small", "small_db"))
    assert said.endswith('run once: GRANT "xiaobao_app" TO "small"')


def test_a_user_who_may_make_no_tables_is_told_the_statement(server: Server, client: Home) -> None:
    server.administer("CREATE ROLE guest LOGIN CREATEROLE", "CREATE DATABASE other_db")
    url = server.url("guest", "other_db")
    said = client.refusal(OPEN_HOUSE, DATABASE_URL=url)
    remedy = 'GRANT CREATE, USAGE ON SCHEMA public TO "guest"'
    assert said.endswith(remedy)
    server.administer(remedy, database="other_db")
    assert client.run(OPEN_HOUSE, DATABASE_URL=url) == url


def test_openings_at_once_migrate_once(server: Server, client: Home) -> None:
    server.administer("CREATE DATABASE busy_db")
    url = server.url("postgres", "busy_db")
    opening = [client.start(OPEN_HOUSE, DATABASE_URL=url) for _ in range(4)]
    for process in opening:
        out, trouble = process.communicate(timeout=120)
        assert process.returncode == 0, trouble
        assert out.strip() == url
    with psycopg.connect(url) as connection:
        twice = connection.execute(
            "SELECT app, name FROM django_migrations GROUP BY app, name HAVING count(*) > 1"
        ).fetchall()
    assert twice == []


def test_grants_are_mended_where_an_opening_was_killed_before_them(
    server: Server, client: Home
) -> None:
    server.administer("CREATE DATABASE shop_db")
    url = server.url("postgres", "shop_db")
    client.run(OPEN_HOUSE, DATABASE_URL=url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM xiaobao_app")
        connection.execute("GRANT DELETE ON ledger_posting TO xiaobao_app")
        client.run(OPEN_HOUSE, DATABASE_URL=url)
        rights = connection.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants WHERE "
            "grantee = 'xiaobao_app' AND table_name = 'ledger_posting' ORDER BY 1"
        ).fetchall()
    assert rights == [("INSERT",), ("SELECT",)]


def test_a_server_that_does_not_answer_is_an_operational_error(client: Home) -> None:
    said = client.refusal(OPEN_HOUSE, DATABASE_URL="postgresql://u@127.0.0.1:1/none")
    assert "OperationalError" in client.refusal(
        "from xiaobao.database.opening import open_house\n"
        "try:\n    open_house()\nexcept Exception as trouble:\n"
        "    raise SystemExit(type(trouble).__name__)",
        DATABASE_URL="postgresql://u@127.0.0.1:1/none",
    ), said
