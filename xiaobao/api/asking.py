"""Who is asking, and what they may: tokens, scopes, and the shop that a path names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from xiaobao.kernel.problems import Problem
from xiaobao.sellers import queries as sellers
from xiaobao.work.callers import caller_of
from xiaobao.work.scopes import SCOPE_WORDS, ClientRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow
    from xiaobao.work.callers import Caller

BEARER = "Bearer "
# How what a client does is signed: `_program`.
_PROGRAM = re.compile(r" \(xb-[0-9a-f]+\)$")


class NotSignedIn(Problem):
    """No token, or one that is not in force."""

    code = "token_missing"
    status: ClassVar[int] = 401
    zh = "Authorization 头：缺少有效的访问令牌；用客户端编号和密钥在 /api/v1/token 取得"
    en = (
        "Authorization: no access token in force; get one at /api/v1/token with the client's id "
        "and secret"
    )


class ScopeMissing(Problem):
    """The token does not carry what this call needs."""

    code = "scope_missing"
    status: ClassVar[int] = 403
    zh = "该令牌没有权限“{scope}”（{what_zh}）；请用有此权限的客户端"
    en = "the token has not the scope '{scope}' ({what_en}); use a client that has it"


class NotFound(Problem):
    """There is none, or not for whoever asks: a stranger is told the same."""

    code = "not_found"
    status: ClassVar[int] = 404
    zh = "{what_zh}不存在，或您无权查看；请核对名称"
    en = "there is no such {what_en}, or not for you; check the name"


def asker(request: HttpRequest) -> Caller | None:
    """Who holds the token of a request; None where it carries none.

    :raises NotSignedIn: where the token is not in force
    """
    given = request.headers.get("Authorization", "")
    if not given:
        return None
    caller = caller_of(given.removeprefix(BEARER)) if given.startswith(BEARER) else None
    if caller is None:
        raise NotSignedIn
    return caller


def caller_in(request: HttpRequest) -> Caller:
    """:raises NotSignedIn: where nobody is"""
    found: Caller | None = request.caller  # type: ignore[attr-defined]
    if found is None:
        raise NotSignedIn
    return found


class Scoped:
    """Lets those calls pass whose token carries one of these scopes."""

    def __init__(self, *scopes: str) -> None:
        assert set(scopes) <= set(SCOPE_WORDS), scopes
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> bool:
        if caller_in(request).scopes.isdisjoint(self.scopes):
            raise _missing(self.scopes[0])
        return True


def needs(*scopes: str) -> dict[str, Any]:
    """The scopes any of which a resource takes: checked at each call, and told in the description.

    Where it takes one of several, what is asked says which: `check_scope`.
    """
    security = [{"oauth2": [scope]} for scope in scopes]
    return {"auth": Scoped(*scopes), "openapi_extra": {"security": security}}


def check_scope(request: HttpRequest, scope: str) -> None:
    """:raises ScopeMissing: where the token of the call does not carry this scope"""
    if scope not in caller_in(request).scopes:
        raise _missing(scope)


def _missing(scope: str) -> ScopeMissing:
    zh, en = SCOPE_WORDS[scope]
    return ScopeMissing(scope=scope, what_zh=zh, what_en=en)


def shop_in(request: HttpRequest, seller: str) -> SellerRow:
    """The shop a path names; for a shop's own client, its own alone.

    :raises NotFound: where there is none, or it is another's
    """
    caller = caller_in(request)
    row = sellers.seller(seller)
    if row is None or (caller.is_of_shop and row.seller_id != caller.seller_id):
        raise NotFound(what_zh="卖家", what_en="seller")
    return row


class NotOfPlatform(Problem):
    """What only the marketplace itself can do."""

    code = "not_of_platform"
    status: ClassVar[int] = 403
    zh = "只有平台可以办理此事；店铺的客户端不能"
    en = "only the marketplace can do this, and no client of a shop"


class NameMissing(Problem):
    """The marketplace's own system says for whom it speaks."""

    code = "name_missing"
    status: ClassVar[int] = 422
    zh = "by 字段：平台系统须写明是代谁办理"
    en = "by: the marketplace's own system says for whom it speaks"


class PersonNeeded(Problem):
    """Two programs are not two persons, whoever they belong to."""

    code = "person_needed"
    status: ClassVar[int] = 403
    zh = (
        "此前由程序决定，复核须由人办理，不能由另一个客户端；请在控制台办理，"
        "或由平台系统写明是谁（by）"
    )
    en = (
        "a program decided before, and a person reviews it, not another client: in the consoles, "
        "or through the marketplace's own system, which says who (by)"
    )


def check_review(request: HttpRequest, before: Iterable[str]) -> None:
    """What a program decided no other program reviews; that it is the same the act itself sees.

    :raises PersonNeeded: where it was one, and another asks
    """
    if caller_in(request).role == ClientRole.PLATFORM:
        return
    mine = person_in(request, "")
    if any(_PROGRAM.search(name) and name != mine for name in before):
        raise PersonNeeded


def person_in(request: HttpRequest, by: str) -> str:
    """In whose name staff act: the client's own, or for the platform the person it names.

    With its id a client is neither a person of that name nor another client.

    :raises NameMissing: where the platform names nobody
    """
    caller = caller_in(request)
    if caller.role != ClientRole.PLATFORM:
        return _program(caller)
    # Blanks around a name make nobody another person.
    named = by.strip()
    if not named:
        raise NameMissing
    return named


def seller_in(request: HttpRequest, row: SellerRow) -> str:
    """In whose name a seller's act is done: of the client that calls, its own or another's."""
    caller = caller_in(request)
    return caller.name + signature(caller, row.name) if caller.is_of_shop else _program(caller)


def signature(caller: Caller, shop: str) -> str:
    """How what a shop's client does ends: its name is whatever its owner gave it."""
    return f" ({shop}, {caller.client_id})"


def is_of_own_client(by: str, shop: str) -> bool:
    """Whether a name is that of a client of this shop's; earlier they went by the shop's."""
    return by == shop or bool(re.search(rf" \({re.escape(shop)}, xb-[0-9a-f]+\)$", by))


def _program(caller: Caller) -> str:
    return f"{caller.name} ({caller.client_id})"
