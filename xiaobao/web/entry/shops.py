"""The demo's shops to step into: a few of each standing, and what each of them goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.exits import queries as exits
from xiaobao.exits.facts import ExitState, Scope
from xiaobao.exits.queries import ExitUnknown
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import RESTRICTION_WORDS, STANDING_WORDS, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.exits.facts import ExitDetail
    from xiaobao.sellers.facts import SellerRow

    Words = tuple[str, str]

# How many shops of each standing; the first page shows what there is.
_SHOWN = {Standing.RESTRICTED: 3, Standing.ACTIVE: 3}
# Of those that leave, so many are looked at for each way in which one can.
_LOOKED_AT = 30
_ORDINARY = ("保证金、商品、维权、退保", "deposit, items, claims, leaving")
_FORCED = (
    "被强制退保，旧订单的承诺照旧有效", "had to leave; promises to earlier buyers run on"
)  # fmt: skip
_WAITS = ("退保已批准，正等一笔转支付的结果", "about to leave: waits for a part being taken")
_REVIEWED = ("正在退保，等平台审核", "about to leave: the platform reviews")
_LEAVING = ("正在退保", "about to leave")
_REFUNDED = ("自己退出，保证金已全部退还", "left by itself; all of its deposit was paid back")
_TAIL = ("自己退出，一部分暂留到期", "left by itself; a part is held until its day")
_OVER = ("已退出，没有退款", "left, and nothing was to be paid back")
_FORCED_ONCE = ("曾被强制退保，现已了结", "had to leave; by now that has ended")
_LEFT = (Standing.EXITING, Standing.FORCED_OUT, Standing.EXITED)


@dataclass(frozen=True)
class ShopShown:
    """A shop to step into, how it stands, and what is to be seen there."""

    row: SellerRow
    standing: Words
    says: tuple[Words, ...]


def demo_shops() -> list[ShopShown]:
    """Some that stand well, some that are restricted, and one for each way of leaving."""
    return [
        *(_shown(row) for state, most in _SHOWN.items()
          for row in sellers.sellers(state=state, limit=most)),
        *(one for state in _LEFT for one in _each_otherwise(state)),
    ]  # fmt: skip


def _shown(row: SellerRow) -> ShopShown:
    causes = tuple(RESTRICTION_WORDS[why] for why in row.restricted_by)
    return ShopShown(row, STANDING_WORDS[row.state], causes or (_ORDINARY,))


def _each_otherwise(state: Standing) -> Iterator[ShopShown]:
    """The first shop of each that leaves, or has left, in another way."""
    told: dict[Words, SellerRow] = {}
    for row in sellers.sellers(state=state, limit=_LOOKED_AT):
        told.setdefault(_way(row), row)
    for words, row in told.items():
        yield ShopShown(row, STANDING_WORDS[state], (words,))


def _way(row: SellerRow) -> Words:
    if row.state is Standing.FORCED_OUT:
        return _FORCED
    try:
        found = exits.exit_detail(row.seller_id, row.name)
    except ExitUnknown:
        return _LEAVING
    return _way_out(found) if row.state is Standing.EXITED else _way_on(found)


def _way_on(found: ExitDetail) -> Words:
    if found.waits_for is not None:
        return _WAITS
    return _REVIEWED if found.exit.state is ExitState.UNDER_REVIEW else _LEAVING


def _way_out(found: ExitDetail) -> Words:
    if found.exit.scope is Scope.FORCED:
        return _FORCED_ONCE
    if found.exit.held_minor:
        return _TAIL
    return _REFUNDED if found.exit.paid_minor else _OVER
