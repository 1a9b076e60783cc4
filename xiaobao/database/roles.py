"""The application role and its grants: no UPDATE or DELETE where rows are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from xiaobao.database.connections import APP_ROLE, OWNER
from xiaobao.database.sets import cursor

if TYPE_CHECKING:
    from collections.abc import Iterable


def ensure_role() -> bool:
    """Create the application role where it is missing; say whether it was.

    :raises psycopg.errors.InsufficientPrivilege: where the owner may not create roles
    """
    with cursor(OWNER) as cur:
        found = cur.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
        if found is not None:
            return False
        cur.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(APP_ROLE)))
        cur.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APP_ROLE)))
    return True


def grant(append_only: Iterable[str]) -> None:
    """Give the application role what it needs on every table, and no more."""
    role = sql.Identifier(APP_ROLE)
    with cursor(OWNER) as cur:
        database = cur.execute("SELECT current_database()").fetchone()
        assert database is not None
        statements = [
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                sql.Identifier(database[0]), role
            ),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
            sql.SQL("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {}").format(
                role
            ),
            sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
            sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}").format(role),
        ]
        statements += [
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), role
            )
            for table in append_only
        ]
        for statement in statements:
            cur.execute(statement)
