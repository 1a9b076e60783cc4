"""What the report of a quarter says: whole numbers and texts alone, so it has one spelling; pure.

None stands where a number is too small to be told (see `small`), or where there is nothing to
reckon it from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import ClaimEvent, ClaimKind
from xiaobao.hearings.facts import RuledBy
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.promises.facts import ViolationKind
from xiaobao.trust.facts import REPORT_FORMAT, Ending
from xiaobao.trust.rules.small import grouped, hidden

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.facts import OrdersBroken
    from xiaobao.promises.facts import Market, Version
    from xiaobao.trust.facts import Happened, Quarter
    from xiaobao.trust.terms import ReportTerms

# Of its bytes; years of versions, each with its reasons, take a hundredth of it.
LONGEST_REPORT = 5_000_000
_HALF, _NEARLY_ALL, _WHOLE = 50, 95, 100


def told(
    happened: Happened, terms: ReportTerms, *, market: Market, quarter: Quarter,
    span: tuple[int, int], at: datetime, zone: tzinfo,
) -> dict[str, Any]:  # fmt: skip
    """The report, unsigned: `span` is the quarter's, `at` when it was reckoned."""
    begins, ends = (moment_of(us).astimezone(zone).isoformat() for us in span)
    return {
        "format": REPORT_FORMAT, "market": market.name, "currency": market.currency,
        "quarter": str(quarter), "begins": begins, "ends": ends,
        "made_at": at.astimezone(zone).isoformat(timespec="seconds"),
        "smallest_told": terms.smallest,
        "clocks": [
            {
                "clock": one.clock.name.lower(), "in_time": one.met, "late": one.late,
                "running": one.running, "half_minutes": one.half_minutes,
                "most_minutes": one.most_minutes,
            }
            for one in happened.clocks
        ],
        "defaults": _defaults(happened, terms),
        "orders": _orders(happened.orders, terms),
        "claims": _claims(happened, terms),
        "payout": _payout(happened.hours, terms),
        "appeals": {
            "ruled": int(happened.rulings.is_on_appeal.sum()),
            "overturned": int(happened.rulings.is_overturned.sum()),
        },
        "sizes": _sizes(happened, terms),
        "violations": _violations(happened, terms),
        "fund": _fund(happened, terms),
        "policy": [_version(one, zone) for one in happened.versions],
    }  # fmt: skip


def _defaults(happened: Happened, terms: ReportTerms) -> dict[str, Any]:
    """Where the platform itself missed its clock: what the fund paid, and no seller."""
    is_default = happened.rulings.by == RuledBy.DEFAULT
    count = int(is_default.sum())
    paid = int(happened.rulings.paid_minor[is_default].sum())
    return {"count": count, "paid_minor": _unless_few(paid, count, terms)}


def _unless_few(value: int, count: int, terms: ReportTerms) -> int | None:
    """A sum over so few that it tells of single ones is not told; over none it is."""
    return None if 0 < count < terms.smallest else value


def _orders(orders: OrdersBroken, terms: ReportTerms) -> dict[str, Any]:
    placed, broken = int(orders.orders.sum()), int(orders.broken.sum())
    return {
        "placed": placed, "shops": len(orders),
        "broken_bps": _bps(broken, placed) if placed >= terms.smallest else None,
    }  # fmt: skip


def _bps(part: int, whole: int) -> int:
    """Of ten thousand, rounded down."""
    return part * WHOLE_BPS // whole


def _claims(happened: Happened, terms: ReportTerms) -> dict[str, Any]:
    kinds, endings = happened.endings.kind, _endings(happened)
    totals = {kind: int((kinds == kind).sum()) for kind in ClaimKind}
    alone, together = grouped(totals, terms.smallest)
    rows = [([kind], kind.name.lower()) for kind, _ in alone]
    if together:
        rows.append((together, "other"))
    counted = [(name, endings[np.isin(kinds, of)]) for of, name in rows]
    whole = len(endings)
    is_few = 0 < whole < terms.smallest
    return {
        "filed": len(happened.filed),
        "decided": None if is_few else whole,
        "kinds": [] if is_few else [
            {
                "kind": name, "decided": len(part),
                "endings": dict(zip(
                    (one.name.lower() for one in Ending),
                    hidden([int((part == one).sum()) for one in Ending], terms.smallest),
                    strict=True,
                )),
            }
            for name, part in counted
        ],
    }  # fmt: skip


def _endings(happened: Happened) -> Int:
    """What each claim came to, as `Ending`."""
    found = happened.endings
    ruled = np.where(found.is_for_buyer, Ending.FOR_BUYER, Ending.AGAINST_BUYER)
    by_event = {
        ClaimEvent.ACCEPTED: Ending.CONCEDED, ClaimEvent.OFFER_ACCEPTED: Ending.SETTLED,
        ClaimEvent.WITHDRAWN: Ending.WITHDRAWN, ClaimEvent.LAPSED: Ending.LAPSED,
    }  # fmt: skip
    return np.select([found.event == event for event in by_event], list(by_event.values()), ruled)


def _payout(hours: Int, terms: ReportTerms) -> dict[str, Any]:
    """From filing a claim to the first money; tenths of days would tell no more than hours do."""
    is_few = len(hours) < terms.smallest
    return {
        "claims": len(hours),
        "half_hours": None if is_few else _percentile(hours, _HALF),
        "most_hours": None if is_few else _percentile(hours, _NEARLY_ALL),
    }


def _percentile(values: Int, share: int) -> int:
    """The least value that so many of a hundred do not exceed."""
    return int(np.sort(values)[-(-len(values) * share // _WHOLE) - 1])


# -- small shops beside big ones -----------------------------------------------------------------


def big_shops(orders: OrdersBroken, share_bps: int) -> Mask:
    """The fewest shops that together had so much of all orders; the first by id of equal ones."""
    order = np.lexsort((orders.seller_id, -orders.orders))
    before = np.cumsum(orders.orders[order]) - orders.orders[order]
    is_big = np.zeros(len(orders), np.bool_)
    is_big[order] = before * WHOLE_BPS < int(orders.orders.sum()) * share_bps
    return is_big


def _sizes(happened: Happened, terms: ReportTerms) -> list[dict[str, Any]]:
    """Nothing where either group is so small that its figures would tell of single shops.

    Shops with no order in the quarter are among the small ones.
    """
    is_big = big_shops(happened.orders, terms.big_share_bps)
    big = happened.orders.seller_id[is_big]
    if min(int(is_big.sum()), int((~is_big).sum())) < terms.smallest:
        return []
    return [_size(happened, big, terms, is_big=of_big) for of_big in (False, True)]


def _size(
    happened: Happened, big: Int, terms: ReportTerms, *, is_big: bool
) -> dict[str, Any]:  # fmt: skip
    def mine(sellers: Int) -> Mask:
        are_mine: Mask = np.isin(sellers, big) == is_big
        return are_mine

    orders = happened.orders.take(mine(happened.orders.seller_id))
    rulings = happened.rulings.take(mine(happened.rulings.seller_id))
    first = rulings.take(~rulings.is_on_appeal)
    again = rulings.take(rulings.is_on_appeal)
    placed, filed = int(orders.orders.sum()), int(mine(happened.filed).sum())
    return {
        "size": "big" if is_big else "small", "shops": len(orders), "orders": placed,
        "broken_bps": _bps(int(orders.broken.sum()), placed) if placed else None,
        "claims_bps": _bps(filed, placed) if placed else None,
        "ruled": len(first),
        "for_buyer_percent": _percent(first.is_for_buyer, terms),
        "appeals_ruled": len(again),
        "overturned_percent": _percent(again.is_overturned, terms),
        "violations": int(mine(happened.recorded.seller_id).sum()),
        "penalties": int(mine(happened.penalties.seller_id).sum()),
    }  # fmt: skip


def _percent(are_so: Mask, terms: ReportTerms) -> int | None:
    """Whole per cents, rounded down: no finer, so that no single one is reckoned back."""
    if len(are_so) < terms.smallest:
        return None
    return int(are_so.sum()) * _WHOLE // len(are_so)


# -- violations, money, rules --------------------------------------------------------------------


def _violations(happened: Happened, terms: ReportTerms) -> dict[str, Any]:
    found, penalties = happened.recorded, happened.penalties
    totals = {kind: int((found.kind == kind).sum()) for kind in ViolationKind}
    alone, together = grouped(totals, terms.smallest)
    kinds = [{"kind": kind.name.lower(), "recorded": count} for kind, count in alone]
    if together and sum(totals[kind] for kind in together) >= terms.smallest:
        kinds.append({"kind": "other", "recorded": sum(totals[kind] for kind in together)})
    return {
        "recorded": len(found), "revoked": int(found.is_revoked.sum()), "kinds": kinds,
        "penalties": len(penalties),
        "published_in_time": int(penalties.is_in_time.sum()),
        "corrected": int(penalties.is_corrected.sum()),
        "penalty_minor": _unless_few(
            int(penalties.penalty_minor.sum()), int((penalties.penalty_minor > 0).sum()), terms
        ),
        "forced_exits": happened.forced_exits,
    }  # fmt: skip


def _fund(happened: Happened, terms: ReportTerms) -> dict[str, Any]:
    """What compensation cost and who bore it in the quarter; what stands as it is reckoned."""
    moved, books = happened.fund, happened.books
    sums = {
        "to_buyers_minor": moved.buyers_minor, "from_reserve_minor": moved.reserve_minor,
        "from_deposit_minor": moved.deposit_minor, "from_cover_minor": moved.cover_minor,
        "advanced_minor": moved.fund_minor, "granted_minor": moved.granted_minor,
        "recovered_minor": moved.recovered_minor, "reversed_minor": moved.reversed_minor,
    }  # fmt: skip
    debtors, lodged = int((books.fund < 0).sum()), int((books.deposit + books.locked > 0).sum())
    return {
        "compensations": moved.paid,
        **{name: _unless_few(value, moved.paid, terms) for name, value in sums.items()},
        "debtors": debtors,
        "debts_minor": _unless_few(-int(books.fund.sum()), debtors, terms),
        "deposits_minor": _unless_few(int((books.deposit + books.locked).sum()), lodged, terms),
    }


def _version(one: Version, zone: tzinfo) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")

    return {
        "name": one.name, "version": one.version, "sha256": one.sha256,
        "announced_at": moment(one.announced_at), "effective_at": moment(one.effective_at),
        "withdrawn_at": moment(one.withdrawn_at), "is_major": one.is_major,
        "notice_days": one.notice_days, "why_major": [dict(why) for why in one.why_major],
    }  # fmt: skip


def versions_of(versions: Sequence[Version], since: datetime, until: datetime) -> list[Version]:
    """Those that were announced, came into force or were withdrawn in `[since, until)`."""
    return [
        one
        for one in versions
        if any(
            at is not None and since <= at < until
            for at in (one.announced_at, one.effective_at, one.withdrawn_at)
        )
    ]
