"""A home of its own for a benchmark: an embedded database from nothing, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def own_home() -> Iterator[None]:
    """While it lasts, Django and the house stand on it; no other database is touched."""
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    from xiaobao.database.embedded import server
    from xiaobao.database.opening import open_house, prepare_django

    try:
        prepare_django()
        open_house()
        yield
    finally:
        server().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)
