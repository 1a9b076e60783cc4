"""Which database, as whom: Django's DATABASES from `DATABASE_URL` or from the embedded server.

`default` works as the application role, which cannot change or delete what is append-only;
`owner` is for migrations and grants alone.
"""

from __future__ import annotations

import os
from typing import Any

from psycopg import conninfo

import xiaobao.database.arrays  # noqa: F401  registers itself with psycopg
from xiaobao.database.embedded import server

APP_ROLE = "xiaobao_app"
OWNER = "owner"


def database_url() -> str:
    """`DATABASE_URL` where it is set, else the embedded server's URL (it may not run yet)."""
    return os.environ.get("DATABASE_URL") or server().url


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def django_databases() -> dict[str, dict[str, Any]]:
    """The two aliases of one database."""
    read = conninfo.conninfo_to_dict(database_url())
    parts: dict[str, Any] = {name: value for name, value in read.items() if value is not None}
    options: dict[str, Any] = {
        # Kept where no dearer than one made for the values; see `plans` for how long.
        "options": "-c plan_cache_mode=auto -c timezone=UTC " + str(parts.pop("options", "")),
        "application_name": "xiaobao",
        "prepare_threshold": 5,
    }
    base = {
        "ENGINE": "xiaobao.database.engine",
        "NAME": parts.pop("dbname", "postgres"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }
    options |= parts
    return {
        "default": {**base, "OPTIONS": {**options, "assume_role": APP_ROLE}},
        OWNER: {**base, "OPTIONS": options},
    }
