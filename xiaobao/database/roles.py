"""The application role and its grants: no UPDATE where rows are only ever added, and no DELETE.

Only of what is no part of the guarantee's history, sign-ins and what is kept for a while, may rows
be deleted.

The role cannot log in: connections sign in as the owner and take it on (`SET ROLE`) before the
first statement, so that a mistake in our own code is refused by PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from psycopg import errors, sql

from xiaobao.database.connections import APP_ROLE, OWNER
from xiaobao.database.problems import RoleNotAllowed
from xiaobao.database.sets import cursor

if TYPE_CHECKING:
    from collections.abc import Iterable

# Written by migrations alone.
READ_ONLY = frozenset({"django_migrations"})
MAY = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


def ensure_role() -> None:
    """Create the application role where it is missing, and let the owner take it on.

    :raises RoleNotAllowed: where the owner may not; the message carries the SQL to run
    """
    with cursor(OWNER) as cur:
        row = cur.execute(
            "SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [APP_ROLE]
        ).fetchone()
        assert row is not None
        owner, is_there = row
        role = sql.Identifier(APP_ROLE)
        create = sql.SQL("CREATE ROLE {} NOLOGIN").format(role)
        lend = sql.SQL("GRANT {} TO {}").format(role, sql.Identifier(owner))
        needed = [lend] if is_there else [create, lend]
        try:
            if not is_there:
                # The role is the whole server's: another database may make it this moment.
                try:
                    cur.execute(create)
                except (errors.DuplicateObject, errors.UniqueViolation):
                    needed = [lend]
            may = cur.execute("SELECT pg_has_role(%s, 'SET')", [APP_ROLE]).fetchone()
            if may != (True,):
                cur.execute(lend)
        except errors.InsufficientPrivilege as refused:
            words = "; ".join(statement.as_string(cur) for statement in needed)
            raise RoleNotAllowed(owner=owner, role=APP_ROLE, sql=words) from refused


def _wanted(table: str, append_only: frozenset[str], deletable: frozenset[str]) -> tuple[str, ...]:
    if table in READ_ONLY:
        return ("SELECT",)
    change = () if table in append_only else ("UPDATE",)
    return ("SELECT", "INSERT", *change, *(("DELETE",) if table in deletable else ()))


def _tables_and_grants() -> dict[str, tuple[str, ...]]:
    """Our tables, and what the application role may do with each."""
    may = ", ".join(f"has_table_privilege(%(role)s, c.oid, '{verb}')" for verb in MAY)
    with cursor(OWNER) as cur:
        rows = cur.execute(
            f"SELECT c.relname, {may} FROM pg_class c "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND c.relowner = current_user::regrole",
            {"role": APP_ROLE},
        ).fetchall()
    return {
        name: tuple(verb for verb, held in zip(MAY, has, strict=True) if held)
        for name, *has in rows
    }


def grant(append_only: Iterable[str], deletable: Iterable[str]) -> bool:
    """Give the application role what it needs on every table, and no more; say if it had to.

    All at once: there is no moment at which it may do more.
    """
    lists = frozenset(append_only), frozenset(deletable)
    tables = _tables_and_grants()
    if all(has == _wanted(table, *lists) for table, has in tables.items()):
        return False
    role = sql.Identifier(APP_ROLE)
    with transaction.atomic(using=OWNER), cursor(OWNER) as cur:
        for table in tables:
            verbs = sql.SQL(", ").join(sql.SQL(verb) for verb in _wanted(table, *lists))
            named = sql.Identifier("public", table)
            cur.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(named, role))
            cur.execute(sql.SQL("GRANT {} ON {} TO {}").format(verbs, named, role))
        cur.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        cur.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
    return True
