"""A quarter for the regulator: the report and what stands behind it, in one signed archive.

No buyer is in it, no member of the staff, and no name of a natural person's shop.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from xiaobao.evidence import acts as evidence
from xiaobao.evidence import queries as evidence_now
from xiaobao.kernel.clocks import days_of, moment_of, zone_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import PackState
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import queries as supervision
from xiaobao.trust import queries as trust
from xiaobao.trust import rules
from xiaobao.trust.facts import PACK_FORMAT
from xiaobao.violations import queries as violations
from xiaobao.violations.rules.showing import masked
from xiaobao.work.bills.closing import closed_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from xiaobao.database.lists import Place
    from xiaobao.kernel.contents import Content
    from xiaobao.promises.facts import Market, Version
    from xiaobao.supervision.facts import InspectionRow
    from xiaobao.trust.facts import Quarter
    from xiaobao.violations.facts import RegisterRow

_AT_ONCE = 500
# Every day of it that was closed is among the last so many.
_DAYS = 3660


def pack_of(market: Market, quarter: Quarter, *, at: datetime) -> Content:
    """The archive of a quarter that was reported; `xiaobao verify` checks it offline.

    :raises ReportUnknown: if its report was not published
    """
    span = rules.span_us(quarter, zone_of(market.zone))
    since, until = (moment_of(us) for us in span)
    reports = [
        ("report.json" if one.number == 1 else f"correction-{one.number}.json", one.body.encode())
        for one in trust.published(market, quarter)
    ]
    files = [
        *reports,
        ("register.json", _spelt(list(_register(market, since, until)))),
        ("inspections.json", _spelt(list(_inspections(market, since, until)))),
        ("signals.json", _spelt(_signals(market, span))),
        ("chains.json", _spelt(_chains(market, since, until))),
        *_packs(market, since, until),
    ]
    about = {
        "market": market.name,
        "quarter": str(quarter),
        "at": at.isoformat(),
        "for": "regulator",
    }
    return evidence.seal_dossier(about, files, kind=PACK_FORMAT)


def _spelt(told: Any) -> bytes:
    return json.dumps(
        told, ensure_ascii=False, indent=1, sort_keys=True, default=_plain
    ).encode() + b"\n"  # fmt: skip


def _plain(value: datetime | date) -> str:
    return value.isoformat()


def _register(market: Market, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """Penalties that were to be read in the register at any time of the quarter."""
    place: Place | None = None
    while True:
        rows = violations.register(
            at=until, since=since, market_id=market.market_id, place=place, limit=_AT_ONCE
        )
        yield from map(_entry, rows)
        if len(rows) < _AT_ONCE:
            return
        place = violations.BY_PUBLICATION.place(violations.BY_PUBLICATION.cursor(rows[-1]))


def _entry(row: RegisterRow) -> dict[str, Any]:
    told = {**vars(row)}
    # It orders the list, and is nobody's to know (see `violations.queries.register`).
    del told["tie"]
    return told


def _inspections(market: Market, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """What was opened in the quarter; words and names of whoever looked stay in the house."""
    place: Place | None = None
    while True:
        rows = supervision.inspections(place=place, limit=_AT_ONCE)
        here = [
            one for one in rows
            if one.market_id == market.market_id and since <= one.opened_at < until
        ]  # fmt: skip
        ids = np.array([one.seller_id for one in here], np.int64)
        names, are_natural = sellers.names_of(ids), sellers.natural_persons(ids)
        for one, is_natural in zip(here, are_natural.tolist(), strict=True):
            name = names[one.seller_id]
            yield _inspection(one, masked(name) if is_natural else name)
        if len(rows) < _AT_ONCE or rows[-1].opened_at < since:
            return
        place = supervision.BY_OPENING.place(supervision.BY_OPENING.cursor(rows[-1]))


def _inspection(one: InspectionRow, shop: str) -> dict[str, Any]:
    return {
        "shop": shop, "number": one.number, "watched": one.watched.name.lower(),
        "state": one.state.name.lower(), "outcome": one.outcome.name.lower(),
        "orders": one.population, "sampled": one.sampled, "looked_at": one.found,
        "broken": one.broken, "orders_since": one.since_at, "orders_until": one.until_at,
        "opened_at": one.opened_at, "closed_at": one.closed_at,
        "has_violation": bool(one.violation),
    }  # fmt: skip


def _signals(market: Market, span: tuple[int, int]) -> list[dict[str, Any]]:
    """How many weeks of shops raised which signal, by what was watched; no shop is named."""
    since_day, until_day = days_of(np.array(span), zone_of(market.zone)).tolist()
    return [
        {"watched": watched.name.lower(), "signal": str(signal.name).lower(), "weeks": count}
        for (watched, signal), count in supervision.signal_counts(
            market.market_id, since_day, until_day
        ).items()
    ]


def _chains(market: Market, since: datetime, until: datetime) -> dict[str, Any]:
    """The head of the evidence log as signed last, and the days closed against bank bills."""
    zone = ZoneInfo(market.zone)
    first, after = since.astimezone(zone).date(), until.astimezone(zone).date()
    heads = evidence_now.checkpoints(1)
    return {
        "key": evidence.signing_key(),
        "evidence_log": [
            {"size": one.size, "root": one.root.hex(), "note": one.note, "sealed_at": sealed_at}
            for one, sealed_at in heads
        ],
        "days_closed": [
            {"day": one.day, "closed_at": one.closed_at, "differences": one.differences,
             "note": one.note}
            for one in closed_days(_DAYS) if first <= one.day < after
        ],
    }  # fmt: skip


def _packs(market: Market, since: datetime, until: datetime) -> list[tuple[str, bytes]]:
    """Every file of every version that was in force in the quarter, with its sources."""
    return [
        (f"packs/{one.version}-{one.pack_id}/{name}", text.encode())
        for one in in_force(promises.versions(market.market_id, at=until), since)
        for name, text in sorted(promises.pack_files(one.pack_id).items())
    ]


def in_force(versions: list[Version], since: datetime) -> list[Version]:
    """Of versions as they stand at a moment, those in force at some time from `since` on to it."""
    were = sorted(
        (v for v in versions if v.state in (PackState.IN_FORCE, PackState.SUPERSEDED)),
        key=lambda v: (v.effective_at, v.pack_id),
    )
    nexts = [v.effective_at for v in were[1:]]
    return [
        one
        for place, one in enumerate(were)
        if place >= len(nexts) or nexts[place] > since
    ]  # fmt: skip
