"""Shapes of deposits: what a quote is judged on, its lines and reasons, the ladder's steps."""

from __future__ import annotations

from enum import IntEnum


class LadderStep(IntEnum):
    """What an unpaid shortfall leads to, step by step; also the key of the ladder's table."""

    NONE = 0
    LONGER_SETTLEMENT = 1  # 账期延长
    NO_CAMPAIGNS = 2  # 限制营销活动
    HIDDEN = 3  # 店铺屏蔽
    SUPERVISED = 4  # 店铺监管
    PAYMENT_CONTROLLED = 5  # 支付账户管控
