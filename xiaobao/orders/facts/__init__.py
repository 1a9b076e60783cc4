"""Shapes of orders: facts as they come in, fulfilment as it is judged, breaches as found."""

from xiaobao.orders.facts.breaches import (
    CLOCK_OF,
    Breaches,
    BreachKind,
    BreachTotal,
    Clock,
    Excuse,
    Ground,
    Verdicts,
)
from xiaobao.orders.facts.intake import (
    FACT_SCHEMA,
    CancelReason,
    FactKind,
    Facts,
    IntakeReport,
    Route,
)
from xiaobao.orders.facts.pages import (
    BreachRow,
    ClockRow,
    Counts,
    FactRow,
    LineRow,
    OrderDetail,
    Turnover,
    Words,
)
from xiaobao.orders.facts.states import DETAIL_KINDS, Contradiction, Details, OrderStates
from xiaobao.orders.facts.words import (
    CLOCK_WORDS,
    CONTRADICTION_WORDS,
    FACT_WORDS,
    GROUND_WORDS,
    KIND_WORDS,
    contradictions_in,
)

__all__ = [
    "CLOCK_OF",
    "CLOCK_WORDS",
    "CONTRADICTION_WORDS",
    "DETAIL_KINDS",
    "FACT_SCHEMA",
    "FACT_WORDS",
    "GROUND_WORDS",
    "KIND_WORDS",
    "BreachKind",
    "BreachRow",
    "BreachTotal",
    "Breaches",
    "CancelReason",
    "Clock",
    "ClockRow",
    "Contradiction",
    "Counts",
    "Details",
    "Excuse",
    "FactKind",
    "FactRow",
    "Facts",
    "Ground",
    "IntakeReport",
    "LineRow",
    "OrderDetail",
    "OrderStates",
    "Route",
    "Turnover",
    "Verdicts",
    "Words",
    "contradictions_in",
]
