"""Addresses of the administrator's console."""

from tests.web.matrix import ADMINISTRATOR, CLERK, SUPERVISOR, act, page

ROWS = {
    "administration/": page("/administration/", ADMINISTRATOR),
    "administration/add/": act("/administration/add/", ADMINISTRATOR, is_sensitive=True),
    "administration/people/<name:person>/": page(
        f"/administration/people/{CLERK}/", ADMINISTRATOR
    ),
    "administration/people/<name:person>/change/": act(
        f"/administration/people/{CLERK}/change/", ADMINISTRATOR, is_sensitive=True
    ),
    "administration/log/": page("/administration/log/", ADMINISTRATOR, SUPERVISOR),
}
