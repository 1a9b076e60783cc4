"""Resources, one file each, in the order in which they are described."""

from ninja import Router

from xiaobao.api.resources import (
    bills,
    books,
    buyers,
    clock,
    decisions,
    deposits,
    drafts,
    facts,
    items,
    juries,
    mixes,
    orders,
    packs,
    payouts,
    policies,
    rulings,
    sellers,
    supervision,
    threads,
    trust,
    violations,
    webhooks,
)
from xiaobao.api.resources.claims import evidence, filing, papers
from xiaobao.api.resources.exits import calls as exits

RESOURCES: list[Router] = [
    clock.router,
    sellers.router,
    items.router,
    facts.router,
    orders.router,
    deposits.router,
    payouts.router,
    mixes.router,
    buyers.router,
    filing.router,
    evidence.router,
    papers.router,
    rulings.router,
    juries.router,
    exits.router,
    threads.router,
    violations.router,
    supervision.router,
    packs.router,
    drafts.router,
    policies.router,
    decisions.router,
    books.router,
    bills.router,
    webhooks.router,
    trust.router,
]
