"""Resources, one file each, in the order in which they are described."""

from ninja import Router

from xiaobao.api.resources import (
    clock,
    decisions,
    deposits,
    facts,
    items,
    orders,
    packs,
    policies,
    rulings,
    sellers,
    trust,
    violations,
    webhooks,
)
from xiaobao.api.resources.claims import evidence, filing
from xiaobao.api.resources.exits import calls as exits

RESOURCES: list[Router] = [
    clock.router,
    sellers.router,
    items.router,
    facts.router,
    orders.router,
    deposits.router,
    filing.router,
    evidence.router,
    rulings.router,
    exits.router,
    violations.router,
    packs.router,
    policies.router,
    decisions.router,
    webhooks.router,
    trust.router,
]
