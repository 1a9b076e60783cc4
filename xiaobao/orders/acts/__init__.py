"""Verbs of this room: take facts in, find the breaches whose clocks ran out."""

from xiaobao.orders.acts.apart import record_facts_apart
from xiaobao.orders.acts.holding import ask_hold, count_paid, hold_clocks, hold_orders
from xiaobao.orders.acts.intake import record_facts
from xiaobao.orders.acts.reading import FactsMisshapen, FactsRefused
from xiaobao.orders.acts.sweep import find_breaches

__all__ = [
    "FactsMisshapen", "FactsRefused", "ask_hold", "count_paid", "find_breaches", "hold_clocks",
    "hold_orders", "record_facts", "record_facts_apart",
]  # fmt: skip
