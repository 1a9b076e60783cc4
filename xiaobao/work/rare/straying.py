"""Money back to a seller goes astray: said to have failed, it is paid anew, and arrives as well.

Its account stands in another name than the shop's, so the gateway refuses; the shop names another
account, which is paid once the wait for that is over. Then the gateway lets the first one through
all the same, and finance hears of it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.advances.facts import PayoutState
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.exits.facts import Reason, Scope
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.payments import Direction, Movement, Result
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.lab.generate.plans import CURRENCY
from xiaobao.people import acts as people
from xiaobao.people.facts import Duty
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.work.asking import ask_about
from xiaobao.work.rare.persons import FINANCE, first_signer
from xiaobao.work.unowed import paid_unowed
from xiaobao.work.wishes import freezes, wishes_of
from xiaobao.work.writing_off import ask_back

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.exits.facts import PaymentRow
    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.lab.generate.marketplace import Marketplace

# From asking to the end: reviewed, refused, another account waited for, paid, and paid again.
_TAKES_DAYS = 12
_REASONS = (Reason.OWN_WISH, Reason.VIOLATION)
_MOST_ATTEMPTS = 9
_LETTER = "已致函收款人，请其退回"


class Strays(NamedTuple):
    """Whose payment it is, and the day on which it asks for its deposit."""

    shop: str
    day: int


def stray(one: Strays, day: int, gateway: TestGateway, at: datetime) -> None:
    """The next step of the one payment that goes astray, where its time has come."""
    name, seller_id = one.shop, id_of(one.shop)
    if day < one.day:
        return
    if day == one.day:
        account = sellers_now.profile_of(seller_id)["payout_account"]
        gateway.register_holder(account, f"{name} 的合伙人")
        return
    try:
        payments = exits_now.exit_detail(seller_id, name).payments
    except exits_now.ExitUnknown:
        return
    if not payments or payments[0].state is not PayoutState.FAILED:
        return
    first = payments[0]
    if len(payments) == 1:
        sellers.update_profile(
            seller_id, {"payout_account": f"{name}-2@example.com"}, at=at, by=name
        )
        exits.pay_to_bound_account(seller_id, at=at)
    elif payments[1].state is PayoutState.CONFIRMED:
        _arrive(seller_id, first, gateway, at)


def shop_of(market: Marketplace) -> Strays | None:
    """Of those that leave in time the last, if any."""
    last = market.plan.days - _TAKES_DAYS
    in_time = [
        (wish.scope is Scope.WHOLE, wish.day, wish.shop)
        for wish in wishes_of(market)
        if wish.day <= last and wish.reason in _REASONS and not freezes(np.array([wish.shop]))[0]
        # Every fifth waits ten days to be decided on.
        and wish.shop % 5 and (wish.scope is Scope.WHOLE or wish.insures)
    ]  # fmt: skip
    if not in_time:
        return None
    _, day, shop = max(in_time)
    return Strays(market.shop_names[shop], day)


def _arrive(seller_id: int, one: PaymentRow, gateway: TestGateway, at: datetime) -> None:
    """The gateway lets it through, and answers nobody; finance asks, and it is booked."""
    gateway.register_holder(one.account, one.holder)
    for attempt in range(one.attempts + 1, one.attempts + _MOST_ATTEMPTS):
        movement = Movement(
            one.payment, one.account, one.amount_minor, CURRENCY, attempt, us_of(at), one.holder,
            seller_id,
        )  # fmt: skip
        if gateway.transfer_out([movement])[0].result is Result.CONFIRMED:
            break
    ask_about(number_of(Direction.OUT, seller_id, one.payment), gateway, at=at)


def sign(at: datetime) -> None:
    """It is asked back; where two sign for giving so much up, the first of them has signed."""
    for row in paid_unowed():
        ask_back(row.number, ref=f"L-{row.at:%Y%m%d}", words=_LETTER, by=FINANCE, at=at)
        if people.takes_two(Duty.WRITE_OFF, row.open_minor, row.currency):
            with suppress(people.IntentStands):
                people.propose(
                    Duty.WRITE_OFF, row.seller_id, row.number, words="收款人已失联，追回无望",
                    amount_minor=row.open_minor, currency=row.currency,
                    by=first_signer(Duty.WRITE_OFF, at), at=at,
                )  # fmt: skip
