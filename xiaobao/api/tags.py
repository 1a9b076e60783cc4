"""Tags: what two people may change is decided on only as whoever decides has seen it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

from xiaobao.api.asking import needs
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from django.http import HttpRequest

_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "the ETag of what is decided on, as it was read",
    "schema": {"type": "string", "minLength": 3, "maxLength": 100, "pattern": '^"[!#-~]+"$'},
}


class TagMissing(Problem):
    code = "if_match_missing"
    status: ClassVar[int] = 428
    zh = "If-Match 头：请先读取，并带上读到的 ETag"
    en = "If-Match: read it first, and send the ETag it came with"


class TagOld(Problem):
    code = "changed_meanwhile"
    status: ClassVar[int] = 412
    zh = "If-Match 头：您读取之后情况已变；请重新读取后再决定"
    en = "If-Match: it changed after you read it; read it again, then decide"


def tag(*state: object) -> str:
    """Names a state; another state has another."""
    said = " ".join(str(part) for part in state)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'


def check_tag(request: HttpRequest, stands: str) -> None:
    """Refuse to decide on what has changed since it was read.

    :raises TagMissing: where the call does not say what was read
    :raises TagOld: where something else stands now
    """
    seen = request.headers.get("If-Match", "").strip()
    if not seen:
        raise TagMissing
    if stands not in [one.strip() for one in seen.split(",")]:
        raise TagOld


def decides(scope: str) -> dict[str, Any]:
    """As `needs`, for what is decided under a tag."""
    takes = needs(scope)
    takes["openapi_extra"]["parameters"] = [_IF_MATCH]
    return takes
