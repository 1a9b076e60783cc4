"""Questions about supervision: shops by rate, signals, charts, inspections, clocks met."""

from xiaobao.supervision.queries.clocks import platform_clocks
from xiaobao.supervision.queries.inspecting import (
    BY_OPENING,
    InspectionUnknown,
    done_under,
    events_of,
    inspection,
    inspections,
    last_inspection,
    last_seq,
    orders_in_breaches,
    sample_of,
    sample_totals,
)
from xiaobao.supervision.queries.replaying import replayed_week, replayed_weeks
from xiaobao.supervision.queries.terms_of import (
    judged_by,
    judged_by_now,
    terms_in_words,
    watch_terms,
)
from xiaobao.supervision.queries.weeks import (
    BY_RATE,
    BY_SIGNAL,
    chart_of,
    history_for,
    last_week,
    markets_awaited,
    next_due_us,
    shops_ranked,
    signals_standing,
    span_of,
    standing_of,
)

__all__ = [
    "BY_OPENING",
    "BY_RATE",
    "BY_SIGNAL",
    "InspectionUnknown",
    "chart_of",
    "done_under",
    "events_of",
    "history_for",
    "inspection",
    "inspections",
    "judged_by",
    "judged_by_now",
    "last_inspection",
    "last_seq",
    "last_week",
    "markets_awaited",
    "next_due_us",
    "orders_in_breaches",
    "platform_clocks",
    "replayed_week",
    "replayed_weeks",
    "sample_of",
    "sample_totals",
    "shops_ranked",
    "signals_standing",
    "span_of",
    "standing_of",
    "terms_in_words",
    "watch_terms",
]
