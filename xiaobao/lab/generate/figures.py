"""The figures a generated marketplace is shaped by, read from the two tables beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOURCES = ("olist", "published", "assumed")
CERTAINTIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Figure:
    """One figure with what is known of it."""

    name: str
    value: Any
    source: str
    certainty: str
    note: str


@dataclass(frozen=True)
class Category:
    """What a shop may sell; shares in ten-thousandths."""

    code: str
    zh: str
    goods: tuple[str, ...]
    share_bps: int
    value_bps: int
    returned_bps: int


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def figures() -> dict[str, Figure]:
    return {name: Figure(name=name, **row) for name, row in _read("figures.toml").items()}


@cache
def categories() -> tuple[Category, ...]:
    return tuple(
        Category(**{**row, "goods": tuple(row["goods"])})
        for row in _read("categories.toml")["category"]
    )


def number(name: str) -> float:
    return float(figures()[name].value)


def numbers(name: str) -> NDArray[np.float64]:
    return np.array(figures()[name].value, np.float64)


def shares(name: str) -> NDArray[np.float64]:
    """Shares in ten-thousandths, as chances that sum to one."""
    given = numbers(name)
    return np.asarray(given / given.sum(), np.float64)
