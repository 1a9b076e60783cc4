"""A part of a frozen sum that came to the platform after all, let go of or about to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances.facts import PayoutState
from xiaobao.deposits import acts as deposits
from xiaobao.exits import store
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.money import add_payment, owe_again
from xiaobao.exits.facts import ExitEvent, PaymentKind
from xiaobao.exits.queries.matching import let_go_by
from xiaobao.exits.queries.pages import GIVEN_UP, exit_numbered, letting_go
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.exits.facts import Payments


def hold_desk(seller_id: int) -> None:
    """Have nothing else done about a seller's exits until the caller's transaction ends."""
    store.hold_desk(seller_id)


@transaction.atomic
def transfer_instead(
    seller_id: int, lodgement: tuple[int, int], amount_minor: int, *, at: datetime
) -> int:
    """Pay so much by a transfer that was to be let go of: it is here, and not frozen any more.

    Only of payments of which nothing is at the gateway; what is left of each is let go of under
    another name. Return for how much it could be.
    """
    store.hold_desk(seller_id)
    found = letting_go(seller_id, lodgement)
    held = store.hold_payments(found.seller_id, found.payment_hi, found.payment_lo)
    unsent = np.isin(held.state, (PayoutState.CREATED, PayoutState.FAILED))
    held = held.take(unsent & (held.next_us < FAR_US))
    done = 0
    for row in range(len(held)):
        part = min(amount_minor - done, int(held.amount_minor[row]))
        if part:
            _split(held.take(np.array([row])), part, us_of(at))
            done += part
    if done:
        deposits.keep_frozen(seller_id, lodgement, done)
    return done


@transaction.atomic
def send_back(
    seller_id: int, lodgement: tuple[int, int], amount_minor: int, *, at: datetime
) -> int:
    """Transfer what came although it had been let go of; the exit it left by is paid after that.

    Only while nothing more of the sum is being let go of. Return how much it is: nothing where
    nothing was ever let go of.
    """
    store.hold_desk(seller_id)
    number = let_go_by(seller_id, lodgement)
    if number is None:
        return 0
    course = Course(exit_numbered(seller_id, number), us_of(at))
    course.happens(ExitEvent.CAME_BACK, amount_minor=amount_minor)
    owe_again(course, amount_minor)
    course.keep()
    return amount_minor


def _split(one: Payments, part_minor: int, at_us: int) -> None:
    """Give one payment up for two: a transfer of this part, and letting go of the rest."""
    far = one.next_us * 0 + FAR_US
    store.move_payments(
        replace(one, state=one.state * 0 + PayoutState.FAILED, next_us=far),
        at_us=np.array([at_us]), refs=[""], said=[GIVEN_UP],
    )  # fmt: skip
    name = int(one.payment_hi[0]), int(one.payment_lo[0])
    seller_id, due_us = int(one.seller_id[0]), int(one.due_us[0])
    kind, rest = PaymentKind(int(one.kind[0])), int(one.amount_minor[0]) - part_minor
    course = Course(exit_numbered(seller_id, int(one.number[0])), at_us)
    store.replace_payment(seller_id, name, add_payment(course, kind, part_minor, due_us))
    if rest:
        add_payment(
            course, kind, rest, due_us, of=(int(one.lodgement_hi[0]), int(one.lodgement_lo[0]))
        )
    course.keep()
