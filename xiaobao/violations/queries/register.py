"""Points and penalties of a seller, and the register that everybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.crypto import salted_hmac

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.clocks import us_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.violations.facts import (
    KIND_WORDS,
    MEASURE_WORDS,
    MONEY_RUNG,
    MONEY_WORDS,
    RUNGS,
    PenaltyRow,
    PenaltyState,
    RegisterRow,
    TallyRow,
    Totals,
    Words,
)
from xiaobao.violations.rules.showing import masked, next_rung
from xiaobao.violations.terms import RuleTerms, StepTerms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int

# The violations that a penalty rests on: those of its class that counted on its day.
_KINDS = (
    "coalesce((SELECT array_agg(DISTINCT v.kind ORDER BY v.kind) FROM violations_violation v "
    "WHERE v.seller_id = p.seller_id AND v.points_class = p.step / 10 "
    "AND v.counted_day = p.day AND v.points + v.strikes + v.penalty_minor > 0), '{}')"
)
# Of what was published at one moment; says nothing of the seller to whoever has not the secret:
# a natural person's name may not be guessed from a public link (PIPL, 25).
_TIE = "md5(p.seller_id || '/' || p.day || '/' || p.step || %(secret)s::text)"
BY_PUBLICATION: Order[RegisterRow] = Order(
    (Part("p.published_at", "ts", is_descending=True), Part(_TIE, "text")),
    lambda row: (row.published_at, row.tie),
)
_PENALTY = (
    "p.seller_id, p.market_id, p.day, p.step, p.points, p.penalty_minor, p.state, p.begins_at, "
    "p.ends_at, p.published_at, p.publish_by_at, nullif(p.corrected_at, 'infinity'), "
    f"p.terms_version, {_KINDS}"
)


def tallies_of(seller_id: int, *, at: datetime) -> list[TallyRow]:
    """Points of each class: as the last night left them, and what was added since."""
    rows = sets.fetch_rows(
        "SELECT t.points_class, t.points, t.strikes, t.market_id, "
        "coalesce((SELECT sum(v.points)::bigint FROM violations_violation v "
        "WHERE v.seller_id = t.seller_id AND v.points_class = t.points_class "
        "AND v.counted_day > t.day AND v.state <> 5), 0) "
        "FROM violations_tally t WHERE t.seller_id = %s ORDER BY t.points_class",
        [seller_id],
    )
    return [
        TallyRow(
            PointsClass(points_class), points, added, strikes,
            next_rung(points + added, _rungs(market_id, points_class, at)),
        )
        for points_class, points, strikes, market_id, added in rows
    ]  # fmt: skip


def _rungs(market_id: int, points_class: int, at: datetime) -> list[int]:
    """The points at which the rungs of a class stand."""
    book = promises.book_of(StepTerms, market_id)
    keys = points_class * 10 + np.arange(1, RUNGS + 1)
    place, found = book.positions(np.full(RUNGS, us_of(at)), keys)
    return [int(points) for points in book.rows.at_points[place[found]] if points > 0]


def penalties_of(seller_id: int) -> list[PenaltyRow]:
    """Every penalty of a seller, the newest first."""
    rows = sets.fetch_rows(
        f"SELECT {_PENALTY} FROM violations_penalty p WHERE p.seller_id = %s "
        "ORDER BY p.day DESC, p.step",
        [seller_id],
    )
    return _penalties(rows)


def register(
    *,
    at: datetime,
    since: datetime | None = None,
    market_id: int | None = None,
    seller_id: int | None = None,
    place: Place | None = None,
    limit: int = 1000,
) -> list[RegisterRow]:
    """What is published at a moment, the newest first; an entry goes when its measure ends.

    With `since`, what was published at any time from then on to the moment.

    Names of natural persons are masked where the pack says so (Personal Information Protection
    Law, 25); an entry that was revoked stays for its time as a correction.
    """
    rows = sets.fetch_rows(
        f"SELECT {_TIE}, {_PENALTY} FROM violations_penalty p WHERE p.published_at <= %(at)s "
        "AND p.shown_until_at > coalesce(%(since)s::timestamptz, %(at)s) "
        "AND (%(market)s::smallint IS NULL OR p.market_id = %(market)s) "
        "AND (%(seller)s::bigint IS NULL OR p.seller_id = %(seller)s)"
        f"{BY_PUBLICATION.after(place)}{BY_PUBLICATION.by(place)} LIMIT %(limit)s",
        {
            "at": at, "since": since, "market": market_id, "seller": seller_id, "limit": limit,
            "secret": salted_hmac("xiaobao.violations.register", "order").hexdigest(),
        } | BY_PUBLICATION.params(place),
    )  # fmt: skip
    penalties = _penalties([row[1:] for row in rows])
    natural = sellers.natural_persons(np.array([one.seller_id for one in penalties], np.int64))
    markets = {one.market_id: one.name for one in promises.markets()}
    masks = {one: _masks(one, at) for one in {penalty.market_id for penalty in penalties}}
    found = [
        _entry(
            penalty,
            row[0],
            markets[penalty.market_id],
            at=at,
            is_masked=bool(person) and masks[penalty.market_id],
        )
        for row, penalty, person in zip(rows, penalties, natural, strict=True)
    ]
    return straight(found, place)


def _masks(market_id: int, at: datetime) -> bool:
    """Whether the market's pack masks natural persons."""
    moment = np.array([us_of(at)], np.int64)
    rule = promises.book_of(RuleTerms, market_id).in_force(moment)
    return bool(rule.is_natural_person_masked[0])


def _entry(
    row: PenaltyRow, tie: str, market: str, *, at: datetime, is_masked: bool
) -> RegisterRow:
    is_corrected = row.corrected_at is not None and row.corrected_at <= at
    return RegisterRow(
        market=market,
        shop=masked(row.seller) if is_masked else row.seller,
        is_masked=is_masked,
        violations_zh=tuple(KIND_WORDS[kind].zh for kind in row.kinds),
        violations_en=tuple(KIND_WORDS[kind].en for kind in row.kinds),
        measures_zh=row.measures_zh, measures_en=row.measures_en, clause=row.clause,
        penalty_minor=row.penalty_minor, currency=row.currency, begins_at=row.begins_at,
        ends_at=row.ends_at, published_at=row.published_at, publish_by=row.publish_by,
        is_corrected=is_corrected, corrected_at=row.corrected_at if is_corrected else None,
        tie=tie,
    )  # fmt: skip


def totals() -> Totals:
    """How much this room holds."""
    rows = sets.fetch_rows(
        "SELECT (SELECT count(*) FROM violations_violation), "
        "(SELECT count(*) FROM violations_violation WHERE effect = 2), "
        "(SELECT coalesce(sum(points), 0)::bigint FROM violations_violation WHERE state <> 5), "
        "(SELECT coalesce(sum(taken_hold_minor + taken_deposit_minor + taken_fund_minor), 0)"
        "::bigint FROM violations_violation WHERE state <> 5), "
        "(SELECT coalesce(sum(held_minor), 0)::bigint FROM violations_violation), "
        "count(*), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), "
        "count(*) FILTER (WHERE state = 3), "
        "count(*) FILTER (WHERE published_at <= publish_by_at), "
        "(SELECT count(*) FROM violations_forced_exit) FROM violations_penalty"
    )
    return Totals(*rows[0])


def counts_by_kind() -> dict[ViolationKind, int]:
    """How many violations of each kind were recorded and not revoked; those there are."""
    rows = sets.fetch_rows(
        "SELECT kind, count(*) FROM violations_violation WHERE state <> 5 GROUP BY kind "
        "ORDER BY kind"
    )
    return {ViolationKind(kind): count for kind, count in rows}


def counts_of(seller_ids: Int) -> Int:
    """How many violations of each of these sellers stand, row for row."""
    found = sets.fetch_arrays(
        "SELECT seller_id, count(*) FROM violations_violation "
        "WHERE seller_id = ANY(%s::bigint[]) AND state <> 5 GROUP BY seller_id ORDER BY seller_id",
        [seller_ids],
        {"seller_id": "i8", "count": "i8"},
    )
    place = np.searchsorted(found["seller_id"], seller_ids)
    stands = np.append(found["seller_id"], -1)[place] == seller_ids
    return np.where(stands, np.append(found["count"], 0)[place], 0)


def _penalties(rows: Sequence[tuple[Any, ...]]) -> list[PenaltyRow]:
    names = sellers.names_of(np.array(sorted({row[0] for row in rows}), np.int64))
    currencies = {one.market_id: one.currency for one in promises.markets()}
    clauses = promises.clauses_of(row[-2] for row in rows)
    steps = {one: promises.book_of(StepTerms, one).rows for one in {row[1] for row in rows}}
    return [
        _penalty(row, names[row[0]], clauses[row[-2]], currencies[row[1]], steps[row[1]])
        for row in rows
    ]


def _penalty(
    row: tuple[Any, ...], name: str, clause: str, currency: str, steps: StepTerms
) -> PenaltyRow:
    (
        seller_id, market_id, day, step, points, penalty, state, begins, ends, published,
        publish_by, corrected, version, kinds,
    ) = row  # fmt: skip
    measures = _measures(steps, step, version, penalty)
    return PenaltyRow(
        seller=name, seller_id=seller_id, market_id=market_id, day=day, step=step,
        points_class=PointsClass(step // 10), points=points, penalty_minor=penalty,
        currency=currency, state=PenaltyState(state),
        begins_at=begins, ends_at=ends, published_at=published, publish_by=publish_by,
        measures_zh=tuple(one.zh for one in measures),
        measures_en=tuple(one.en for one in measures),
        clause=clause,
        kinds=tuple(ViolationKind(kind) for kind in kinds), corrected_at=corrected,
    )  # fmt: skip


def _measures(steps: StepTerms, step: int, version: int, penalty_minor: int) -> list[Words]:
    """What a penalty does, by the very row of terms that it was begun under."""
    money = [MONEY_WORDS] if penalty_minor else []
    if step % 10 == MONEY_RUNG:
        return money
    terms = steps.take(steps.version == version).as_dict()
    return [words for name, words in MEASURE_WORDS.items() if terms[name][0]] + money
