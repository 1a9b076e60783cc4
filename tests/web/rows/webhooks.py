"""Addresses of the delivery log of webhooks."""

from tests.web.matrix import ADMINISTRATOR, SUPERVISOR, act, page

ROWS = {
    "webhooks/": page("/webhooks/", ADMINISTRATOR, SUPERVISOR),
    "webhooks/<int:subscription>/replay/": act(
        "/webhooks/{subscription}/replay/", ADMINISTRATOR, status=302
    ),
    "webhooks/<int:subscription>/<uuid:event>/": page(
        "/webhooks/{subscription}/{event}/", ADMINISTRATOR, SUPERVISOR
    ),
}
