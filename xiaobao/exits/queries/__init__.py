"""Questions about exits: what is in the way and until when, what is due, one exit whole."""

from xiaobao.exits.queries.checking import check_of
from xiaobao.exits.queries.pages import (
    ExitUnknown,
    exit_detail,
    exits_listed,
    next_due_us,
    next_refund_us,
    paid_refunds,
)

__all__ = [
    "ExitUnknown",
    "check_of",
    "exit_detail",
    "exits_listed",
    "next_due_us",
    "next_refund_us",
    "paid_refunds",
]
