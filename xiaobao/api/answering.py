"""What a call is answered with where it cannot be done: the codes of each, by status.

Those of any call are named here. What a call's own acts can end in is read off the code by
`make map`, into codes.toml; every answer that a test is given is held against both.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao.api.asking import NotFound, NotSignedIn, ScopeMissing
from xiaobao.api.frame import TooLarge, TooManyCalls
from xiaobao.api.once import KeyInUse, KeyMissing, KeyReused
from xiaobao.api.problems import (
    BodyUnreadable,
    Broken,
    QueryUnreadable,
    RequestInvalid,
    Unavailable,
)
from xiaobao.api.trying import Busy, WrongContent
from xiaobao.work.uploads import UploadNotKept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.problems import Problem

_CODES = Path(__file__).with_name("codes.toml")
ANY = (NotSignedIn, TooManyCalls, TooLarge, RequestInvalid, Broken, Busy, Unavailable)
POST = (KeyMissing, KeyInUse, KeyReused, BodyUnreadable, WrongContent, UploadNotKept)


def frame_of(method: str, path: str, call: dict[str, Any]) -> Iterator[type[Problem]]:
    """What a call can be answered with whatever it is for, by how it is described."""
    yield from ANY
    if method == "post":
        yield from POST
    if call.get("security"):
        yield ScopeMissing
    if "{" in path:
        yield NotFound
    if method == "get":
        yield QueryUnreadable


def codes_of(method: str, path: str, call: dict[str, Any]) -> dict[int, list[str]]:
    """Every code that a call can be answered with, by status."""
    found: dict[int, set[str]] = defaultdict(set)
    for one in frame_of(method, path, call):
        found[one.status].add(one.code)
    for status, codes in own_codes_of(method, path).items():
        found[int(status)].update(codes)
    return {status: sorted(found[status]) for status in sorted(found)}


def own_codes_of(method: str, path: str) -> dict[str, list[str]]:
    """What a call's own acts can end in, by status."""
    return _drawn()[f"{method.upper()} {path}"]


@cache
def _drawn() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_CODES.read_text(encoding="utf-8"))
