"""Where a batch spends its time: seconds by phase, its part of the log, and pages not at hand."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PHASES = ("lock and read", "decide", "COPY", "books", "commit")
BESIDE = ("log MB", "pages logged whole", "pages read", "vacuums beside")
HEAD = (
    f"| standing | {' | '.join((*(f'{name}, ms' for name in PHASES), *BESIDE))} |\n"
    f"|{'---:|' * (1 + len(PHASES) + len(BESIDE))}"
)


class Phases:
    """Batches watched one after another; medians of all since the last `row`."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {name: [] for name in (*PHASES, *BESIDE)}

    @contextmanager
    def watched(self) -> Iterator[None]:
        """One batch; the functions that its phases go through are timed while it lasts."""
        from django.db.backends.base.base import BaseDatabaseWrapper

        from xiaobao.database import sets
        from xiaobao.ledger import rules

        took = dict.fromkeys(PHASES, 0.0)
        through = (
            (sets, "fetch_arrays"), (rules, "decide"), (sets, "copy_in"), (sets, "execute"),
            (BaseDatabaseWrapper, "commit"),
        )  # fmt: skip
        before = _beside()
        with ExitStack() as stack:
            for phase, (where, name) in zip(PHASES, through, strict=True):
                plain = getattr(where, name)
                stack.enter_context(patch.object(where, name, _timed(plain, took, phase)))
            yield
        for phase, seconds in took.items():
            self.found[phase].append(seconds * 1e3)
        after = _beside()
        for name, one, other in zip(BESIDE[:-1], before, after, strict=False):
            self.found[name].append(other - one)
        self.found[BESIDE[-1]].append(after[-1])

    def row(self, standing: int) -> str:
        middle = [statistics.median(values) for values in self.found.values()]
        for values in self.found.values():
            values.clear()
        return f"| {standing:,} | {' | '.join(f'{value:,.1f}' for value in middle)} |"


def _timed(plain: Callable[..., Any], took: dict[str, float], phase: str) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:
            took[phase] += time.perf_counter() - began

    return timed


def _beside() -> tuple[float, ...]:
    """The log of this connection so far, its whole pages, its reads; vacuums that run now."""
    from xiaobao.database.sets import cursor

    with cursor() as cur:
        cur.execute("SELECT pg_stat_force_next_flush()")
        found = cur.execute(
            "SELECT w.wal_bytes::float8 / 1e6, w.wal_fpi::float8, (SELECT coalesce(sum(reads), 0) "
            "FROM pg_stat_get_backend_io(pg_backend_pid()) WHERE object = 'relation')::float8, "
            "(SELECT count(*) FROM pg_stat_progress_vacuum)::float8 "
            "FROM pg_stat_get_backend_wal(pg_backend_pid()) AS w"
        ).fetchone()
    assert found is not None
    return tuple(found)
