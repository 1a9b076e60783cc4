"""Taking a feed in: market, sellers and facts in one transaction, or nothing of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyarrow as pa
from django.db import transaction

from xiaobao.deposits import acts as deposits
from xiaobao.gateways.feeds.comparing import agreed
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.orders import acts as orders
from xiaobao.orders import queries as questions
from xiaobao.promises import acts as publishing
from xiaobao.promises import packs
from xiaobao.promises import queries as promises
from xiaobao.sellers import acts as joining
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.gateways.feeds.comparing import Said
    from xiaobao.gateways.feeds.olist import OlistFeed
    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import Contradiction, IntakeReport
    from xiaobao.promises.facts import Market

SIGNED_BY = "import"
OLIST_MARKET = "olist"
NAMED = 10


class SellersNotEnrolled(Problem):
    """Facts about sellers who never joined."""

    code = "sellers_not_enrolled"
    status: ClassVar[int] = 422
    zh = (
        "{file}：{count} 个卖家尚未加入：{named}。加 --enrol 让他们加入，"
        "或先运行 `xiaobao sellers enrol`；未记录任何内容"
    )
    en = (
        "{file}: sellers who have not joined ({count}): {named}. Add --enrol to enrol them, or "
        "run `xiaobao sellers enrol` first; nothing was recorded"
    )


@dataclass(frozen=True)
class Taken:
    """What a feed brought."""

    market: Market
    sellers: int
    sellers_new: int
    intake: IntakeReport
    contradictions: dict[Contradiction, int]  # orders of the market, by what they show


def market_of(name: str, *, at: datetime) -> Market:
    """The market; where nothing was published for it, the pack of its name that is shipped is.

    :raises MarketUnknown: there is neither such a market nor a shipped pack for it
    """
    try:
        return promises.market(name)
    except promises.MarketUnknown:
        if name not in packs.shipped():
            raise
    _publish(name, at=at)
    return promises.market(name)


def _publish(pack: str, *, at: datetime) -> None:
    # By its full path: a folder of the same name may lie where the command is run.
    publishing.publish_pack(str(packs.SHIPPED / pack), at=at)


@transaction.atomic
def take_in_olist(feed: OlistFeed, *, pack: str, at: datetime) -> Taken:
    """Record the set under the pack named; sellers join when they first sold.

    :raises OtherPackLine: another pack governs the market
    :raises FactsRefused: see `xiaobao.orders.acts`
    """
    names = [market.name for market in promises.markets()]
    if OLIST_MARKET not in names or _line(OLIST_MARKET) != pack:
        _publish(pack, at=at)
    market = promises.market(OLIST_MARKET)
    new = enrol(feed.sellers, feed.first_sale_us, market)
    report = orders.record_facts(feed.facts, market_id=market.market_id, at=at)
    return _taken(market, len(feed.sellers), new, report)


def _line(name: str) -> str:
    return promises.line_of(promises.market(name).market_id)


def take_in_orders(
    facts: pa.Table, *, file: str, market: Market, are_enrolled: bool, at: datetime,
    workers: int = 1,
) -> Taken:  # fmt: skip
    """Record the facts of a file; unknown sellers join only where `are_enrolled` says so.

    Several `workers` record side by side, once the sellers have joined: those stay joined should
    any fact be refused. One alone does all of it or nothing.

    :raises SellersNotEnrolled: naming them
    :raises FactsRefused: see `xiaobao.orders.acts`
    """
    if workers > 1:
        count, new = _join(facts, file, market, are_enrolled=are_enrolled)
        report = orders.record_facts_apart(
            facts, market_id=market.market_id, at=at, workers=workers
        )
        return _taken(market, count, new, report)
    with transaction.atomic():
        count, new = _join(facts, file, market, are_enrolled=are_enrolled)
        report = orders.record_facts(facts, market_id=market.market_id, at=at)
    return _taken(market, count, new, report)


@transaction.atomic
def _join(facts: pa.Table, file: str, market: Market, *, are_enrolled: bool) -> tuple[int, int]:
    """How many sellers the facts are about, and how many of them joined now."""
    coded = facts["seller"].combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0)
    names = coded.dictionary
    first = np.full(len(names), np.iinfo(np.int64).max)
    moments = facts["at"].cast(pa.int64()).to_numpy()
    np.minimum.at(first, np.asarray(coded.indices), moments)
    known = sellers.known(ids_of(names))
    if not known.all() and not are_enrolled:
        unknown = [names[i].as_py() for i in np.flatnonzero(~known)]
        more = ", …" if len(unknown) > NAMED else ""
        raise SellersNotEnrolled(
            file=file, count=len(unknown), named=", ".join(unknown[:NAMED]) + more
        )
    return len(names), enrol(names, first, market)


def without_known(feed: OrderFeed, said: Sequence[Said]) -> OrderFeed:
    """The feed less what it tells of orders that are known to be just so."""
    known = agreed(feed.facts, said, feed.kept)
    return replace(feed, facts=feed.facts.filter(pa.array(~known)), kept=feed.kept[~known])


def placed_at(seller: str, numbers: list[str]) -> dict[str, datetime]:
    """When those of these orders of a seller that are known were placed."""
    states = questions.states_of(
        np.full(len(numbers), id_of(seller), np.int64),
        ids_of(pa.array(numbers, pa.large_string())),
    )
    moments = dict(zip(states.order_id.tolist(), states.ordered_us.tolist(), strict=True))
    found = {number: moments.get(id_of(number), FAR_US) for number in numbers}
    return {number: moment_of(at_us) for number, at_us in found.items() if at_us < FAR_US}


def _taken(market: Market, count: int, new: int, report: IntakeReport) -> Taken:
    return Taken(market, count, new, report, questions.contradiction_counts(market.market_id))


def enrol(names: pa.Array, first_us: Int, market: Market) -> int:
    """Enrol who is unknown, month by month of first sale, as of the first sale of that month.

    One moment per month keeps it to a few sets; nobody joins later than they first sold. Each is
    quoted a deposit at once, so that its clocks run like those of whoever joined by hand.
    """
    joining_rows = np.flatnonzero(~sellers.known(ids_of(names)))
    months = first_us.astype("datetime64[us]").astype("datetime64[M]")[joining_rows]
    for month in np.unique(months):
        rows = joining_rows[months == month]
        at = moment_of(int(first_us[rows].min()))
        ids = joining.enrol_sellers(
            names.take(pa.array(rows)).to_pylist(),
            market_id=market.market_id,
            signed_by=SIGNED_BY,
            at=at,
        )
        deposits.quote_deposits(ids, at=at)
    return len(joining_rows)
