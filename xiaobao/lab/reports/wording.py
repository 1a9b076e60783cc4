"""What codes and moments of a comparison are called."""

from __future__ import annotations

from typing import Any

from xiaobao.kernel.clocks import moment_of
from xiaobao.lab.tallies.shapes import Change
from xiaobao.orders.facts import KIND_WORDS, BreachKind

Figures = dict[str, Any]

CHANGE_WORDS = {
    Change.SAME: ("不变", "the same"),
    Change.ADDED: ("新增赔付", "newly broken"),
    Change.GONE: ("不再赔付", "no longer broken"),
    Change.MORE: ("赔得更多", "pays more"),
    Change.LESS: ("赔得更少", "pays less"),
    Change.MOVED: ("金额不变，理由或时刻改变", "pays the same, otherwise reasoned or timed"),
}


# Moments beyond these stand for no bound at all.
_FAR = 2**60


def moment_words(us: int) -> str | None:
    if not 0 < us < _FAR:
        return None
    return moment_of(us).isoformat().replace("+00:00", "Z")


def promise_words(kind: int) -> Figures:
    words = KIND_WORDS[BreachKind(kind)]
    return {"promise": BreachKind(kind).name.lower(), "words": {"zh": words.zh, "en": words.en}}
