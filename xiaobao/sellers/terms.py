"""The numbers of covering items: when so much is covered at once that one should look again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.kernel.columns import Columns, Int


@dataclass(frozen=True, slots=True)
class ItemRules(Columns):
    """One row at a time."""

    TABLE: ClassVar[str] = "item_rules"
    KEY: ClassVar[None] = None

    version: Int
    unusual_count: Int  # fewer items than this are never unusual
    unusual_bps: Int  # of the items covered before; 50000 is five times as many
