"""Questions about exits: what is in the way and until when, what is due, one exit whole."""

from xiaobao.exits.queries.coaching import coach_of
from xiaobao.exits.queries.consulting import (
    BY_URGENCY,
    LATEST_CONSULT,
    consult_of,
    consults_of,
    consults_open,
    consults_waiting,
    next_consult_us,
)
from xiaobao.exits.queries.days import days_of
from xiaobao.exits.queries.laws import LAWS, check
from xiaobao.exits.queries.listing import check_of
from xiaobao.exits.queries.matching import (
    may_still_count,
    refunds_ended,
    refunds_named,
    unowed_refunds,
)
from xiaobao.exits.queries.pages import (
    BY_PRESSURE,
    ExitUnknown,
    exit_detail,
    exits_listed,
    next_due_us,
    next_refund_us,
    paid_refunds,
)
from xiaobao.exits.queries.relief import reliefs_of
from xiaobao.exits.queries.replaying import replayed_exit, replayed_exits
from xiaobao.exits.queries.timing import consult_spans, refund_spans, review_spans
from xiaobao.exits.queries.totals import exit_totals, kept_totals, most_to_leave

__all__ = [
    "BY_PRESSURE",
    "BY_URGENCY",
    "LATEST_CONSULT",
    "LAWS",
    "ExitUnknown",
    "check",
    "check_of",
    "coach_of",
    "consult_of",
    "consult_spans",
    "consults_of",
    "consults_open",
    "consults_waiting",
    "days_of",
    "exit_detail",
    "exit_totals",
    "exits_listed",
    "kept_totals",
    "may_still_count",
    "most_to_leave",
    "next_consult_us",
    "next_due_us",
    "next_refund_us",
    "paid_refunds",
    "refund_spans",
    "refunds_ended",
    "refunds_named",
    "reliefs_of",
    "replayed_exit",
    "replayed_exits",
    "review_spans",
    "unowed_refunds",
]
