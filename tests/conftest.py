"""One embedded PostgreSQL for the run, in a home of its own, whatever the machine has."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Set before Django reads its settings (which pytest-django would do before this file, were they
# named in pyproject.toml): the tests never touch the user's own home.
_GIVEN_URL = os.environ.get("XIAOBAO_TEST_DATABASE_URL")
_HOME = Path(tempfile.mkdtemp(prefix="xiaobao-tests-"))
_HOME.chmod(0o755)
os.environ["XIAOBAO_HOME"] = str(_HOME)
os.environ["XIAOBAO_IDLE_SECONDS"] = "5"
os.environ.pop("DATABASE_URL", None)
if _GIVEN_URL:
    os.environ["DATABASE_URL"] = _GIVEN_URL
os.environ["DJANGO_SETTINGS_MODULE"] = "xiaobao.site.settings"

import hypothesis  # noqa: E402
import pytest  # noqa: E402

# On a busy machine one example may take long without anything being wrong.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Their files take longest; begun first, none of them is left to one process at the end.
DOORS = {"api", "cli", "web", "work"}
SHARED = Path(os.environ.get("XIAOBAO_SHARED", Path(__file__).parents[2] / "shared"))


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes share the tests, each names the settings once it has its home."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda one: one.path.parent.name not in DOORS)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """The run's own database, migrated as owner and used as the application role."""
    from xiaobao.database.opening import open_house

    with django_db_blocker.unblock():
        open_house()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Acts commit for real in this test; every table is emptied after it."""
    from django.db import connections

    from xiaobao.database.sets import cursor

    with django_db_blocker.unblock():
        yield
        with cursor("owner") as cur:
            tables = cur.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename <> 'django_migrations'"
            ).fetchall()
            # Emptying a table costs more than looking into it, and a test fills few of them.
            filled = cur.execute(
                " UNION ALL ".join(
                    f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in tables
                )
            ).fetchall()
            if filled:
                names = ", ".join(name for (name,) in filled)
                cur.execute(f"TRUNCATE {names} CASCADE")
        connections.close_all()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if not _GIVEN_URL:
        from xiaobao.database.embedded import server

        if server().where.home == _HOME:
            server().stop("immediate")
            shutil.rmtree(_HOME, ignore_errors=True)
