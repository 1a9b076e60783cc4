"""Questions about the catalogue: books of terms, markets, words, categories, packs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pyarrow as pa

from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US, Columns, Int
from xiaobao.kernel.problems import Problem
from xiaobao.promises.facts import (
    Agreement,
    Category,
    Clause,
    Market,
    PackRow,
    Promise,
    PromiseRow,
    Term,
)
from xiaobao.promises.queries.keeping import kept_or
from xiaobao.promises.rules.books import book_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from xiaobao.kernel.books import Book

T = TypeVar("T", bound=Columns)
# Each clause's wordings with the moment from which each holds: titles and words, zh and en.
Clauses = dict[str, list[tuple[int, tuple[str, str, str, str]]]]


class MarketUnknown(Problem):
    """No pack was published for a market of this name."""

    code = "market_unknown"
    status = 404
    zh = "没有市场“{market}”：先用 xiaobao policy publish 发布它的规则包"
    en = "no market '{market}': publish its pack first, with xiaobao policy publish"


class ClauseUnknown(Problem):
    """No published pack has this clause."""

    code = "clause_unknown"
    status = 404
    zh = "没有条款“{clause}”"
    en = "no clause '{clause}'"


# -- terms ---------------------------------------------------------------------------------------

# When a term begins and ends, in microseconds; the parameter is the end of what has none.
_SPAN = (
    "(extract(epoch FROM lower(t.during)) * 1000000)::bigint, "
    "coalesce((extract(epoch FROM upper(t.during)) * 1000000)::bigint, %s)"
)


def book_of(terms: type[T], market_id: int) -> Book[T]:
    """All published versions of one table of terms in a market, under its present pack line.

    Terms keyed by category have a row for each category of the market: its own, or its nearest
    parent's.
    """
    return kept_or(lambda: _read_book(terms, market_id), terms, market_id)


def books_of(tables: tuple[Any, ...], market_id: int) -> tuple[Book[Any], ...]:
    """Several books at once: one look at the token for all of them."""
    return kept_or(
        lambda: tuple(_read_book(one, market_id) for one in tables), "books", tables, market_id
    )


def _read_book(terms: type[T], market_id: int) -> Book[T]:
    table = cast("Any", terms).TABLE
    rows = fetch_rows(
        f"SELECT t.tbl, t.key, {_SPAN}, t.values, "
        "t.clause, t.source, t.certainty, t.notes, '', 0, t.term_id "
        "FROM promises_term t JOIN promises_market m USING (market_id, line) "
        "WHERE t.market_id = %s AND t.tbl = %s AND t.withdrawn_at IS NULL ORDER BY t.term_id",
        [FAR_US, market_id, table],
    )
    return book_from(terms, [Term(*row) for row in rows], categories(market_id))


# -- markets and packs ---------------------------------------------------------------------------


def markets() -> list[Market]:
    return kept_or(_read_markets, "markets")


def _read_markets() -> list[Market]:
    return [
        Market(*row)
        for row in fetch_rows(
            "SELECT market_id, name, currency, zone FROM promises_market ORDER BY market_id"
        )
    ]


def market(name: str) -> Market:
    """:raises MarketUnknown: if no pack was published for it"""
    for one in markets():
        if one.name == name:
            return one
    raise MarketUnknown(market=name)


def market_of(market_id: int) -> Market:
    """:raises MarketUnknown: if there is none of this number"""
    for one in markets():
        if one.market_id == market_id:
            return one
    raise MarketUnknown(market=market_id)


def line_of(market_id: int) -> str:
    """The name of the packs that govern a market."""
    rows = fetch_rows("SELECT line FROM promises_market WHERE market_id = %s", [market_id])
    if not rows:
        raise MarketUnknown(market=market_id)
    return str(rows[0][0])


_PACK = (
    "SELECT p.pack_id, m.name, p.name, p.sha256, p.published_at, p.version, p.market_id "
    "FROM promises_pack p JOIN promises_market m USING (market_id) "
)


def packs() -> list[PackRow]:
    """Every pack ever published, oldest first."""
    return [PackRow(*row) for row in fetch_rows(_PACK + "ORDER BY p.pack_id")]


def pack_files(pack_id: int) -> dict[str, str]:
    """A published pack's files, as they were; empty where there is no such pack."""
    rows = fetch_rows("SELECT files FROM promises_pack WHERE pack_id = %s", [pack_id])
    return dict(rows[0][0]) if rows else {}


def agreement_of(market_id: int, at: datetime | None = None) -> Agreement:
    """The agreement in force at a moment; without one, the last that was announced.

    :raises MarketUnknown: if no pack was published for it
    """
    rows = fetch_rows(
        "SELECT p.agreement_version, p.agreement_zh, p.agreement_en, p.agreement_sha256 "
        "FROM promises_pack p JOIN promises_market m USING (market_id) "
        "LEFT JOIN promises_announcement a USING (pack_id) "
        "LEFT JOIN promises_withdrawal w USING (pack_id) "
        "WHERE p.market_id = %(market)s AND p.name = m.line AND w.pack_id IS NULL "
        "AND (%(at)s::timestamptz IS NULL OR a.effective_at IS NULL "
        "  OR a.effective_at <= %(at)s::timestamptz) "
        "ORDER BY p.pack_id DESC LIMIT 1",
        {"market": market_id, "at": at},
    )
    if not rows:
        raise MarketUnknown(market=market_id)
    return Agreement(*rows[0])


# -- words ---------------------------------------------------------------------------------------


def clause_of(version: int) -> str:
    """The clause behind a stored row of terms; empty where there is no such row."""
    return kept_or(lambda: _read_clause(version), "clause", version)


def _read_clause(version: int) -> str:
    rows = fetch_rows("SELECT clause FROM promises_term WHERE term_id = %s", [version])
    return str(rows[0][0]) if rows else ""


def clauses_of(versions: Iterable[int]) -> dict[int, str]:
    """As `clause_of`, for the rows of a list."""
    asked = sorted(set(versions))
    rows = fetch_rows("SELECT term_id, clause FROM promises_term WHERE term_id = ANY(%s)", [asked])
    return dict.fromkeys(asked, "") | dict(rows)


def words_of(clause_ref: str, language: str, at_us: int) -> str:
    """A clause in words, as in force at a moment.

    :raises ClauseUnknown: if no pack has it
    """
    return _clause(clause_ref, at_us)[3 if language.startswith("en") else 2]


def title_of(clause_ref: str, language: str, at_us: int) -> str:
    """A clause's title, as in force at a moment.

    :raises ClauseUnknown: if no pack has it
    """
    return _clause(clause_ref, at_us)[1 if language.startswith("en") else 0]


def clauses_at(at_us: int) -> list[Clause]:
    """Every clause as in force at a moment, those of one subject together."""
    clauses = kept_or(_read_clauses, "clauses")
    return [Clause(ref, *_clause_among(clauses, ref, at_us)) for ref in clauses]


def _clause(ref: str, at_us: int) -> tuple[str, str, str, str]:
    clauses = kept_or(_read_clauses, "clauses")
    if ref not in clauses:
        raise ClauseUnknown(clause=ref)
    return _clause_among(clauses, ref, at_us)


def _clause_among(clauses: Clauses, ref: str, at_us: int) -> tuple[str, str, str, str]:
    # Before the first publication its words held already: the terms have their own dates.
    begun = [words for begins_us, words in clauses[ref] if begins_us <= at_us]
    return begun[-1] if begun else clauses[ref][0][1]


def _read_clauses() -> Clauses:
    """Each clause's wordings with the moment from which each holds, the earliest first.

    What was announced holds from its day on; what only mends words, once it is published.
    """
    rows = fetch_rows(
        "SELECT c.ref, c.title_zh, c.title_en, c.zh, c.en, coalesce(a.effective_at, "
        "p.published_at) FROM promises_clause c JOIN promises_pack p USING (pack_id) "
        "LEFT JOIN promises_announcement a USING (pack_id) "
        "WHERE NOT EXISTS (SELECT FROM promises_withdrawal w WHERE w.pack_id = c.pack_id) "
        "ORDER BY c.ref, 6, c.pack_id"
    )
    found: Clauses = {}
    for ref, *words, begins_at in rows:
        title_zh, title_en, zh, en = words
        found.setdefault(ref, []).append((us_of(begins_at), (title_zh, title_en, zh, en)))
    return found


def promises_of(market_id: int, at_us: int) -> list[PromiseRow]:
    """The promises a market knows at a moment, in words."""
    rows = kept_or(lambda: _read_promises(market_id), "promises", market_id)
    return [row for begins_us, ends_us, row in rows if begins_us <= at_us < ends_us]


def _read_promises(market_id: int) -> list[tuple[int, int, PromiseRow]]:
    """All of them, each with the span in which it holds."""
    rows = fetch_rows(
        f"SELECT t.key, t.values, t.clause, {_SPAN} FROM promises_term t "
        "JOIN promises_market m USING (market_id, line) WHERE t.market_id = %s "
        "AND t.tbl = 'promises' AND t.withdrawn_at IS NULL ORDER BY t.term_id",
        [FAR_US, market_id],
    )
    return [
        (begins_us, ends_us, PromiseRow(promise=Promise[key.upper()], clause=clause, **values))
        for key, values, clause, begins_us, ends_us in rows
    ]


# -- categories ----------------------------------------------------------------------------------


def category_ids(names: Sequence[str] | pa.Array | pa.ChunkedArray) -> Int:
    """The number of each category code; 0, general, where nobody knows it."""
    known = kept_or(_read_category_ids, "categories")
    array = (
        names
        if isinstance(names, pa.Array | pa.ChunkedArray)
        else pa.array(list(names), pa.large_string())
    )
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    coded = array.dictionary_encode()
    numbers = np.array([known.get(c, 0) for c in coded.dictionary.to_pylist()] + [0], np.int64)
    found: Int = numbers[coded.indices.fill_null(len(numbers) - 1).to_numpy(zero_copy_only=False)]
    return found


def _read_category_ids() -> dict[str, int]:
    return dict(fetch_rows("SELECT DISTINCT code, category_id FROM promises_category"))


def categories(market_id: int) -> list[tuple[int, Category]]:
    """A market's categories with their numbers."""
    rows = fetch_rows(
        "SELECT category_id, code, parent, zh, en FROM promises_category WHERE market_id = %s "
        "ORDER BY category_id",
        [market_id],
    )
    return [(row[0], Category(*row[1:])) for row in rows]
