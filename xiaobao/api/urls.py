"""Addresses of the API: tokens, and everything else by resource."""

from __future__ import annotations

from django.urls import path

import xiaobao.work.names  # noqa: F401  the kind of part `name`, before addresses use it
from xiaobao.api import tokens
from xiaobao.api.root import api

urlpatterns = [
    path("token", tokens.issue, name="api-token"),
    path("revoke", tokens.revoke, name="api-revoke"),
    path("", api.urls),
]
