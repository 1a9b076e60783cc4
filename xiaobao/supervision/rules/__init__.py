"""How supervision judges: rates with intervals, control charts, samples, clocks met; pure."""

from xiaobao.supervision.rules.charting import chart, is_limited
from xiaobao.supervision.rules.drawing import draw, seed_of, size_of
from xiaobao.supervision.rules.estimating import estimate, prior_of
from xiaobao.supervision.rules.judging import judge
from xiaobao.supervision.rules.pairing import signs_of
from xiaobao.supervision.rules.timing import clock_rows

__all__ = [
    "chart", "clock_rows", "draw", "estimate", "is_limited", "judge", "prior_of", "seed_of",
    "signs_of", "size_of",
]  # fmt: skip
