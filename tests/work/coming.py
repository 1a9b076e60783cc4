"""Money that comes in, as a bill of the gateway tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.gateways.bills import read_bill
from xiaobao.gateways.local_alipay.bills import account_bill
from xiaobao.gateways.local_alipay.book import Entry
from xiaobao.work.bills.taking import take_in

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

COMING_DAY = "2025-03-02"


def came_in(folder: Path, seq: int, fen: int, *, at: datetime) -> str:
    """The number of the line of an account bill, handed in now, by which this came in."""
    line = Entry(seq, "转账", "", f"R{seq}", "", fen, 0, f"{COMING_DAY} 10:00:00", "", "", "")
    file = folder / f"came-{seq}.csv"
    file.write_bytes(account_bill(COMING_DAY, [line]).encode("gb18030"))
    take_in(read_bill(file), file.name, at=at)
    return f"{seq:014d}"
