"""Quotes made again: the facts and terms stored with each, quoted by the very rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits import rules
from xiaobao.deposits.facts import RULES_VERSION, DepositFacts, LastQuote, Quote
from xiaobao.deposits.terms import DepositRules, DepositTerms
from xiaobao.kernel.books import of_versions
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import id_of
from xiaobao.kernel.replays import compared
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from xiaobao.kernel.replays import Replayed

KIND = "quote"
_AT_ONCE = 100_000
_DECIDED = [name for name in Quote.names() if name != "seller_id"]
_BOOLS = ("has_sold", "is_short", "was_quoted", "was_zero_start", "is_zero_start")
_FACTS = [name for name in DepositFacts.names() if name != "seller_id"]
_LAST = ("was_quoted", "was_zero_start", "was_required_minor")
_SPEC = {
    "seller_id": "i8", "quoted_at": "ts", "market_id": "i2", "terms_version": "i8",
    "sizing_version": "i8", "rules_version": "i2",
} | {
    name: "bool" if name in _BOOLS else "i8" for name in [*_FACTS, *_LAST, *_DECIDED]
}  # fmt: skip


def quote_reference(seller: str, quoted_at: datetime) -> str:
    """What names a quote: whose, and when it was made."""
    return f"{seller}@{moment_of(us_of(quoted_at)).isoformat().replace('+00:00', 'Z')}"


def replayed_quotes() -> Iterator[Replayed]:
    """Every quote ever recorded, made again in sets."""
    after: tuple[int, Any] = (-(2**63), "-infinity")
    while True:
        rows = _fetched(
            "WHERE (seller_id, quoted_at) > (%s, %s::timestamptz) "
            "ORDER BY seller_id, quoted_at LIMIT %s",
            [*after, _AT_ONCE],
        )
        if len(rows["seller_id"]) == 0:
            return
        yield _replayed(rows)
        after = int(rows["seller_id"][-1]), moment_of(int(rows["quoted_at"][-1]))


def replayed_quote(seller: str, quoted_at: datetime) -> Replayed | None:
    """One quote made again; None where there is none of this seller and moment."""
    rows = _fetched("WHERE seller_id = %s AND quoted_at = %s", [id_of(seller), quoted_at])
    return _replayed(rows) if len(rows["seller_id"]) else None


def _fetched(where: str, params: list[Any]) -> dict[str, Any]:
    return sets.fetch_arrays(
        f"SELECT {', '.join(_SPEC)} FROM deposits_quote {where}", params, _SPEC
    )


def _replayed(rows: dict[str, Any]) -> Replayed:
    names = sellers.names_of(np.unique(rows["seller_id"]))
    made = {name: np.zeros(len(rows["seller_id"]), np.int64) for name in _DECIDED}
    for market_id in np.unique(rows["market_id"]).tolist():
        place = np.flatnonzero(rows["market_id"] == market_id)
        some = {name: column[place] for name, column in rows.items()}
        quote = rules.quote(
            LastQuote(*(some[name] for name in _LAST)),
            DepositFacts(**{name: some[name] for name in DepositFacts.names()}),
            of_versions(promises.book_of(DepositTerms, market_id).rows, some["terms_version"]),
            of_versions(promises.book_of(DepositRules, market_id).rows, some["sizing_version"]),
        )
        for name in _DECIDED:
            made[name][place] = getattr(quote, name)

    def reference(row: int) -> str:
        moment = moment_of(int(rows["quoted_at"][row]))
        return quote_reference(names[int(rows["seller_id"][row])], moment)

    stored = {name: rows[name].astype(np.int64) for name in _DECIDED}
    has_rules = rows["rules_version"] == RULES_VERSION
    return compared(KIND, reference, stored, made, has_rules=has_rules)
