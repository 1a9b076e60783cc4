"""Resources, one file each, in the order in which they are described."""

from ninja import Router

from xiaobao.api.resources import (
    clock,
    decisions,
    deposits,
    exits,
    facts,
    items,
    orders,
    packs,
    rulings,
    sellers,
    trust,
    violations,
    webhooks,
)
from xiaobao.api.resources.claims import filing, moving

RESOURCES: list[Router] = [
    clock.router,
    sellers.router,
    items.router,
    facts.router,
    orders.router,
    deposits.router,
    filing.router,
    moving.router,
    rulings.router,
    exits.router,
    violations.router,
    packs.router,
    decisions.router,
    webhooks.router,
    trust.router,
]
