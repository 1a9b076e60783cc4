"""What is asked, and of which history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.columns import Int
    from xiaobao.lab.history.shapes import Place, Stretch
    from xiaobao.lab.history.tables import T
    from xiaobao.lab.replay.policies import Policy


class History(Protocol):
    """A lake, or the database."""

    place: Place
    buckets: int

    def stretches(self, bucket: int) -> Iterator[Stretch]: ...
    def rows(self, table: type[T], bucket: int) -> T: ...
    def order_names(self, seller_id: Int, order_id: Int) -> list[str]: ...
    def seller_names(self, seller_id: Int) -> list[str]: ...


@dataclass(frozen=True)
class Question:
    """Two policies, and the orders of which time: `[since, until)`."""

    old: Policy
    new: Policy
    since_us: int
    until_us: int
    horizon_us: int
    zone: str
    floors_minor: tuple[int, ...]
    sizes_minor: tuple[int, ...]
    # What has memory needs all of history: deposits, points and exits are asked for without
    # bounds only.
    is_whole: bool
    # Where a draft begins after history ends: the moment at which it is asked what always held.
    as_of_us: int | None = None
