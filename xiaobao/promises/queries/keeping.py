"""What is read often is kept in this process under the catalogue's token.

The token changes whenever anything is published: a question costs one tiny query, and nothing
stale is ever used. One act looks at the token once, and so does one transaction: it decides by
one catalogue from end to end.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from xiaobao.database import trips
from xiaobao.database.sets import ask_rows, fetch_rows, in_transaction
from xiaobao.promises.store import REVISION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xiaobao.database.trips import Asked

V = TypeVar("V")

_REVISION = f"SELECT token FROM {REVISION}"
_NOT_KEPT = object()
_kept: dict[tuple[Any, ...], Any] = {}
_kept_under: list[Any] = [None]
_looked = threading.local()


@contextmanager
def one_catalogue() -> Iterator[None]:
    """Look at the catalogue's token once for all that is asked of it meanwhile.

    What is published during the block counts after it. Nothing is published inside.
    """
    if getattr(_looked, "asked", None) is not None:
        yield
        return
    # Asked together with whatever the act asks first.
    _looked.asked = ask_rows(_REVISION, None, _token_in)
    try:
        yield
    finally:
        _looked.asked = None


def _token() -> Any:
    asked: Asked[Any] | None = getattr(_looked, "asked", None)
    if asked is not None:
        return asked.answer
    if not in_transaction():
        return _token_in(fetch_rows(_REVISION))
    known = trips.known()
    if REVISION not in known:
        known[REVISION] = _token_in(fetch_rows(_REVISION))
    return known[REVISION]


def _token_in(rows: list[tuple[Any, ...]]) -> Any:
    return rows[0][0] if rows else None


def kept_or(make: Callable[[], V], *key: Any) -> V:
    """What `make` gave under the catalogue's present token."""
    token = _token()
    if _kept_under[0] != token or token is None:
        _kept.clear()
        _kept_under[0] = token
    # Under its token: what another thread reads while something is published is not found later.
    found = _kept.get((token, *key), _NOT_KEPT)
    if found is _NOT_KEPT:
        found = _kept[token, *key] = make()
    return cast("V", found)
