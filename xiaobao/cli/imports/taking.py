"""Taking a feed in: all of it, or the good rows alone where that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.imports.reporting import taken_in
from xiaobao.cli.output import say
from xiaobao.gateways.feeds.faults import RowsRefused
from xiaobao.gateways.feeds.intake import Taken, take_in_orders, without_known
from xiaobao.gateways.feeds.rejects import bad_rows, count_bad
from xiaobao.orders.acts import FactsRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from xiaobao.gateways.feeds.comparing import Said
    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.promises.facts import Market

MarketName = Annotated[str, typer.Option("--market", help=say(zh="市场", en="the market"))]
Enrol = Annotated[
    bool,
    typer.Option(
        "--enrol", help=say(zh="未加入的卖家自动加入", en="enrol sellers who have not joined")
    ),
]


@dataclass(frozen=True)
class Taker:
    """How one file is taken in, and where its bad rows go."""

    market: Market
    at: datetime
    keep: Callable[[OrderFeed], Path]
    said: Sequence[Said] = ()
    is_partial: bool = False
    are_enrolled: bool = False
    workers: int = 1

    def good_rows(self, feed: OrderFeed) -> OrderFeed:
        """:raises RowsRefused: where rows are wrong and only all of them will do"""
        bad = count_bad(feed.sheet, feed.faults)
        if bad and not self.is_partial:
            raise RowsRefused(
                feed.sheet.file, bad_rows(feed.sheet, feed.faults), bad, self.keep(feed)
            )
        return feed

    def take(self, feed: OrderFeed) -> tuple[OrderFeed, Taken]:
        """Record the facts; what only the house can know to be wrong is told by line as well.

        :raises RowsRefused: where rows are wrong and only all of them will do
        """
        feed = self._news(self.good_rows(feed))
        try:
            return feed, self._record(feed)
        except FactsRefused as refused:
            feed = self.good_rows(feed.without(refused))
        return feed, self._record(feed)

    def _news(self, feed: OrderFeed) -> OrderFeed:
        return without_known(feed, self.said) if self.said else feed

    def _record(self, feed: OrderFeed) -> Taken:
        return take_in_orders(
            feed.facts, file=str(feed.sheet.file), market=self.market,
            are_enrolled=self.are_enrolled, at=self.at, workers=self.workers,
        )  # fmt: skip

    def report(self, feed: OrderFeed, taken: Taken) -> dict[str, Any]:
        bad = count_bad(feed.sheet, feed.faults)
        return {
            "file": str(feed.sheet.file),
            "rows": len(feed.sheet) + len(feed.sheet.unread),
            **taken_in(taken),
            "rejected_rows": bad,
            "rejected_written_to": str(self.keep(feed)) if bad else None,
        }
