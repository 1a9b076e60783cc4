"""One file for each console: a row for each of its addresses."""

from tests.web.rows import (
    account,
    administration,
    buyer,
    desk,
    finance,
    notify,
    public,
    seller,
    webhooks,
)

# Of accounts last: signing out ends the walk.
ROWS = (
    administration.ROWS
    | buyer.ROWS
    | desk.ROWS
    | finance.ROWS
    | notify.ROWS
    | public.ROWS
    | seller.ROWS
    | webhooks.ROWS
    | account.ROWS
)

# Addresses for programs, who come with tokens and scopes: tried where the tests of that door lie.
ELSEWHERE = {"api/v1/": "tests/api"}
