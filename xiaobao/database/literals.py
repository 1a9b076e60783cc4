"""Queries with their parameters quoted into them: COPY takes no bound ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Params = Sequence[Any] | Mapping[str, Any] | None


def literal(cur: psycopg.Cursor[Any], query: str, params: Params) -> sql.SQL:
    """The query with its parameters merged as quoted literals."""
    if not params:
        return sql.SQL(query)
    plain: Any
    if isinstance(params, dict):
        plain = {k: _plain(v) for k, v in params.items()}
    else:
        plain = [_plain(v) for v in params]
    merged = psycopg.ClientCursor(cur.connection).mogrify(query, plain)
    return sql.SQL(merged)


def _plain(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype == np.bool_:
        return "{" + ",".join("t" if x else "f" for x in value.tolist()) + "}"
    return "{" + ",".join(map(str, value.tolist())) + "}"
