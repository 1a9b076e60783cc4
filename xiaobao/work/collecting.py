"""Deposits on their way in: asked for, asked about, and given up only where none can come.

A code that was shown may be paid until the gateway has called it off: nothing fails before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import Heard
from xiaobao.deposits.rules import LAST_ASKED_FOR
from xiaobao.gateways.alipay.names import Named
from xiaobao.gateways.payments import Direction, Movement, Query, Result, Way
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import uuid_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.work.notices import note_opposite
from xiaobao.work.paying import BATCH, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from xiaobao.deposits.facts import Lodgements
    from xiaobao.gateways.payments import Answer, PaymentGateway

_NEVER_PAID = "NEVER_PAID"
# More often than anybody ever asks.
NEVER_LAST = 2**31


def confirm_deposits(until_us: int, gateway: PaymentGateway) -> int:
    """Ask about every lodgement that is due by then; return how many came in."""
    confirmed = 0
    while True:
        due_us = deposits_now.next_lodgement_query_us()
        if due_us is None or due_us > until_us:
            return confirmed
        due = deposits_now.lodgements_due(due_us, BATCH)
        # After an outage a code is shown now, not when it was due: so long it can be paid.
        at_us = max(due_us, gateway.now_us())
        answers = collected(due, at_us, gateway)
        confirmed += record(due, answers, at_us, heard=Heard.ENDING)


def collected(
    due: Lodgements, at_us: int, gateway: PaymentGateway, *, last: int = LAST_ASKED_FOR
) -> list[Answer]:
    """What became of each; what nobody began to pay is asked for again.

    What was asked for `last` times and is due again is given up: whoever does not come from the
    clock of the lodgement, but from a person, never gives up the code that person looks at. What
    somebody was shown a code for since `due` was read is left alone: nothing is said of it.
    """
    is_last = due.attempts >= last
    is_left = is_last.copy()
    if is_last.any():
        # Marked before the gateway is asked: a notify of money that it gives back is not believed.
        is_left[is_last] = ~deposits.begin_calling_off(due.take(is_last))
    due = due.take(~is_left)
    movements = _movements(due, at_us)
    times = dict(zip((m.id for m in movements), due.attempts.tolist(), strict=True))
    answers = _given_up([m for m in movements if times[m.id] >= last], gateway)
    fresh = [m for m in movements if times[m.id] < last]
    answers += _asked_for(fresh, {name for name, asked in times.items() if asked}, gateway)
    return answers + silent(movements, answers)


def _movements(due: Lodgements, at_us: int) -> list[Movement]:
    currency = {market.market_id: market.currency for market in promises.markets()}
    return [
        Movement(
            uuid_of(hi, lo), f"S{seller}", amount, currency[market], 1, at_us, seller_id=seller,
            way=Way.FROZEN if is_frozen else Way.PAID,
        )
        for hi, lo, seller, amount, market, is_frozen in zip(
            due.lodgement_hi.tolist(), due.lodgement_lo.tolist(), due.seller_id.tolist(),
            due.amount_minor.tolist(), sellers.markets_of(due.seller_id).tolist(),
            due.is_frozen.tolist(), strict=True,
        )
    ]  # fmt: skip


def _given_up(movements: Sequence[Movement], gateway: PaymentGateway) -> list[Answer]:
    """What was called off before anybody began to pay it was never paid, and never can be."""
    return [
        a._replace(result=Result.FAILED, said=_NEVER_PAID) if a.result is Result.NOT_FOUND else a
        for a in (gateway.give_up(movements) if movements else [])
    ]


def _asked_for(
    movements: Sequence[Movement], shown: set[UUID], gateway: PaymentGateway
) -> list[Answer]:
    """Asked about, and asked for again where the gateway knows of none.

    A refusal to show another code says nothing of one that was `shown` before. Nor is that one
    called off while somebody may be paying by it: it runs out, and is called off in the end.
    """
    answers = gateway.query([Query.about(m, Direction.IN) for m in movements]) if movements else []
    unknown = {a.id for a in answers if a.result is Result.NOT_FOUND}
    again = [m for m in movements if m.id in unknown]
    answers = [a for a in answers if a.id not in unknown]
    return answers + [
        a._replace(result=Result.UNKNOWN) if a.result is Result.FAILED and a.id in shown else a
        for a in (gateway.collect(again) if again else [])
    ]


@transaction.atomic
def record(
    due: Lodgements, answers: Sequence[Answer], at_us: int, *, heard: Heard = Heard.ASKED
) -> int:
    """Write the answers; each lodgement once, a certain one before an uncertain one.

    Return how many came in. One that came in meanwhile, and that the gateway now says failed, is
    for a person to see to: it keeps nobody else's answer.

    :raises LodgementEnding: for one that came in while the run calls it off, heard by another
    """
    said: dict[UUID, Answer] = {}
    for answer in sorted(answers, key=lambda a: a.result):
        said.setdefault(answer.id, answer)
    names = [uuid_of(*key) for key in _keys(due)]
    due = due.take(np.array([name in said for name in names], np.bool_))
    names = [name for name in names if name in said]
    of_each = [said[name] for name in names]
    result = np.array([a.result for a in of_each])
    at = moment_of(at_us)
    confirmed = 0
    for results in ((Result.CONFIRMED,), (Result.FAILED,), (Result.UNKNOWN, Result.NOT_FOUND)):
        rows = np.flatnonzero(np.isin(result, results)).tolist()
        # Words are one lodgement's own: a code to scan is for nobody else.
        for words in dict.fromkeys(of_each[row].said for row in rows):
            alike = [row for row in rows if of_each[row].said == words]
            refs = [of_each[row].gateway_ref for row in alike]
            these = due.take(np.array(alike))
            if Result.CONFIRMED in results:
                confirmed += deposits.confirm_lodgements(
                    these, at=at, refs=refs, answer=words, heard=heard
                )
            elif Result.FAILED in results:
                came = deposits.fail_what_did_not_come(these, at=at, refs=refs, answer=words)
                for seller_id, key in zip(came.seller_id.tolist(), _keys(came), strict=True):
                    note_opposite(Named(Direction.IN, seller_id, uuid_of(*key)), words, at=at)
            else:
                deposits.mark_lodgements_unknown(these, at=at, refs=refs, answer=words)
    return confirmed


def _keys(rows: Lodgements) -> list[tuple[int, int]]:
    return list(zip(rows.lodgement_hi.tolist(), rows.lodgement_lo.tolist(), strict=True))
