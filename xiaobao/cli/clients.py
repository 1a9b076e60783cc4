"""`xiaobao clients`: programs that may call the API; added with a secret shown once, revoked."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_pairs, print_table, say

app = typer.Typer()


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="名称 · what it is called")],
    *,
    role: Annotated[
        str,
        typer.Option(help="platform, seller, adjudicator, policy, finance, supervisor"),
    ],
    seller: Annotated[
        str,
        typer.Option(metavar="SELLER", help="seller 角色的店铺 · the shop of a seller's client"),
    ] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="权限，可重复；不写即角色的全部 · again: more; none: all"),
    ] = None,
    per_minute: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="每分钟调用数 · calls a minute")
    ] = 3000,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """添加客户端，密钥只显示这一次 · add a client; its secret is shown this once"""
    from xiaobao.cli.evidence.pieces import named
    from xiaobao.work.scopes import ClientRole

    asked = named(ClientRole, role, "--role")
    open_for_command()
    from xiaobao.sellers.queries import seller_named
    from xiaobao.work.callers import add_client

    seller_id = seller_named(seller).seller_id if seller else 0
    client_id, secret = add_client(
        name, asked, seller_id=seller_id, scopes=scope, calls_per_minute=per_minute,
        at=now() if at is None else at,
    )  # fmt: skip
    if as_json:
        print_json({"client_id": client_id, "client_secret": secret, "role": role})
        return
    print_pairs(
        [
            (say(zh="客户端编号", en="client id"), client_id),
            (say(zh="密钥（只显示这一次）", en="secret (shown this once)"), secret),
        ]
    )


@app.command("list")
def list_all(*, as_json: Json = False) -> None:
    """所有客户端，不含密钥 · every client, without secrets"""
    open_for_command()
    import numpy as np

    from xiaobao.sellers.queries import names_of
    from xiaobao.work.callers import clients
    from xiaobao.work.scopes import CLIENT_ROLE_WORDS

    rows = clients()
    shops = names_of(np.array([one.seller_id for one in rows], np.int64))
    if as_json:
        print_json(
            [
                {
                    "client_id": one.client_id, "name": one.name, "role": one.role.name.lower(),
                    "seller": shops.get(one.seller_id), "scopes": one.scopes,
                    "calls_per_minute": one.calls_per_minute, "added_at": one.added_at,
                    "revoked_at": one.revoked_at,
                }
                for one in rows
            ]
        )  # fmt: skip
        return
    print_table(
        [say(zh="编号", en="id"), say(zh="名称", en="name"), say(zh="角色", en="role"),
         say(zh="店铺", en="shop"), say(zh="每分钟", en="a minute"), say(zh="添加", en="added"),
         say(zh="撤销", en="revoked")],
        [
            [one.client_id, one.name,
             say(zh=CLIENT_ROLE_WORDS[one.role][0], en=CLIENT_ROLE_WORDS[one.role][1]),
             shops.get(one.seller_id, "-"), one.calls_per_minute, moment(one.added_at),
             moment(one.revoked_at) if one.revoked_at else "-"]
            for one in rows
        ],
    )  # fmt: skip


@app.command()
def revoke(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="客户端编号 · the client's id")],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """撤销客户端：令牌与密钥立即失效 · its tokens and its secret are void at once"""
    open_for_command()
    from xiaobao.work.callers import revoke_client

    revoke_client(client, at=now() if at is None else at)
    if as_json:
        print_json({"client_id": client, "revoked": True})
        return
    print(say(zh=f"已撤销 {client}", en=f"revoked {client}"))
