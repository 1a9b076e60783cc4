"""Verbs of this room: take facts in, find the breaches whose clocks ran out."""

from xiaobao.orders.acts.apart import record_facts_apart
from xiaobao.orders.acts.holding import ask_hold, count_paid, hold_clocks, hold_orders
from xiaobao.orders.acts.intake import record_facts
from xiaobao.orders.acts.reading import FactsMisshapen, FactsRefused
from xiaobao.orders.acts.reports import (
    ReportDecided,
    ReportMissing,
    ReportUntilWrong,
    ReportWordsMissing,
    lapse_reports,
    review_report,
)
from xiaobao.orders.acts.sweep import find_breaches

__all__ = [
    "FactsMisshapen", "FactsRefused", "ReportDecided", "ReportMissing", "ReportUntilWrong",
    "ReportWordsMissing", "ask_hold", "count_paid", "find_breaches", "hold_clocks", "hold_orders",
    "lapse_reports", "record_facts", "record_facts_apart", "review_report",
]  # fmt: skip
