"""The platform's own clock for payouts: owed when, arrived when."""

from __future__ import annotations

from xiaobao.advances.facts import PayoutState
from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.spans import Spans


def payout_spans(since_us: int, until_us: int) -> Spans:
    """Payouts owed in `[since, until)` and not stopped; when they are due is the pack's to say."""
    columns = sets.fetch_arrays(
        "SELECT market_id, created_at, 'infinity'::timestamptz, "
        "coalesce(ended_at, 'infinity') FROM advances_payout "
        f"WHERE created_at >= %s AND created_at < %s AND state <> {PayoutState.STOPPED:d} "
        "ORDER BY created_at, seller_id, payout",
        [moment_of(since_us), moment_of(until_us)],
        {"market_id": "i2", "since_us": "ts", "due_us": "ts", "ended_us": "ts"},
    )
    return Spans.of(**columns)
