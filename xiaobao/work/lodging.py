"""A seller pays a deposit in: asked for, taken through the gateway, the answer recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import acts
from xiaobao.deposits.facts import LodgementState
from xiaobao.gateways.payments import Movement, Result
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import uuid_of
from xiaobao.work.through import gateway_in_use

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Lodgements
    from xiaobao.gateways.payments import Answer, PaymentGateway
    from xiaobao.sellers.facts import SellerRow


def lodge_deposit(
    seller: SellerRow,
    amount_minor: int,
    *,
    key: int,
    at: datetime,
    gateway: PaymentGateway | None = None,
) -> Lodgements:
    """Ask for money from a seller's account and take it; the same key is taken once.

    An answer that the gateway still owes is asked for again by the run.

    :raises Problem: as `deposits.acts.request_lodgements`
    """
    asked = acts.request_lodgements(
        np.array([seller.seller_id]), np.array([amount_minor]), keys=key, at=at
    )
    if asked.state[0] in {LodgementState.CONFIRMED, LodgementState.FAILED}:
        return asked
    movement = Movement(
        uuid_of(asked.lodgement_hi[0], asked.lodgement_lo[0]), f"S{seller.seller_id}",
        amount_minor, seller.currency, 1, us_of(at), seller_id=seller.seller_id,
    )  # fmt: skip
    answers: list[Answer] = (gateway_in_use() if gateway is None else gateway).collect([movement])
    # A gateway may answer twice; a certain answer comes before an uncertain one.
    for answer in sorted(answers, key=lambda a: a.result)[:1]:
        record = {
            Result.CONFIRMED: acts.confirm_lodgements, Result.FAILED: acts.fail_lodgements,
        }.get(answer.result, acts.mark_lodgements_unknown)  # fmt: skip
        record(asked, at=at, refs=[answer.gateway_ref], answer=answer.said)
    return asked
