"""Money asked back, goods sent back, and whether the shop pays: promptly, late, or never."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.lab.generate.days import hours_us
from xiaobao.lab.generate.figures import categories, number, numbers
from xiaobao.lab.generate.plans import DAY_US, Fate, Plan, Shops

if TYPE_CHECKING:
    from xiaobao.lab.generate.sales import Sales


@dataclass(frozen=True)
class Refunds:
    asked_us: Int
    asked_minor: Int
    shipped_us: Int
    received_us: Int
    paid_us: Int
    is_overdue: Mask


def make_refunds(
    rng: np.random.Generator, plan: Plan, shops: Shops, sales: Sales,
    *, fate: Int, signed_us: Int, lost_us: Int, cancelled_us: Int,
) -> Refunds:  # fmt: skip
    n = len(sales)
    kind = shops.kind[sales.shop]
    whole = sales.goods_minor + sales.freight_minor
    rate = np.array([c.returned_bps for c in categories()]) / 10_000
    sends_back = (signed_us < FAR_US) & (rng.random(n) < rate[shops.category[sales.shop]])
    asked = np.where(sends_back, signed_us + hours_us(rng, n, 8, 150), FAR_US)
    called_off = (cancelled_us < FAR_US) & (fate != Fate.UNPAID)
    asked = np.where(called_off, cancelled_us, asked)
    asked = np.where(lost_us < FAR_US, lost_us, asked)
    # Those whose parcel never existed, and who ask for their money; the others let it be.
    gives_up = (
        np.isin(fate, [Fate.FAKE, Fate.VANISHED]) & (signed_us == FAR_US) & (lost_us == FAR_US)
    )
    gives_up &= rng.random(n) < number("asks_for_fake")
    asked = np.where(gives_up, sales.placed_us + hours_us(rng, n, 150, 300), asked)
    shipped = np.where(sends_back, asked + hours_us(rng, n, 4, 40), FAR_US)
    received = np.where(sends_back, shipped + hours_us(rng, n, 30, 90), FAR_US)
    clock = np.where(sends_back, received, asked)
    roll = rng.random(n)
    never = roll < numbers("refund_never")[kind]
    overdue = roll < (numbers("refund_never") + numbers("refund_late"))[kind]
    # After a return the law gives seven days; called off before shipping, two must do.
    promptly = np.where(sends_back, hours_us(rng, n, 1, 120), hours_us(rng, n, 1, 40))
    tardily = np.where(sends_back, hours_us(rng, n, 180, 500), hours_us(rng, n, 60, 300))
    wait = np.where(overdue, tardily, promptly)
    paid = np.where((asked < FAR_US) & ~never, clock + wait, FAR_US)
    is_gone = paid >= plan.start_us + shops.leaves_day[sales.shop] * DAY_US
    overdue |= is_gone & (paid < FAR_US)
    paid = np.where(is_gone, FAR_US, paid)
    minor = np.where(asked < FAR_US, np.where(sends_back, sales.goods_minor, whole), 0)
    return Refunds(asked, minor, shipped, received, paid, (asked < FAR_US) & overdue)
