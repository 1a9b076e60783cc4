"""Programs that may call the API: added with a secret shown once, found by token, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.problems import Problem
from xiaobao.work.scopes import SCOPE_WORDS, ClientRole, scopes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

NO_SHOP = 0
CALLS_PER_MINUTE = 3000
MOST_LETTERS = 100  # of a name, as the sign-in library keeps it


class ClientUnknown(Problem):
    code = "client_unknown"
    status: ClassVar[int] = 404
    zh = "client 字段：没有编号为“{client}”的有效客户端；用 xiaobao clients list 查看"
    en = "client: there is no client '{client}' in force; see xiaobao clients list"


class ScopeNotOfRole(Problem):
    code = "scope_not_of_role"
    status: ClassVar[int] = 422
    zh = "scope 字段：角色“{role}”不能有权限“{scope}”；可选：{allowed}"
    en = "scope: role '{role}' cannot have scope '{scope}'; there are: {allowed}"


class ShopMissing(Problem):
    code = "client_shop_missing"
    status: ClassVar[int] = 422
    zh = "seller 字段：seller 角色的客户端须属于一家店铺，其他角色不属于任何店铺"
    en = "seller: a client of role seller is of one shop, and any other role's of none"


class ClientNameTaken(Problem):
    """People tell clients apart by their names; the house by their ids alone."""

    code = "client_name_taken"
    zh = "name 字段：已有名为“{name}”的有效客户端；请换一个名称，或先撤销它"
    en = "name: a client in force is called '{name}'; give another name, or revoke that one first"


class ClientNameMissing(Problem):
    code = "client_name_missing"
    status: ClassVar[int] = 422
    zh = "name 字段：请写 1 至 {most} 个字符的名称"
    en = "name: write a name of 1 to {most} characters"


@dataclass(frozen=True)
class Caller:
    """Who calls: a client as it is now, with the scopes of its token."""

    client_id: str
    name: str
    role: ClientRole
    seller_id: int  # NO_SHOP but for a seller's own
    scopes: frozenset[str]
    calls_per_minute: int

    @property
    def is_of_shop(self) -> bool:
        return self.role == ClientRole.SELLER


@dataclass(frozen=True)
class ClientRow:
    """A client for a list; its secret is nowhere."""

    client_id: str
    name: str
    role: ClientRole
    seller_id: int
    scopes: tuple[str, ...]
    calls_per_minute: int
    added_at: datetime
    revoked_at: datetime | None


def add_client(
    name: str,
    role: ClientRole,
    *,
    seller_id: int = NO_SHOP,
    scopes: Sequence[str] | None = None,
    calls_per_minute: int = CALLS_PER_MINUTE,
    at: datetime,
) -> tuple[str, str]:
    """Add a client; return its id and its secret, which is shown this once.

    :raises ShopMissing: for a seller's client of no shop, or another role's of one
    :raises ScopeNotOfRole: for a scope that the role cannot have
    :raises ClientNameMissing: for a name that says nothing, or is far too long
    :raises ClientNameTaken: where the same owner has one in force of that name
    """
    from allauth.idp.oidc.adapter import get_adapter
    from allauth.idp.oidc.models import Client

    if (role == ClientRole.SELLER) != (seller_id != NO_SHOP):
        raise ShopMissing
    allowed = scopes_of(role)
    wanted = allowed if scopes is None else [one for one in SCOPE_WORDS if one in set(scopes)]
    for scope in scopes or ():
        if scope not in allowed:
            raise ScopeNotOfRole(role=role.name.lower(), scope=scope, allowed=", ".join(allowed))
    called = name.strip()
    if not called or len(called) > MOST_LETTERS or "\0" in called:
        raise ClientNameMissing(most=MOST_LETTERS)
    adapter = get_adapter()
    client_id, secret = adapter.generate_client_id(), adapter.generate_client_secret()
    client = Client(
        id=client_id, name=called, type=Client.Type.CONFIDENTIAL,
        grant_types=Client.GrantType.CLIENT_CREDENTIALS, response_types="",
        scopes="\n".join(wanted), default_scopes="\n".join(wanted), created_at=at,
    )  # fmt: skip
    client.set_secret(secret)
    with transaction.atomic():
        client.save(force_insert=True)
        if not execute(
            "INSERT INTO work_api_client (seller_id, client_id, name, role, scopes, "
            "calls_per_minute, added_at) VALUES (%s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (seller_id, name) WHERE revoked_at IS NULL DO NOTHING",
            [seller_id, client_id, called, int(role), " ".join(wanted), calls_per_minute, at],
        ):
            raise ClientNameTaken(name=called)
    return client_id, secret


# The library's own way to the token, and then ours to the client, cost half of an empty call.
_HOLDER = (
    "SELECT c.client_id, c.name, c.role, c.seller_id, t.scopes, c.calls_per_minute "
    "FROM allauth_idp_oidc_token t JOIN work_api_client c USING (client_id) "
    "WHERE t.type = 'at' AND t.hash = %s AND (t.expires_at IS NULL OR t.expires_at > now()) "
    "AND c.revoked_at IS NULL"
)


def caller_of(token: str) -> Caller | None:
    """Who holds this token; None where it is none, ran out, or its client was revoked."""
    from allauth.idp.oidc.adapter import get_adapter

    rows = fetch_rows(_HOLDER, [get_adapter().hash_token(token)])
    if not rows:
        return None
    client_id, name, role, seller_id, scopes, calls = rows[0]
    return Caller(client_id, name, ClientRole(role), seller_id, frozenset(scopes.split()), calls)


def clients() -> list[ClientRow]:
    """Every client there ever was, the latest first."""
    rows = fetch_rows(
        "SELECT client_id, name, role, seller_id, scopes, calls_per_minute, added_at, revoked_at "
        "FROM work_api_client ORDER BY added_at DESC, client_id"
    )
    return [
        ClientRow(one[0], one[1], ClientRole(one[2]), one[3], tuple(one[4].split()), *one[5:])
        for one in rows
    ]


@transaction.atomic
def revoke_client(client_id: str, *, at: datetime) -> None:
    """Nobody calls as this client from now on: its tokens and its secret are gone.

    :raises ClientUnknown: if there is none in force
    """
    from allauth.idp.oidc.models import Client

    done = execute(
        "UPDATE work_api_client SET revoked_at = %s WHERE client_id = %s AND revoked_at IS NULL",
        [at, client_id],
    )
    if not done:
        raise ClientUnknown(client=client_id)
    Client.objects.filter(pk=client_id).delete()
