"""Columns that tables were given later: what packs published before are taken to say in them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from xiaobao.promises.packs import later_text
from xiaobao.promises.rules.formats import FORMATS, cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xiaobao.promises.facts import Term

    Value = int | bool | str


@lru_cache(maxsize=1)
def _later() -> dict[str, dict[str, Value]]:
    return {
        table: {
            column: cell(column, said["value"], is_text=column in FORMATS[table].texts)
            for column, said in columns.items()
        }
        for table, columns in tomllib.loads(later_text()).items()
    }


def later_value(table: str, column: str) -> Value | None:
    """What is said where a row has no such column; None where every pack has to have it."""
    return _later().get(table, {}).get(column)


def with_later(table: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a row as published, with what was added to its table since."""
    return {**_later().get(table, {}), **values}


def with_all_columns(terms: Iterable[Term]) -> list[Term]:
    """Terms as published, each with every column that its table has now."""
    return [replace(term, values=with_later(term.table, term.values)) for term in terms]
