"""Here: buckets of sellers side by side on the processor's cores, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from xiaobao.lab.engines.asking import answer_of
from xiaobao.lab.history.lake import Lake
from xiaobao.lab.tallies.shapes import Tally, as_bytes, from_bytes, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xiaobao.lab.engines.question import History, Question

# Below this a second process costs more than it brings: it takes a second to be there.
ORDERS_WORTH_A_PROCESS = 300_000


def answer(
    history: History,
    question: Question,
    *,
    processes: int | None = None,
    progress: Callable[[int, int, str], None],
) -> Tally:
    """The whole answer; memory is that of the buckets in hand, whatever the history's size."""
    wanted = _processes(history) if processes is None else processes
    if isinstance(history, Lake) and wanted > 1:
        parts = _side_by_side(history, question, wanted)
    else:
        parts = (answer_of(history, bucket, question) for bucket in range(history.buckets))
    whole = Tally()
    for done, part in enumerate(parts, 1):
        whole = merged(whole, part)
        progress(done, history.buckets, "")
    return whole


def _processes(history: History) -> int:
    if not isinstance(history, Lake) or history.orders < ORDERS_WORTH_A_PROCESS:
        return 1
    return min(os.cpu_count() or 1, history.buckets)


def _side_by_side(lake: Lake, question: Question, processes: int) -> Iterator[Tally]:
    # Begun anew rather than forked: a copy of this process would share its open connections.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes - 1, mp_context=context, initializer=_begin,
        initargs=(str(lake.path), question),
    ) as pool:  # fmt: skip
        asked = [pool.submit(_answer_bytes, bucket) for bucket in range(lake.buckets)]
        try:
            # This process takes buckets too, from the far end: the others take a while to begin.
            while asked and asked[-1].cancel():
                asked.pop()
                yield answer_of(lake, len(asked), question)
            for found in asked:
                yield from_bytes(found.result())
        finally:
            pool.shutdown(cancel_futures=True)


class _Mine:
    """What this process works on."""

    lake: Lake
    question: Question


def _begin(path: str, question: Question) -> None:
    _Mine.lake, _Mine.question = Lake(path), question


def _answer_bytes(bucket: int) -> bytes:
    return as_bytes(answer_of(_Mine.lake, bucket, _Mine.question))
