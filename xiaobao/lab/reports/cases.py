"""The cases that come out most differently, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.lab.reports.wording import CHANGE_WORDS, moment_words, promise_words
from xiaobao.lab.tallies.shapes import Case, Change
from xiaobao.orders.facts import GROUND_WORDS, Ground

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.lab.engines.question import History

Figures = dict[str, Any]


def cases_of(cases: Iterable[Case], history: History) -> list[Figures]:
    """The cases themselves, by name, the largest difference first."""
    kept = list(cases)
    if not kept:
        return []
    seller = np.array([c.seller_id for c in kept], np.int64)
    order = np.array([c.order_id for c in kept], np.int64)
    names = zip(history.seller_names(seller), history.order_names(seller, order), strict=True)
    return [_case(case, *name) for case, name in zip(kept, names, strict=True)]


def _case(case: Case, seller: str, order: str) -> Figures:
    words = CHANGE_WORDS[Change(case.change)]
    return {
        "seller": seller,
        "order": order,
        **promise_words(case.kind),
        "change": Change(case.change).name.lower(),
        "change_words": {"zh": words[0], "en": words[1]},
        "ordered_at": moment_words(case.ordered_us),
        "base_minor": case.base_minor,
        "old": _outcome(case.old_minor, case.old_ground, case.old_due_us),
        "new": _outcome(case.new_minor, case.new_ground, case.new_due_us),
    }


def _outcome(minor: int, ground: int, due_us: int) -> Figures | None:
    """What one policy says of a case; nothing where the promise is kept under it."""
    if not ground:
        return None
    words = GROUND_WORDS[Ground(ground)]
    return {
        "minor": minor, "due_at": moment_words(due_us), "ground": Ground(ground).name.lower(),
        "words": {"zh": words.zh, "en": words.en},
    }  # fmt: skip
