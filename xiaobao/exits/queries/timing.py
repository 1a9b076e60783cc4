"""The platform's own clocks about leaving: reviews, deposits paid back, consultations answered."""

from __future__ import annotations

from xiaobao.database import sets
from xiaobao.exits.facts import ExitEvent, ExitState
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.spans import Spans
from xiaobao.sellers import queries as sellers

_SPEC = {"market_id": "i2", "since_us": "ts", "due_us": "ts", "ended_us": "ts"}


def review_spans(since_us: int, until_us: int) -> Spans:
    """Reviews of exits submitted in `[since, until)`; those their sellers called off left out."""
    return _spans(
        "SELECT market_id, submitted_at, review_due_at, least(approved_at, coalesce((SELECT "
        "min(happened_at) FROM exits_event e WHERE e.seller_id = x.seller_id "
        f"AND e.number = x.number AND e.event = {ExitEvent.REFUSED:d}), 'infinity')) "
        "FROM exits_exit x WHERE submitted_at >= %s AND submitted_at < %s "
        f"AND review_due_at < 'infinity' AND state <> {ExitState.CANCELLED:d} "
        "ORDER BY submitted_at, seller_id, number",
        since_us, until_us,
    )  # fmt: skip


def refund_spans(since_us: int, until_us: int) -> Spans:
    """Payments back to sellers begun in `[since, until)`."""
    return _spans(
        "SELECT market_id, created_at, due_at, ended_at FROM exits_payment "
        "WHERE created_at >= %s AND created_at < %s ORDER BY created_at, seller_id, payment",
        since_us, until_us,
    )  # fmt: skip


def consult_spans(since_us: int, until_us: int) -> Spans:
    """Questions asked in `[since, until)` until their answer; when it is due the pack has to say.

    Of words said one after another the first counts. Closing a thread ends the question.
    """
    columns = sets.fetch_arrays(
        "SELECT w.seller_id, w.said_at, 'infinity'::timestamptz, least(c.closed_at, coalesce("
        "(SELECT min(a.said_at) FROM exits_consult_words a WHERE a.seller_id = w.seller_id "
        "AND a.number = w.number AND a.seq > w.seq AND a.is_specialist), 'infinity')) "
        "FROM exits_consult_words w JOIN exits_consult c USING (seller_id, number) "
        "LEFT JOIN exits_consult_words p ON (p.seller_id, p.number, p.seq) "
        "= (w.seller_id, w.number, w.seq - 1) WHERE w.said_at >= %s AND w.said_at < %s "
        "AND NOT w.is_specialist AND coalesce(p.is_specialist, true) "
        "ORDER BY w.said_at, w.seller_id, w.number, w.seq",
        [moment_of(since_us), moment_of(until_us)],
        {"seller_id": "i8", "since_us": "ts", "due_us": "ts", "ended_us": "ts"},
    )
    return Spans.of(market_id=sellers.markets_of(columns.pop("seller_id")), **columns)


def _spans(query: str, since_us: int, until_us: int) -> Spans:
    return Spans.of(**sets.fetch_arrays(query, [moment_of(since_us), moment_of(until_us)], _SPEC))
