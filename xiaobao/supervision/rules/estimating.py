"""Breach rates with their uncertainty: each shop's own counts, drawn towards its market; pure.

Beta-binomial with an empirical prior. The prior's mean and strength come from the spread between
all shops of the market beyond what chance makes of their orders (J. C. Kleinman, "Proportions with
extraneous variance", JASA 68 (1973), 46-54); each shop's rate is then its posterior, and the
interval the posterior's quantiles (Gelman et al., "Bayesian Data Analysis", chapter 5). A shop of
few orders is told apart from the market only as far as its orders do so.

Estimates, and no money: reckoned in floats, rounded so that the interval is never too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.supervision.facts import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int

    Float = NDArray[np.float64]

# Orders that a prior is worth, at least and at most: shops all alike would give one without end.
WEAKEST, STRONGEST = 2.0, 400.0
_STEPS = 16  # halvings of [0, 1]: finer than a ten-thousandth
_SMALL, _CLOSE, _MOST_TERMS = 1e-300, 1e-12, 4000


@dataclass(frozen=True)
class Prior:
    """What is thought of a shop of a market before any order of its own is looked at."""

    broken: float
    kept: float

    @property
    def mean_bps(self) -> int:
        return int(self.broken * WHOLE_BPS / (self.broken + self.kept))


@dataclass(frozen=True)
class Counts:
    """Orders of each shop, how many of them broke, and what is thought of it before them."""

    orders: Int
    broken: Int
    prior: Prior


def prior_of(orders: Int, broken: Int) -> Prior:
    """By moments: how far shops differ beyond chance says how much a shop is like its market."""
    n, x = orders[orders > 0].astype(np.float64), broken[orders > 0].astype(np.float64)
    whole = n.sum()
    # Half an order broken is added: a market where nothing broke yet is not known to be perfect.
    mean = (x.sum() + 0.5) / (whole + 1)
    chance = mean * (1 - mean)
    spread = float((n * (x / np.maximum(n, 1) - mean) ** 2).sum()) - (len(n) - 1) * chance
    room = whole - (n**2).sum() / max(whole, 1.0)
    between = spread / room if room > 0 else 0.0
    strength = chance / between - 1 if between > 0 else STRONGEST
    strength = min(max(strength, WEAKEST), STRONGEST)
    return Prior(mean * strength, (1 - mean) * strength)


def estimate(counted: Sequence[Counts], *, sure_bps: int) -> list[Estimates]:
    """Each shop's rate and the interval in which it lies, as sure as asked.

    Of several counts at once, each to the last bit as if it were alone.
    """
    # Many shops have the same few orders: each pair of counts is reckoned once.
    pairs = [np.unique(np.stack([one.orders, one.broken]), axis=1, return_inverse=True)
             for one in counted]  # fmt: skip
    shapes = [
        (one.prior.broken + broken, one.prior.kept + orders - broken)
        for one, ((orders, broken), _) in zip(counted, pairs, strict=True)
    ]
    tail = (WHOLE_BPS - sure_bps) / WHOLE_BPS / 2
    # Both ends of all intervals in one search: on few pairs its steps cost more than their width.
    sizes = np.array([2 * len(a) for a, _ in shapes])
    low, high = beta_quantile(
        np.concatenate([np.tile(a, 2) for a, _ in shapes]),
        np.concatenate([np.tile(b, 2) for _, b in shapes]),
        np.concatenate([np.repeat([tail, 1 - tail], len(a)) for a, _ in shapes]),
        sizes,
    )
    found, end = [], 0
    for (a, b), (_, which) in zip(shapes, pairs, strict=True):
        begin, middle, end = end, end + len(a), end + 2 * len(a)
        each = Estimates(
            rate_bps=np.rint(a / (a + b) * WHOLE_BPS).astype(np.int64),
            least_bps=np.floor(low[begin:middle] * WHOLE_BPS).astype(np.int64),
            most_bps=np.ceil(high[middle:end] * WHOLE_BPS).astype(np.int64),
        )
        found.append(each.take(which.reshape(-1)))
    return found


def beta_quantile(
    a: Float, b: Float, share: Float | float, sizes: Int | None = None
) -> tuple[Float, Float]:
    """Between which two values a Beta(a, b) has this much below it, by halving.

    Rows are searched in sets of these sizes, one after another; without them all are one.
    """
    low, high = np.zeros(len(a)), np.ones(len(a))
    scale, sizes = _log_scale(a, b), _sizes_of(a, sizes)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        is_below = _share_below(a, b, middle, scale, sizes) < share
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    return low, high


def beta_share(a: Float, b: Float, x: Float, sizes: Int | None = None) -> Float:
    """The regularised incomplete beta function (NIST DLMF 8.17), by its continued fraction.

    The fraction converges fast below the mean; above it the other tail is reckoned.
    """
    return _share_below(a, b, x, _log_scale(a, b), _sizes_of(a, sizes))


def _sizes_of(rows: Float, sizes: Int | None) -> Int:
    """Of sets that have rows at all."""
    given = np.array([len(rows)]) if sizes is None else sizes
    some: Int = given[given > 0]
    return some


def _log_scale(a: Float, b: Float) -> Float:
    """Of one over Beta(a, b), the logarithm: the same from either tail, and for every x."""
    return log_gamma(a + b) - log_gamma(a) - log_gamma(b)


def _share_below(a: Float, b: Float, x: Float, scale: Float, sizes: Int) -> Float:
    is_flipped = x > (a + 1) / (a + b + 2)
    p, q = np.where(is_flipped, b, a), np.where(is_flipped, a, b)
    y = np.clip(np.where(is_flipped, 1 - x, x), _SMALL, 1 - 1e-16)
    front = np.exp(scale + p * np.log(y) + q * np.log1p(-y))
    lower = front / (p * _fraction(p, q, y, sizes))
    share: Float = np.clip(np.where(is_flipped, 1 - lower, lower), 0, 1)
    return share


def _fraction(p: Float, q: Float, y: Float, sizes: Int) -> Float:
    """DLMF 8.17.22 from the front, by Lentz's method as Thompson and Barnett changed it (1986).

    Every set goes on until all of it is close and then leaves: what others need changes nothing.
    """
    out, rows = np.ones(len(p)), np.arange(len(p))
    value = np.ones(len(p))
    c, d = value.copy(), np.zeros(len(p))
    for term in range(1, _MOST_TERMS):
        if len(rows) == 0:
            break
        m, is_odd = divmod(term, 2)
        far = p + 2 * m
        over = (
            -(p + m) * (p + q + m) * y / (far * (far + 1))
            if is_odd
            else m * (q - m) * y / ((far - 1) * far)
        )
        d = 1 / _away_from_zero(1 + over * d)
        c = _away_from_zero(1 + over / c)
        change = c * d
        value = value * change
        goes_on = ~(np.maximum.reduceat(np.abs(change - 1), sizes.cumsum() - sizes) < _CLOSE)
        if not goes_on.all():
            out[rows] = value
            stays = np.repeat(goes_on, sizes)
            p, q, y, c, d, value = (one[stays] for one in (p, q, y, c, d, value))
            rows, sizes = rows[stays], sizes[goes_on]
    out[rows] = value
    return out


def _away_from_zero(x: Float) -> Float:
    return np.where(np.abs(x) < _SMALL, _SMALL, x)


def log_gamma(x: Float) -> Float:
    """Stirling's series (NIST DLMF 5.11.1), eight steps up where it is exact enough."""
    z = x + 8
    below = np.log(x[:, None] + np.arange(8)).sum(axis=1)
    series = 1 / (12 * z) - 1 / (360 * z**3) + 1 / (1260 * z**5) - 1 / (1680 * z**7)
    found: Float = (z - 0.5) * np.log(z) - z + 0.5 * np.log(2 * np.pi) + series - below
    return found
