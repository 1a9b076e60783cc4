"""Charts as drawings: a shop's weeks between their limits, and intervals of rates; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.kernel.money import WHOLE_BPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.supervision.facts import ChartPoint, RankRow

# The drawings' own units.
WIDE, HIGH, LEFT, TOP, FOOT = 720, 240, 52, 12, 26
DOT, SIGN = 3.5, 7
BAR_WIDE = 160
_LEAST_TOP_BPS = 100


@dataclass(frozen=True)
class Drawing:
    """A chart as numbers in its own units; words stand in the template."""

    wide: int
    high: int
    left: int
    floor: float
    shares: str
    centre: str
    upper: str
    lower: str
    dots: tuple[tuple[float, float], ...]
    signs: tuple[str, ...]  # triangles: told apart by shape, not by colour alone
    lines: tuple[tuple[float, int], ...]  # heights, and the rates that they stand for
    first: int
    last: int


def drawn(points: Sequence[ChartPoint]) -> Drawing | None:
    """A control chart; None for fewer than two weeks, which are no line."""
    if len(points) < 2:  # noqa: PLR2004
        return None
    top = max(_LEAST_TOP_BPS, *(max(one.share_bps, _high(one)) for one in points))
    step = (WIDE - LEFT - DOT * 2) / (len(points) - 1)

    def y(bps: int) -> float:
        return round(HIGH - FOOT - (HIGH - FOOT - TOP) * bps / top, 1)

    def x(place: int) -> float:
        return round(LEFT + step * place, 1)

    def line(values: Sequence[int | None]) -> str:
        return " ".join(f"{x(i)},{y(one)}" for i, one in enumerate(values) if one is not None)

    # A week without orders has no share: a signal that goes on in it stands at the foot.
    dots = [(x(i), y(one.share_bps)) for i, one in enumerate(points)]
    return Drawing(
        wide=WIDE, high=HIGH, left=LEFT, floor=y(0),
        shares=line([one.share_bps if one.orders else None for one in points]),
        centre=line([one.centre_bps if one.is_limited else None for one in points]),
        upper=line([one.high_bps if one.is_limited else None for one in points]),
        lower=line([one.low_bps if one.is_limited else None for one in points]),
        dots=tuple(
            at for at, one in zip(dots, points, strict=True) if one.orders and not one.signals
        ),
        signs=tuple(_triangle(*at) for at, one in zip(dots, points, strict=True) if one.signals),
        lines=tuple((y(part), part) for part in (0, top // 2, top)),
        first=points[0].week, last=points[-1].week,
    )  # fmt: skip


def _high(one: ChartPoint) -> int:
    return one.high_bps if one.is_limited else 0


def _triangle(x: float, y: float) -> str:
    return f"{x - SIGN},{y + SIGN} {x + SIGN},{y + SIGN} {x},{y - SIGN}"


@dataclass(frozen=True)
class Bar:
    """An interval on a scale that all rows of a page share."""

    wide: int
    begins: float
    lasts: float
    rate: float
    market: float


def bars(rows: Sequence[RankRow]) -> list[Bar]:
    """The intervals of a page, from nothing to the highest bound on it."""
    top = max((one.most_bps for one in rows), default=WHOLE_BPS) or WHOLE_BPS

    def at(bps: int) -> float:
        return round(min(bps, top) * BAR_WIDE / top, 1)

    return [
        Bar(BAR_WIDE, at(one.least_bps), max(at(one.most_bps) - at(one.least_bps), 1),
            at(one.rate_bps), at(one.market_bps))
        for one in rows
    ]  # fmt: skip
