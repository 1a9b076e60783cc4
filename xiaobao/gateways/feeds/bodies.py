"""Files of bodies: whatever system wrote them, each entry is read by its kind and tells facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.json_entries import Entries, Placed, bodies_of, entries_of
from xiaobao.gateways.feeds.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xiaobao.gateways.feeds.comparing import Said
    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.promises.facts import Market


@dataclass(frozen=True)
class BodyFeed:
    """What bodies tell, what they say beside it, and which orders have to be asked for."""

    entries: Entries
    feed: OrderFeed
    said: list[Said]
    to_fetch: list[str]


class Reader:
    """Reads one entry after another; each kind of entry has a method of its name."""

    def __init__(self, telling: Telling, seller: str) -> None:
        self.telling = telling
        self.seller = seller
        self.said: list[Said] = []
        self.to_fetch: set[str] = set()

    def check(self, file: Path) -> None:
        """What is only known once all entries were read.

        :raises FileUnusable: where the file as a whole cannot be taken
        """


def read_bodies(
    file: Path,
    market: Market,
    seller: str,
    *,
    found_in: Callable[[Path, Placed], list[tuple[str, Placed]]],
    reader_of: Callable[[Telling, str], Reader],
) -> BodyFeed:
    """Read a file of bodies: one, a list of them, or one on each line.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    """
    bodies, unread = bodies_of(file)
    found = [one for body in bodies for one in found_in(file, body)]
    entries = entries_of(file, found, unread)
    telling = Telling(entries.sheet, currency=market.currency, zone=market.zone)
    reader = reader_of(telling, seller)
    for row, one in enumerate(entries.bodies):
        getattr(reader, entries.kinds[row])(row, one)
    reader.check(file)
    return BodyFeed(entries, telling.feed(), reader.said, sorted(reader.to_fetch))
