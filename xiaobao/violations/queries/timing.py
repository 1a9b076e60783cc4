"""The platform's own clocks about violations: appeals decided, penalties published."""

from __future__ import annotations

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.spans import Spans
from xiaobao.violations.facts import Event

_SPEC = {"market_id": "i2", "since_us": "ts", "due_us": "ts", "ended_us": "ts"}


def decision_spans(since_us: int, until_us: int) -> Spans:
    """Appeals made in `[since, until)` until decided; the clock as it ran out, or none."""
    after = (
        "SELECT min(happened_at) FROM violations_event a WHERE a.seller_id = e.seller_id "
        "AND a.violation_id = e.violation_id AND a.seq > e.seq AND a.event"
    )
    return _spans(
        f"SELECT v.market_id, e.happened_at, coalesce(({after} = {Event.MISS:d}), 'infinity'), "
        f"coalesce(({after} IN ({Event.UPHOLD:d}, {Event.REVOKE:d})), 'infinity') "
        "FROM violations_event e JOIN violations_violation v USING (seller_id, violation_id) "
        f"WHERE e.event = {Event.APPEAL:d} AND e.happened_at >= %s AND e.happened_at < %s "
        "ORDER BY e.happened_at, e.seller_id, e.violation_id",
        since_us, until_us,
    )  # fmt: skip


def publication_spans(since_us: int, until_us: int) -> Spans:
    """Penalties begun in `[since, until)` until everybody could read of them."""
    return _spans(
        "SELECT market_id, begins_at, publish_by_at, published_at FROM violations_penalty "
        "WHERE begins_at >= %s AND begins_at < %s ORDER BY begins_at, seller_id, day, step",
        since_us, until_us,
    )  # fmt: skip


def _spans(query: str, since_us: int, until_us: int) -> Spans:
    return Spans.of(**sets.fetch_arrays(query, [moment_of(since_us), moment_of(until_us)], _SPEC))
