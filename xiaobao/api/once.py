"""Idempotency keys: a POST under a key is done once, and answered the same again."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponse

from xiaobao.api.asking import caller_in
from xiaobao.kernel.problems import Problem
from xiaobao.work import answers
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from xiaobao.work.callers import Caller

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_LOOKS = re.compile(r"[\x21-\x7e]{1,200}")
# Who asks may get another answer without anything having been decided about the act.
_NOT_KEPT = {401, 403, 405, 412, 413, 415, 428, 429}
_TOLD = ("Content-Type", "ETag", "Location", "Content-Language", "X-Problem")


class KeyMissing(Problem):
    code = "idempotency_key_missing"
    status: ClassVar[int] = 400
    zh = (
        "Idempotency-Key 头：每个 POST 都须带一个键（1 至 200 个可见 ASCII 字符，如 UUID）；"
        "重试时用同一个键"
    )
    en = (
        "Idempotency-Key: every POST carries a key (1 to 200 visible ASCII characters, such as a "
        "UUID); use the same one when you try again"
    )


class KeyReused(Problem):
    code = "idempotency_key_reused"
    status: ClassVar[int] = 422
    zh = "Idempotency-Key 头：该键用于另一个请求；请换一个键"
    en = "Idempotency-Key: this key stands for another request; use another key"


class KeyInUse(Problem):
    code = "idempotency_key_in_use"
    zh = "同一个 Idempotency-Key 的请求正在办理；请稍后用同一个键再问"
    en = "a request under this Idempotency-Key is being answered; ask again soon, with the same"


def key_in(request: HttpRequest) -> str:
    """:raises KeyMissing: where a POST carries none that can be one"""
    given = request.headers.get(HEADER, "")
    if not _LOOKS.fullmatch(given):
        raise KeyMissing
    return given


def act_key(request: HttpRequest) -> str:
    """What names this call to the act: the client's own key, apart from other clients'."""
    return f"api {caller_in(request).client_id} {key_in(request)}"


def holds_secret(request: HttpRequest) -> None:
    """What this call is answered holds a secret: it is told this once, and kept nowhere."""
    request.holds_secret = True  # type: ignore[attr-defined]


def once(request: HttpRequest, caller: Caller, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a POST: as before where its key was answered, else by doing it.

    :raises KeyMissing: where it carries no key
    :raises KeyReused: where the key stands for something else
    :raises KeyInUse: while the same is being answered elsewhere
    """
    key = key_in(request)
    mine = caller.seller_id, caller.client_id, key
    digest = _fingerprint(request)
    with answers.answering_once(*mine, digest, at=now()) as (is_mine, is_new):
        kept = answers.kept_under(*mine) if is_mine and not is_new else None
        # Neither new nor known: it was purged this moment, and is new when it is asked again.
        if not is_mine or (kept is None and not is_new):
            raise KeyInUse
        if kept is not None and kept.sha256 != digest:
            raise KeyReused
        if kept is not None and kept.status:
            again = HttpResponse(kept.body, status=kept.status)
            for name, value in kept.headers.items():
                again.headers[name] = value
            again.headers[REPLAYED] = "true"
            return again
        response = run()
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or (
            response.status_code in _NOT_KEPT or getattr(request, "holds_secret", False)
        ):
            answers.forget(*mine)
        else:
            headers = {name: response.headers[name] for name in _TOLD if name in response.headers}
            answers.keep(
                *mine, status=response.status_code, headers=headers, body=response.content
            )
        return response


def _fingerprint(request: HttpRequest) -> bytes:
    """What makes a request the same: method, address, language apart, and what it carries."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        # Its boundary is drawn anew each time: what it holds is compared, part by part.
        for name in sorted(request.POST):
            for value in request.POST.getlist(name):
                digest.update(f"{name}={value}\0".encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                body = hashlib.sha256()
                for chunk in file.chunks():
                    body.update(chunk)
                file.seek(0)
                digest.update(f"{name}={file.name}\0".encode() + body.digest())
    else:
        digest.update(request.body)
    return digest.digest()
