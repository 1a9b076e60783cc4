"""How long work shows itself: a bar on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from xiaobao.cli.output import note

if TYPE_CHECKING:
    from collections.abc import Iterator

# A log is read, not watched: one line every so often is enough.
LINE_SECONDS = 5.0


class Tell(Protocol):
    """What work calls as it goes: so many of so many are done, and what is being done now."""

    def __call__(self, done: int, total: int, words: str = "") -> None: ...


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """Show the progress of what runs inside, on stderr; stdout stays the answer's."""
    if sys.stderr.isatty():
        with _bar(title) as tell:
            yield tell
    else:
        yield _lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[words]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None, words="")

        def tell(done: int, total: int, words: str = "") -> None:
            bar.update(task, completed=done, total=total, words=words)

        yield tell


def _lines(title: str) -> Tell:
    last = time.monotonic()

    def tell(done: int, total: int, words: str = "") -> None:
        nonlocal last
        if time.monotonic() - last < LINE_SECONDS and done < total:
            return
        last = time.monotonic()
        note(f"{title}: {done}/{total} {words}".rstrip())

    return tell
