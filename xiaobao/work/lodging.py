"""A seller pays a deposit in: asked for, taken through the gateway, the answer recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import acts
from xiaobao.deposits.facts import LodgementState
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import uuid_of
from xiaobao.work.collecting import NEVER_LAST, collected, record
from xiaobao.work.through import gateway_in_use

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Lodgements
    from xiaobao.gateways.payments import PaymentGateway
    from xiaobao.sellers.facts import SellerRow


def lodge_deposit(
    seller: SellerRow,
    amount_minor: int,
    *,
    key: int,
    at: datetime,
    gateway: PaymentGateway | None = None,
    is_frozen: bool = False,
) -> Lodgements:
    """Ask for money from a seller's account and take it; the same key is taken once.

    What `is_frozen` stays in the seller's own account, frozen.

    An answer that the gateway still owes is asked for again by the run.

    :raises Problem: as `deposits.acts.request_lodgements`
    :raises LodgementEnding: while the run calls it off: no code is shown for it any more
    """
    asked = acts.request_lodgements(
        np.array([seller.seller_id]), np.array([amount_minor]), keys=key, at=at,
        is_frozen=is_frozen,
    )  # fmt: skip
    if asked.state[0] in {LodgementState.CONFIRMED, LodgementState.FAILED}:
        return asked
    if asked.is_ending[0]:
        raise acts.LodgementEnding(lodgement=uuid_of(asked.lodgement_hi[0], asked.lodgement_lo[0]))
    through = gateway_in_use() if gateway is None else gateway
    at_us = max(us_of(at), through.now_us())
    record(asked, collected(asked, at_us, through, last=NEVER_LAST), at_us)
    return asked
