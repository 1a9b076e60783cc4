"""Addresses of the console of supervision."""

from tests.web.matrix import SUPERVISOR, page

ROWS = {
    "supervision/": page("/supervision/", SUPERVISOR),
    "supervision/platform/": page("/supervision/platform/", SUPERVISOR),
    "supervision/penalties/": page("/supervision/penalties/", SUPERVISOR),
}
