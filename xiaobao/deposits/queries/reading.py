"""Requirements and their clocks, lodgements, cover, the ladder, and quotes explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits import rules
from xiaobao.deposits.facts import (
    CoverRow,
    DepositFacts,
    DepositRow,
    LadderEvent,
    LadderRow,
    LadderStep,
    LastQuote,
    Line,
    Lodgements,
    LodgementState,
    Quote,
    QuoteRow,
)
from xiaobao.deposits.queries.asking import asked_now, leaving_of, requirements
from xiaobao.deposits.queries.freezing import frozen_minor
from xiaobao.deposits.store import LODGEMENT, LODGEMENT_SPEC
from xiaobao.deposits.terms import DepositRules, DepositTerms, LadderTerms
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import queries as ledger
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int, Mask

_WAITING = (LodgementState.REQUESTED.value, LodgementState.UNKNOWN.value)


def next_due_us() -> int | None:
    """When the next quote or step of the ladder is due; None where no clock runs."""
    rows = sets.fetch_rows(
        "SELECT least((SELECT min(next_quote_at) FROM deposits_requirement "
        "WHERE next_quote_at IS NOT NULL), (SELECT min(next_due_at) FROM deposits_requirement "
        "WHERE next_due_at IS NOT NULL))"
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def next_lodgement_query_us() -> int | None:
    """When the gateway is to be asked next about a lodgement; None where none is open."""
    rows = sets.fetch_rows(
        "SELECT min(next_query_at) FROM deposits_lodgement WHERE next_query_at IS NOT NULL"
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def cover_available(seller_ids: Int, at_us: Int | int) -> Int:
    """What is left of each seller's insured limit at one moment, or one for each, row for row."""
    return ask_cover(seller_ids, at_us).answer


def ask_cover(seller_ids: Int, at_us: Int | int) -> Asked[Int]:
    """As `cover_available`; asked with whatever is asked or done next."""
    moments = np.array(np.broadcast_to(np.asarray(at_us, np.int64), len(seller_ids)))

    def row_for_row(n: Int, left_minor: Int) -> Int:
        left = np.zeros(len(seller_ids), np.int64)
        left[n - 1] = left_minor
        return left

    return sets.ask_arrays(
        "SELECT u.n, c.limit_minor - c.drawn_minor "
        "FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS u(seller_id, at, n) "
        "JOIN deposits_cover c ON c.seller_id = u.seller_id "
        "AND c.begins_at <= u.at AND c.ends_at > u.at",
        [seller_ids, moments.view("M8[us]")],
        {"n": "i8", "left_minor": "i8"},
        row_for_row,
    )


def shortfalls(seller_ids: Int, *, at: datetime) -> Int:
    """What is missing now from the deposit of each of these sellers, row for row.

    Nothing where nothing is missing, or where nobody was ever quoted, or has left.
    """
    held, is_exiting = asked_now(requirements(np.unique(seller_ids)))
    missing = np.zeros(len(held), np.int64)
    for market_id in np.unique(held.market_id).tolist():
        here = held.market_id == market_id
        rows = held.take(here)
        balances = ledger.balances(rows.seller_id)
        moments = np.full(len(rows), us_of(at))
        sizing = promises.book_of(DepositRules, market_id).in_force(moments)
        cover = cover_available(rows.seller_id, moments)
        available, _ = rules.counted(
            rows.required_minor, balances.deposit, balances.reserve, cover, sizing
        )
        leaving = leaving_of(rows.seller_id, is_exiting[here], balances.locked)
        missing[here] = np.maximum(rows.required_minor - available - leaving, 0)
    return spread(held.seller_id, missing, seller_ids)


def lodging(seller_ids: Int) -> tuple[Mask, Mask]:
    """Who of these sellers, row for row, has a lodgement under way, and who ever had one come."""
    found = sets.fetch_arrays(
        "SELECT seller_id, bool_or(state = ANY(%s::smallint[])), bool_or(state = %s) "
        "FROM deposits_lodgement WHERE seller_id = ANY(%s::bigint[]) "
        "GROUP BY seller_id ORDER BY seller_id",
        [np.array(_WAITING, np.int16), LodgementState.CONFIRMED.value, seller_ids],
        {"seller_id": "i8", "waits": "bool", "came_in": "bool"},
    )
    ids = found["seller_id"]
    waits, came_in = found["waits"].astype(np.int64), found["came_in"].astype(np.int64)
    return spread(ids, waits, seller_ids) > 0, spread(ids, came_in, seller_ids) > 0


def spread(ids: Int, values: Int, seller_ids: Int) -> Int:
    """Values by ascending id, row for row of those asked for; zero for who has none."""
    place = np.searchsorted(ids, seller_ids)
    is_there = np.append(ids, -1)[place] == seller_ids
    return np.where(is_there, np.append(values, 0)[place], 0)


def ladder_terms(seller_ids: Int) -> tuple[Int, Int]:
    """For each seller, row for row: days settlements are held back, and the share withheld.

    Zeros for who is on no step of the ladder and chose no reserve; the larger share counts.
    """
    held = requirements(np.unique(seller_ids))
    days, bps = np.zeros(len(seller_ids), np.int64), np.zeros(len(seller_ids), np.int64)
    climbed = held.take(held.step > LadderStep.NONE)
    for market_id in np.unique(climbed.market_id).tolist():
        rows = climbed.take(climbed.market_id == market_id)
        terms = promises.book_of(LadderTerms, market_id).in_force(rows.short_since_us, rows.step)
        here = np.isin(seller_ids, rows.seller_id)
        place = np.searchsorted(rows.seller_id, seller_ids[here])
        days[here], bps[here] = terms.settlement_days[place], terms.withhold_bps[place]
    return days, np.maximum(bps, _chosen_bps(seller_ids))


def _chosen_bps(seller_ids: Int) -> Int:
    """The share of settlements each seller chose to have withheld."""
    found = sets.fetch_arrays(
        "SELECT seller_id, reserve_bps FROM deposits_mix WHERE seller_id = ANY(%s::bigint[]) "
        "AND reserve_bps > 0 ORDER BY seller_id",
        [seller_ids],
        {"seller_id": "i8", "reserve_bps": "i4"},
    )
    return spread(found["seller_id"], found["reserve_bps"].astype(np.int64), seller_ids)


def lodgements_due(until_us: int, limit: int = 1000) -> Lodgements:
    """Lodgements whose fate the gateway is to be asked about by then, earliest first."""
    columns = sets.fetch_arrays(
        f"SELECT {LODGEMENT} FROM deposits_lodgement WHERE next_query_at <= %s::timestamptz "
        "ORDER BY next_query_at, seller_id, lodgement LIMIT %s",
        [moment_of(until_us), limit],
        LODGEMENT_SPEC,
    )
    return Lodgements.of(**columns)


def lodged() -> Lodgements:
    """Every lodgement that came in, in the order of sellers."""
    columns = sets.fetch_arrays(
        f"SELECT {LODGEMENT} FROM deposits_lodgement WHERE state = "
        f"{LodgementState.CONFIRMED:d} ORDER BY seller_id, lodgement",
        None,
        LODGEMENT_SPEC,
    )
    return Lodgements.of(**columns)


def ladder_of(seller_id: int) -> list[LadderRow]:
    """What happened on a seller's ladder, oldest first."""
    rows = sets.fetch_rows(
        "SELECT seq, event, step, greatest(required_minor - available_minor, 0), happened_at "
        "FROM deposits_event WHERE seller_id = %s ORDER BY seq",
        [seller_id],
    )
    return [LadderRow(r[0], LadderEvent(r[1]), LadderStep(r[2]), r[3], r[4]) for r in rows]


def covers_of(seller_id: int) -> list[CoverRow]:
    """A seller's insured limits, earliest first."""
    rows = sets.fetch_rows(
        "SELECT name, insurer, limit_minor, drawn_minor, premium_minor, begins_at, ends_at "
        "FROM deposits_cover WHERE seller_id = %s ORDER BY begins_at",
        [seller_id],
    )
    return [CoverRow(*row) for row in rows]


def deposit_of(seller_id: int, *, at: datetime) -> DepositRow | None:
    """A seller's deposit on one page; None for who was never quoted."""
    one = np.array([seller_id], np.int64)
    held, is_exiting = asked_now(requirements(one))
    balances = ledger.balances(one)
    currency = ledger.currency_of(seller_id)
    if len(held) == 0 or len(balances) == 0 or currency is None:
        return None
    at_us = np.array([us_of(at)])
    sizing = promises.book_of(DepositRules, int(held.market_id[0])).in_force(at_us)
    cover = cover_available(one, at_us)
    available, insured = rules.counted(
        held.required_minor, balances.deposit, balances.reserve, cover, sizing
    )
    required = int(held.required_minor[0])
    leaving = int(leaving_of(one, is_exiting, balances.locked)[0])
    return DepositRow(
        seller_id=seller_id, currency=currency, required_minor=required,
        available_minor=int(available[0]), deposit_minor=int(balances.deposit[0]),
        reserve_minor=int(balances.reserve[0]), cover_minor=int(cover[0]),
        cover_counted_minor=int(insured[0]), locked_minor=int(balances.locked[0]),
        debt_minor=-int(balances.fund[0]), refunds_minor=int(balances.refunds[0]),
        shortfall_minor=max(required - int(available[0]) - leaving, 0),
        is_zero_start=bool(held.is_zero_start[0]), step=LadderStep(int(held.step[0])),
        quoted_at=moment_of(int(held.quoted_us[0])), next_quote_at=_moment(held.next_quote_us),
        short_since=_moment(held.short_since_us), top_up_due_at=_moment(held.top_up_due_us),
        next_due_at=_moment(held.next_due_us), frozen_minor=frozen_minor(seller_id),
        leaving_minor=leaving,
    )  # fmt: skip


def _moment(column: Int) -> datetime | None:
    return None if column[0] >= FAR_US else moment_of(int(column[0]))


_FACTS = (
    "seller_id, orders, goods_minor, open_orders, open_goods_minor, breaches, breach_minor, "
    "has_sold, midnights_since_sale, debt_minor, is_short"
)
_LAST = "was_quoted, was_zero_start, was_required_minor"
_QUOTE = (
    "base_minor, exposure_minor, risk_minor, special_minor, ceiling_minor, kept_minor, "
    "zero_start_minor, required_minor, is_zero_start"
)


def quote_of(seller_id: int, *, at: datetime | None = None) -> QuoteRow | None:
    """A seller's quote explained: the latest one, or the latest made by `at`; None without one.

    The lines are as they were recorded; the words speak of the facts they were judged on.
    """
    rows = sets.fetch_rows(
        f"SELECT quoted_at, market_id, category_id, terms_version, sizing_version, "
        f"rules_version, {_FACTS}, {_LAST}, {_QUOTE} FROM deposits_quote "
        "WHERE seller_id = %s AND (%s::timestamptz IS NULL OR quoted_at <= %s) "
        "ORDER BY quoted_at DESC LIMIT 1",
        [seller_id, at, at],
    )
    if not rows:
        return None
    quoted_at, market_id, category_id, terms_version, sizing_version, version = rows[0][:6]
    columns = [np.array([value]) for value in rows[0][6:]]
    facts = DepositFacts(*columns[:11])
    before = LastQuote(*columns[11:14])
    quote = Quote(columns[0], *columns[14:])
    terms_book = promises.book_of(DepositTerms, market_id)
    terms = terms_book.rows.take(np.flatnonzero(terms_book.rows.version == terms_version)[:1])
    sizing_book = promises.book_of(DepositRules, market_id)
    sizing = sizing_book.rows.take(sizing_book.rows.version == sizing_version)
    currency = promises.market_of(market_id).currency
    held = requirements(np.array([seller_id], np.int64))
    return QuoteRow(
        seller_id=seller_id, quoted_at=quoted_at, currency=currency,
        required_minor=int(quote.required_minor[0]), is_zero_start=bool(quote.is_zero_start[0]),
        lines=rules.explain(
            before, facts, terms, sizing, quote, currency=currency,
            category=_category_words(market_id, category_id),
            clauses=_clauses(terms_version, sizing_version),
        ),
        terms_version=terms_version, rules_version=version,
        next_quote_at=_moment(held.next_quote_us),
    )  # fmt: skip


def _category_words(market_id: int, category_id: int) -> tuple[str, str]:
    for number, category in promises.categories(market_id):
        if number == category_id:
            return category.zh, category.en
    return "", ""


def _clauses(terms_version: int, sizing_version: int) -> dict[Line, str]:
    """The clause behind each line: the category's own row, or the rules of sizing."""
    of_terms, of_sizing = promises.clause_of(terms_version), promises.clause_of(sizing_version)
    of_category = {Line.BASE, Line.EXPOSURE, Line.SPECIAL}
    return {line: of_terms if line in of_category else of_sizing for line in Line}
