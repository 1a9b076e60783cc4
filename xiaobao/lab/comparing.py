"""Two policy packs over one history: asked, reckoned on an engine, answered in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.engines import local
from xiaobao.lab.engines.question import History, Question
from xiaobao.lab.history.lake import Lake
from xiaobao.lab.outside import outside
from xiaobao.lab.replay.policies import policy_in_force, read_policy
from xiaobao.lab.reports.figures import figures_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.lab.tallies.shapes import Tally

ENGINES = ("local", "spark")


@dataclass(frozen=True)
class Asked:
    """What to compare; `old` is None for what was in force, moments None for no bound."""

    new: str
    old: str | None = None
    since_us: int | None = None
    until_us: int | None = None
    as_of_us: int | None = None  # what the new pack says of this moment, as if it always held
    engine: str = "local"
    spark: str | None = None  # the address of a Spark Connect server


def question_of(history: History, asked: Asked) -> Question:
    """The question in full.

    A draft that begins when history is over would change nothing of it: then both packs are asked
    what they say where it begins, as if that had always held.

    :raises PackUnknown: if there is no such pack; and what else its reading may raise
    """
    place = history.place
    figures = outside()
    as_of_us = asked.as_of_us
    new = read_policy(asked.new, place, as_of_us)
    if as_of_us is None and new.effective_us > place.horizon_us:
        as_of_us = new.effective_us
        new = read_policy(asked.new, place, as_of_us)
    before_us = None if as_of_us is None else as_of_us - 1
    return Question(
        old=policy_in_force(place, before_us) if asked.old is None
        else read_policy(asked.old, place, before_us),
        new=new,
        since_us=-FAR_US if asked.since_us is None else asked.since_us,
        until_us=FAR_US if asked.until_us is None else asked.until_us,
        horizon_us=place.horizon_us,
        zone=place.zone,
        floors_minor=figures.floors_minor(place.currency),
        sizes_minor=figures.sizes_minor(place.currency),
        is_whole=asked.since_us is None and asked.until_us is None,
        as_of_us=as_of_us,
    )  # fmt: skip


def compare(
    history: History, asked: Asked, *, progress: Callable[[int, int, str], None]
) -> dict[str, Any]:
    """The answer, the same from every engine to the last byte.

    :raises LakeNeeded: if Spark is asked for without exported history
    """
    question = question_of(history, asked)
    if asked.engine == "spark":
        tally = _on_spark(history, question, asked.spark, progress)
    else:
        tally = local.answer(history, question, progress=progress)
    return figures_of(tally, question, history)


def _on_spark(
    history: History, question: Question, address: str | None,
    progress: Callable[[int, int, str], None],
) -> Tally:  # fmt: skip
    # Imported only when asked for: the default install has no Spark.
    from xiaobao.lab.engines import spark

    if not isinstance(history, Lake):
        raise spark.LakeNeeded
    return spark.answer(history, question, address=address, progress=progress)
