"""Opening the house: the server runs, the schema is as the code expects, roles are granted."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg import errors

from xiaobao.database.connections import OWNER, database_url, is_embedded
from xiaobao.database.embedded import server
from xiaobao.database.problems import DatabaseNotUsable, SchemaNotAllowed, ServerTooOld

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "DatabaseNotUsable", "append_only_tables", "deletable_tables", "open_house", "prepare_django",
]  # fmt: skip

OLDEST_SERVER = 160_000
# "xiaobao" in bytes: the key under which PostgreSQL lets one process at a time migrate.
MIGRATING = int.from_bytes(b"xiaobao", "big")


def prepare_django() -> None:
    """Let models be imported; touches no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaobao.site.settings")
    import django

    django.setup()


def open_house() -> str:
    """Start the embedded server where it is used, bring the schema up to date, return the URL.

    :raises EmbeddedServerFailed: where the embedded server cannot be made or started
    :raises DatabaseNotUsable: where the server answers but cannot be used as it is
    """
    prepare_django()
    if is_embedded():
        server().ensure_running()
    bring_schema_up_to_date()
    return database_url()


def bring_schema_up_to_date() -> None:
    """Migrate as owner and grant; changes nothing where all is applied and granted."""
    from django.db import connections

    from xiaobao.database.roles import ensure_role, grant

    owner = connections[OWNER]
    try:
        owner.ensure_connection()
        check_version(owner.connection.info.server_version)
        with _one_at_a_time():
            ensure_role()
            _migrate()
            grant(append_only_tables(), deletable_tables())
    finally:
        owner.close()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started together, on one machine or on two, migrate once."""
    from xiaobao.database.sets import cursor

    with cursor(OWNER) as cur:
        cur.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        # A migration that has to wait for a busy table gives up rather than stop the traffic.
        cur.execute("SET lock_timeout = '4s'")
        yield


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import DatabaseError, connections
    from django.db.migrations.executor import MigrationExecutor

    owner = connections[OWNER]
    executor = MigrationExecutor(owner)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    try:
        call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    except DatabaseError as trouble:
        if not _is_schema_refused(trouble):
            raise
        user, database = owner.connection.info.user, owner.connection.info.dbname
        raise SchemaNotAllowed(
            owner=user,
            database=database,
            sql=f'GRANT CREATE, USAGE ON SCHEMA public TO "{user}"',
        ) from trouble


def _is_schema_refused(trouble: BaseException | None) -> bool:
    while trouble is not None:
        if isinstance(trouble, errors.InsufficientPrivilege):
            return "schema" in str(trouble)
        # Django says "schema missing" of a table it could not make, and names no cause.
        trouble = trouble.__cause__ or trouble.__context__
    return False


def append_only_tables() -> list[str]:
    """Every table whose room declares it in `models.APPEND_ONLY`."""
    return _declared("APPEND_ONLY")


def deletable_tables() -> list[str]:
    """Tables of sign-ins and of what is kept for a while: `models.MAY_BE_DELETED`."""
    return _declared("MAY_BE_DELETED")


def _declared(name: str) -> list[str]:
    from django.apps import apps

    return sorted(
        table
        for room in apps.get_app_configs()
        if room.name.startswith("xiaobao.")
        for table in getattr(room.models_module, name, ())
    )


def check_version(version: int) -> None:
    """:raises ServerTooOld: below the oldest PostgreSQL the schema is written for"""
    if version < OLDEST_SERVER:
        raise ServerTooOld(found=version // 10_000, needed=OLDEST_SERVER // 10_000)
