"""Shapes of the catalogue: promises, markets, packs, and what a term says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Promise(IntEnum):
    """What a seller promises a buyer. `promises.csv` of a pack says which are basic."""

    SHIPS_ON_TIME = 1  # 按时发货
    IN_STOCK = 2  # 有货承诺
    TRACKING_MOVES = 3  # 物流时效
    REAL_SHIPMENT = 4  # 真实发货
    REFUND_ON_TIME = 5  # 按时退款
    AS_DESCRIBED = 10  # 如实描述
    GENUINE = 11  # 正品保障
    RETURN_7_DAYS = 12  # 七天无理由退货
    BREAKAGE = 13  # 破损包退
    REPAIR_30_DAYS = 14  # 30天维修
    ALLERGY = 15  # 过敏包退


class Certainty(IntEnum):
    """How sure a number's source is."""

    HIGH = 1  # primary text read
    MEDIUM = 2  # secondary text, plausible or corroborated
    LOW = 3  # one weak source
    CONFLICTING = 4  # sources disagree


@dataclass(frozen=True)
class Market:
    """One marketplace: its currency, zone and the pack line that governs it."""

    market_id: int
    name: str
    currency: str
    zone: str


@dataclass(frozen=True)
class PackRow:
    """A published pack, for lists."""

    pack_id: int
    market: str
    name: str
    sha256: str
    published_at: datetime
