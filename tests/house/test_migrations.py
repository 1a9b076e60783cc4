"""Migrations are whole, and their names say whether they add or take away."""

from __future__ import annotations

import io
import re

from tests.house.sources import HOUSE

NAMED = re.compile(r"\d{4}_(pre|post)_[a-z0-9_]+")


def test_models_and_migrations_agree() -> None:
    """The graph on disk alone is compared: no database is asked."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.utils import translation

    from xiaobao.database.opening import prepare_django

    prepare_django()
    # Migrations hold words as they are written, not as one language says them.
    translation.deactivate_all()
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}
    wanted = ProjectState.from_apps(apps)
    detector = MigrationAutodetector(loader.project_state(), wanted, MigrationQuestioner())
    missing = detector.changes(graph=loader.graph)
    words = io.StringIO()
    for room, changes in missing.items():
        for change in changes:
            words.writelines(f"{room}: {one.describe()}\n" for one in change.operations)
    translation.deactivate()
    assert missing == {}, words.getvalue()


def test_migrations_are_named_pre_or_post() -> None:
    names = [
        path.stem
        for path in HOUSE.glob("*/migrations/*.py")
        if path.stem != "__init__"
    ]  # fmt: skip
    assert names
    assert [name for name in names if not NAMED.fullmatch(name)] == []
