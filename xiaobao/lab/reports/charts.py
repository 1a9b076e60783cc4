"""Charts as shapes on a sheet: where each bar stands; the page draws them as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The sheet is as wide as a phone shows it; larger screens scale it up.
WIDTH = 360
_ROW = 46
_BAR = 11
_VALUES = 84  # room at the right for what a bar says
_FLOOR = 150
_TOP = 14
_LEFT = 52
_MOST_LABELS, _LABEL = 6, 40  # how many at most, and how wide one is


class Words(NamedTuple):
    zh: str
    en: str


@dataclass(frozen=True)
class Bar:
    """One bar: which side it belongs to, where it stands, and what it says."""

    side: str
    x: float
    y: float
    width: float
    height: float
    says: str


@dataclass(frozen=True)
class Label:
    """Words on the sheet."""

    x: float
    y: float
    words: Words


@dataclass(frozen=True)
class Chart:
    """A sheet with its bars, words and lines."""

    title: Words
    height: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    lines: tuple[Label, ...]  # horizontal ones, with what they stand for
    is_lying: bool


Row = tuple[Words, int | None, int | None]


def lying(title: Words, rows: Sequence[Row], says: Callable[[int], str]) -> Chart:
    """Two bars for each row, one under the other, words above them."""
    most = max((v for _, *pair in rows for v in pair if v is not None), default=0) or 1
    bars, labels = [], []
    for number, (words, *pair) in enumerate(rows):
        top = number * _ROW
        labels.append(Label(0, top + 12, words))
        for place, (side, value) in enumerate(zip(("old", "new"), pair, strict=True)):
            if value is not None:
                long = max(value / most * (WIDTH - _VALUES), 1.0)
                y = top + 17 + place * (_BAR + 2)
                bars.append(Bar(side, 0, y, round(long, 1), _BAR, says(value)))
    return Chart(title, max(len(rows), 1) * _ROW, tuple(bars), tuple(labels), (), is_lying=True)


def standing(title: Words, rows: Sequence[Row], says: Callable[[int], str]) -> Chart:
    """Two columns for each row, side by side over a common floor; for time."""
    most = max((v for _, *pair in rows for v in pair if v is not None), default=0) or 1
    step = (WIDTH - _LEFT) / max(len(rows), 1)
    wide = max(step * 0.36, 1.0)
    every = -(-len(rows) // _MOST_LABELS)
    bars, labels = [], []
    for number, (words, *pair) in enumerate(rows):
        left = _LEFT + number * step + step * 0.12
        # A label that would run over the sheet's edge is left out: the table says its month.
        if number % every == 0 and left <= WIDTH - _LABEL:
            labels.append(Label(round(left, 1), _FLOOR + 14, words))
        for place, (side, value) in enumerate(zip(("old", "new"), pair, strict=True)):
            tall = (value or 0) / most * (_FLOOR - _TOP)
            bars.append(
                Bar(side, round(left + place * wide, 1), round(_FLOOR - tall, 1), round(wide, 1),
                    round(tall, 1), says(value or 0))
            )  # fmt: skip
    lines = tuple(
        Label(0, round(_FLOOR - share * (_FLOOR - _TOP), 1), Words(text, text))
        for share, text in ((0.5, says(most // 2)), (1, says(most)))
    )
    return Chart(title, _FLOOR + 22, tuple(bars), tuple(labels), lines, is_lying=False)
