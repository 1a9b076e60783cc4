"""Rows of terms as columns: a book for one table, from what is published or from a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from xiaobao.kernel.books import Book, paired
from xiaobao.kernel.columns import FAR_US, Columns
from xiaobao.promises.rules.later import with_later

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Category, Pack, Term

T = TypeVar("T", bound=Columns)


def book_from(
    terms: type[T], rows: Sequence[Term], categories: Sequence[tuple[int, Category]]
) -> Book[T]:
    """The book of a table from its rows; other tables' rows are left out.

    `terms` declares TABLE and KEY (or KEY_IS_CATEGORY, for which `categories` gives each code its
    number: a category has its nearest parent's rows until its own begin; or KEYS, two lists of
    words; or KEY and KEY_IS_CATEGORY, a word and a category). Two make one number by
    `kernel.books.paired`.
    """
    declared = cast("Any", terms)
    keyed = _keyed(declared, [r for r in rows if r.table == declared.TABLE], categories)
    said = [with_later(declared.TABLE, r.values) | {"version": r.term_id} for _, r in keyed]
    columns = {name: [values[name] for values in said] for name in terms.names()}
    return Book(
        terms(**{name: np.array(column, _kind(name)) for name, column in columns.items()}),
        _whole([key for key, _ in keyed]),
        _whole([r.begins_us for _, r in keyed]),
        _whole([r.ends_us for _, r in keyed]),
    )


def draft_book(terms: type[T], pack: Pack) -> Book[T]:
    """The book of a pack that is not published; versions and categories count from its files."""
    general_first = sorted(pack.categories, key=lambda c: c.code != "general")
    return book_from(terms, pack.terms, list(enumerate(general_first)))


def _kind(name: str) -> Any:
    return np.bool_ if name.startswith(("is_", "has_")) else np.int64


def _whole(values: list[int]) -> Int:
    return np.array(values, np.int64)


def _keyed(
    terms: Any, rows: list[Term], categories: Sequence[tuple[int, Category]]
) -> list[tuple[int, Term]]:
    """The rows with their keys as numbers."""
    if getattr(terms, "KEYS", None):
        return [(_pair(terms.KEYS, row.key), row) for row in rows]
    if getattr(terms, "KEY_IS_CATEGORY", False):
        return _by_category(terms.KEY, rows, categories)
    if terms.KEY is None:
        return [(0, row) for row in rows]
    return [(int(terms.KEY[row.key.upper()]), row) for row in rows]


def _pair(words: tuple[Any, Any], key: str) -> int:
    first, _, second = key.upper().partition(".")
    return int(paired(words[0][first], words[1][second]))


def _by_category(
    words: Any, rows: list[Term], categories: Sequence[tuple[int, Category]]
) -> list[tuple[int, Term]]:
    """Rows for each category of the market, and each word where the keys begin with one."""
    by_word: dict[int, dict[str, list[Term]]] = {}
    for row in rows:
        word, _, code = row.key.partition(".") if words else ("", "", row.key)
        number = int(words[word.upper()]) if words else 0
        by_word.setdefault(number, {}).setdefault(code, []).append(row)
    return [
        (paired(word, category) if words else category, row)
        for word, by_code in by_word.items()
        for category, row in _inherited(categories, by_code)
    ]


def _inherited(
    categories: Sequence[tuple[int, Category]], by_code: Mapping[str, Sequence[Term]]
) -> list[tuple[int, Term]]:
    """Each category's number with its rows: its own, and before these begin its parent's."""
    parents = {category.code: category.parent for _, category in categories}
    found = []
    for number, category in categories:
        code, until_us = category.code, FAR_US
        while code:
            rows = by_code.get(code, ())
            found += [
                (number, replace(row, ends_us=min(row.ends_us, until_us)))
                for row in rows
                if row.begins_us < until_us
            ]
            until_us = min([until_us, *(row.begins_us for row in rows)])
            code = parents[code]
    return found
