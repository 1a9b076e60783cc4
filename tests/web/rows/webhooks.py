"""Addresses of the delivery log of webhooks."""

from tests.web.matrix import ADMINISTRATOR, Row, act, everybody, gated, page

_EVENT = "00000000-0000-0000-0000-000000000001"
ROWS = {
    "webhooks/": page("/webhooks/", ADMINISTRATOR, "the supervisor"),
    # There is no such subscription, and no such event.
    "webhooks/<int:subscription>/replay/": act("/webhooks/1/replay/", ADMINISTRATOR, status=404),
    "webhooks/<int:subscription>/<uuid:event>/": Row(
        f"/webhooks/1/{_EVENT}/", gated((), 404), everybody(405)
    ),
}
