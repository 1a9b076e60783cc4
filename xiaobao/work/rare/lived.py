"""Evenings of a generated marketplace, and its last: what is seldom seen comes about for once.

Whoever looks at the consoles finds each state that they have pages for. Everything follows from
the plan and from what stands, so a life that was cut off goes on as it would have.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.work.rare import billing, drafting, juries, proving, receivers, straying, taking

if TYPE_CHECKING:
    from xiaobao.lab.generate.marketplace import Marketplace

# When people of the day have done what they do, and the night's clocks have not fired yet.
_EVENING = timedelta(hours=23)


class Evenings:
    """The evenings of one generated marketplace, day after day."""

    def __init__(self, market: Marketplace) -> None:
        self._market = market
        self._strays = straying.shop_of(market)

    def live(self, day: int) -> None:
        """What comes about on an evening, before the night; lived again it changes nothing."""
        at = self._market.plan.day_starts(day) + _EVENING
        gateway = TestGateway()
        if self._strays is not None:
            straying.stray(self._strays, day, gateway, at)
        proving.prove(self._market, day, at)
        receivers.tell(self._market.plan, day, at)
        drafting.consult(self._market, day, at)
        taking.hold_up(self._market, day, gateway)
        juries.seal_some(self._market, day, at)


def end(market: Marketplace) -> None:
    """What is done once the last night is over, as the next day begins."""
    at = market.plan.day_ends(market.plan.days - 1)
    taking.leave(market, at)
    drafting.sign(market.plan, at)
    straying.sign(at)
    receivers.tell_rest(at)
    billing.reconcile(market.plan, at)
