"""Opening the house: the server runs, the schema is as the code expects, roles are granted."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xiaobao.database.connections import APP_ROLE, OWNER, database_url, is_embedded
from xiaobao.database.embedded import server
from xiaobao.database.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_SERVER = 160_000


class DatabaseNotUsable(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def prepare_django() -> None:
    """Let models be imported; touches no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaobao.site.settings")
    import django

    django.setup()


def open_house() -> str:
    """Start the embedded server where it is used, bring the schema up to date, return the URL."""
    prepare_django()
    if is_embedded():
        server().ensure_running()
    with _one_at_a_time():
        bring_schema_up_to_date()
    return database_url()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started together migrate once (elsewhere PostgreSQL's own lock sees to it)."""
    if not is_embedded():
        yield
        return
    with (places().home / "migrating.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def bring_schema_up_to_date() -> None:
    """Migrate as owner and grant; does nothing where every migration is applied."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    owner = connections[OWNER]
    owner.ensure_connection()
    _check_version(owner.connection.info.server_version)
    from xiaobao.database.roles import ensure_role, grant

    is_new = ensure_role()
    executor = MigrationExecutor(owner)
    if not is_new and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        owner.close()
        return
    call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    grant(append_only_tables())
    owner.close()


def append_only_tables() -> list[str]:
    """Every table whose room declares it in `models.APPEND_ONLY`."""
    from django.apps import apps

    return sorted(
        table
        for room in apps.get_app_configs()
        for table in getattr(room.models_module, "APPEND_ONLY", ())
    )


def _check_version(version: int) -> None:
    if version < OLDEST_SERVER:
        raise DatabaseNotUsable(
            f"PostgreSQL {version // 10_000} is too old: {APP_ROLE} needs 16 or newer. "
            "Point DATABASE_URL at a newer server, or unset it to use the embedded one."
        )
