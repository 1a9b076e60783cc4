"""Pages of errors: each in the house's look, in both languages, with what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from tests.web.matrix import NOBODY, OWNER
from xiaobao.web.errors import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable


def _told_by_library(cause: psycopg.Error) -> OperationalError:
    trouble = OperationalError("told")
    trouble.__cause__ = cause
    return trouble


# What breaks under a page, and how that is answered: only what is away comes back by itself.
TROUBLES = (
    (OperationalError("gone"), 503),
    (psycopg.OperationalError("the connection is closed"), 503),
    (psycopg.errors.AdminShutdown("stopped"), 503),
    (_told_by_library(psycopg.errors.ConnectionFailure("broke at COMMIT")), 503),
    (psycopg.errors.DeadlockDetected("each waits for the other"), 500),
    (_told_by_library(psycopg.errors.QueryCanceled("took too long")), 500),
    (ValueError("a bug"), 500),
)


def _is_page_of(answer: Any, status: int, language: str) -> None:
    assert answer.status_code == status
    body = answer.content.decode()
    place = 0 if language == "zh" else 1
    for words in WORDS[status]:
        assert words[place] in body
        assert words[1 - place] not in body
    assert '<link rel="stylesheet"' in body
    assert 'href="/">' in body


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_error_has_its_page(
    language: str, person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"accept-language": language}
    guest = person(NOBODY)
    _is_page_of(guest.get("/none/", headers=said), 404, language)
    _is_page_of(guest.get("/none\0/", headers=said), 404, language)
    shut = guest.get("/language/", headers=said)
    _is_page_of(shut, 405, language)
    assert shut["Allow"] == "POST"
    _is_page_of(guest.get("/", headers=said | {"host": "evil.example"}), 400, language)
    large = guest.post("/account/login/", {}, headers=said, CONTENT_LENGTH=str(10**12))
    assert large.status_code == 413
    assert ("求助时请告知代码 413" if language == "zh" else "say the code 413") in (
        large.content.decode()
    )
    strict = Client(enforce_csrf_checks=True)
    _is_page_of(strict.post("/account/login/", headers=said), 403, language)
    owner = person(OWNER)
    owner.raise_request_exception = False
    for trouble, status in TROUBLES:

        def fail(*_: object, raised: Exception = trouble, **__: object) -> None:
            raise raised

        with monkeypatch.context() as broken:
            # What the session of everybody is read with: nothing further can be asked.
            broken.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
            answer = owner.get("/", headers=said)
        _is_page_of(answer, status, language)
        assert answer.get("Retry-After") == ("60" if status == 503 else None)
