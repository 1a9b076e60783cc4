"""What a request to the local Alipay carries, and how it is refused."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from xiaobao.gateways.alipay.yuan import fen_of
from xiaobao.gateways.local_alipay.keys import APP_ID, SELLER_ID

if TYPE_CHECKING:
    import sqlite3

    from xiaobao.gateways.local_alipay.book import Behaviour

FAILED = "40004"
WRONG = "40002"


class Refused(Exception):  # noqa: N818
    """The answer carries this code and says why; nothing moved."""

    def __init__(self, sub_code: str, code: str = FAILED) -> None:
        super().__init__(sub_code)
        self.sub_code, self.code = sub_code, code


class Asked(NamedTuple):
    """One request, its signature checked; `at` is its own moment, `now_ms` this machine's."""

    at: str
    now_ms: int
    notify_url: str
    content: dict[str, Any]
    behaviour: Behaviour

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self.content.get(name, "")
        if not isinstance(value, str) or (needed and not value):
            raise Refused("INVALID_PARAMETER")
        return value

    def fen(self, name: str, least: int = 1) -> int:
        """A sum in yuan.

        :raises Refused: for none, or one below `least`
        """
        try:
            fen = fen_of(self.text(name))
        except ValueError as trouble:
            raise Refused("INVALID_PARAMETER") from trouble
        if fen < least:
            raise Refused("INVALID_PARAMETER")
        return fen


def ref_of(kind: str, number: str, at: str) -> str:
    """A number of Alipay's own kind: 28 digits that begin with the day."""
    digest = int.from_bytes(blake2b(f"{kind}/{number}".encode(), digest_size=9).digest(), "big")
    return f"{at[:10].replace('-', '')}{digest % 10**20:020d}"


def part_of_million(*names: object) -> int:
    """The draw for these names, 0 to 999,999; always the same."""
    words = "/".join(str(name) for name in names).encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "big") % 1_000_000


def queue_notice(book: sqlite3.Connection, asked: Asked, told: dict[str, str]) -> None:
    """To be told to whoever asked: soon, maybe twice, maybe out of order."""
    if not asked.notify_url:
        return
    behaviour = asked.behaviour
    seed = (behaviour.seed, json.dumps(told, sort_keys=True))
    name = ref_of("notify", str(seed), asked.at)
    body = {
        **told, "notify_id": name, "notify_time": asked.at, "app_id": APP_ID,
        "auth_app_id": APP_ID, "seller_id": SELLER_ID, "charset": "utf-8", "version": "1.0",
    }  # fmt: skip
    times = 2 if part_of_million("twice", *seed) < behaviour.twice_ppm else 1
    for number in range(times):
        late = part_of_million("late", number, *seed) * behaviour.spread_ms // 1_000_000
        book.execute(
            "INSERT OR IGNORE INTO notice (id, url, body, due_ms) VALUES (?, ?, ?, ?)",
            (f"{name}/{number}", asked.notify_url, json.dumps(body), asked.now_ms + late),
        )
