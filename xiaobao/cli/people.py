"""`xiaobao people`: accounts and roles: add, invite, grant, revoke, list, log."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_table, say

if TYPE_CHECKING:
    from xiaobao.people.facts import Person, Role

app = typer.Typer()
DAYS_HOURS = 72
MONTH_HOURS = 720

Name = Annotated[str, typer.Argument(metavar="NAME", help="用户名 · the user name")]
RoleOf = Annotated[
    str,
    typer.Option(
        "--role",
        help="owner, clerk · adjudicator, policy, finance, supervisor, administrator",
    ),
]
ShopOf = Annotated[
    str, typer.Option("--shop", metavar="SELLER", help="店铺，店主与店员必填 · of which shop")
]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="经办人 · who does this")]
Hours = Annotated[
    int,
    typer.Option(min=1, max=MONTH_HOURS, help="链接有效小时数 · hours for which the link opens"),
]
Base = Annotated[str, typer.Option(help="控制台的地址 · where the consoles answer")]
HERE = "http://127.0.0.1:8868"
OPERATOR = "operator"


@app.command()
def add(
    name: Name,
    *,
    role: RoleOf,
    shop: ShopOf = "",
    password: Annotated[
        bool,
        typer.Option(
            "--password", help="当场输入密码，不发链接 · type the password now; no link is made"
        ),
    ] = False,
    hours: Hours = DAYS_HOURS,
    base: Base = HERE,
    by: By = OPERATOR,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """开通账号并给予角色，打印邀请链接 · an account with a role, and a link to enter by"""
    of_role = _role(role)
    secret = _typed_password() if password else ""
    open_for_command()
    from django.db import transaction

    from xiaobao.people import acts
    from xiaobao.people.facts import Actor

    when, actor = now() if at is None else at, Actor(0, by)
    # All or nothing: an account whose password was refused is not made either.
    with transaction.atomic():
        acts.add_person(name, of_role, _seller(shop), by=actor, at=when)
        if secret:
            acts.set_password(name, secret, by=actor, at=when)
    if secret:
        _print_person(name, as_json=as_json)
    else:
        _print_link(name, by=by, at=when, hours=hours, base=base, as_json=as_json)


@app.command()
def invite(
    name: Name,
    *,
    hours: Hours = DAYS_HOURS,
    base: Base = HERE,
    by: By = OPERATOR,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """新的邀请链接，旧的随即失效 · a new link; those before lead nowhere any more"""
    open_for_command()
    when = now() if at is None else at
    _print_link(name, by=by, at=when, hours=hours, base=base, as_json=as_json)


@app.command()
def grant(
    name: Name,
    *,
    role: RoleOf,
    shop: ShopOf = "",
    by: By = OPERATOR,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """给予角色 · give a role"""
    of_role = _role(role)
    open_for_command()
    from xiaobao.people import acts
    from xiaobao.people.facts import Actor

    when = now() if at is None else at
    acts.grant(name, of_role, _seller(shop), by=Actor(0, by), at=when)
    _print_person(name, as_json=as_json)


@app.command()
def revoke(
    name: Name,
    *,
    role: RoleOf,
    shop: ShopOf = "",
    by: By = OPERATOR,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """收回角色，立即生效 · take a role away, at once"""
    of_role = _role(role)
    open_for_command()
    from xiaobao.people import acts
    from xiaobao.people.facts import Actor

    when = now() if at is None else at
    acts.revoke(name, of_role, _seller(shop), by=Actor(0, by), at=when)
    _print_person(name, as_json=as_json)


@app.command("list")
def list_people(
    *,
    role: Annotated[str, typer.Option(help="只列此角色 · of this role alone")] = "",
    shop: Annotated[
        str, typer.Option(metavar="SELLER", help="只列此店铺 · of this shop alone")
    ] = "",
    after: Annotated[
        str, typer.Option(metavar="NAME", help="从这个用户名之后 · names after this one")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几行 · at most")] = 100,
    as_json: Json = False,
) -> None:
    """账号与角色 · accounts, and what they may do"""
    of_role = _role(role) if role else None
    open_for_command()
    from xiaobao.database.lists import Place
    from xiaobao.people import queries

    seller_id = _seller(shop) if shop else None
    _print_people(
        queries.people(
            place=Place((after,)) if after else None,
            limit=limit,
            seller_id=seller_id,
            role=of_role,
        ),
        as_json=as_json,
    )


@app.command()
def log(
    *,
    before: Moment = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几行 · at most")] = 50,
    as_json: Json = False,
) -> None:
    """角色的变动，与谁看过他人的个人信息 · what changed, and who saw whose personal data"""
    open_for_command()
    from xiaobao.people import queries
    from xiaobao.people.facts import EVENT_WORDS, ROLE_WORDS

    changes = queries.events(before=before, limit=limit)
    looks = queries.looks(before=before, limit=limit)
    shops = _shops([one.seller_id for one in changes] + [one.seller_id for one in looks])
    if as_json:
        print_json({"events": changes, "looks": looks})
        return
    print_table(
        [say(zh="时间", en="at"), say(zh="账号", en="account"), say(zh="变动", en="what"),
         say(zh="角色", en="role"), say(zh="店铺", en="shop"), say(zh="经办", en="by")],
        [[moment(one.at), one.name, _of(EVENT_WORDS[one.event]),
          _of(ROLE_WORDS[one.role]) if one.role else "", shops.get(one.seller_id, ""), one.by]
         for one in changes],
    )  # fmt: skip
    print_table(
        [say(zh="时间", en="at"), say(zh="账号", en="account"), say(zh="角色", en="role"),
         say(zh="店铺", en="shop"), say(zh="看过", en="saw")],
        [[moment(one.at), one.name,
          _of(ROLE_WORDS[one.role]) if one.role else say(zh="买家", en="buyer"),
          shops.get(one.seller_id, ""), one.page] for one in looks],
    )  # fmt: skip


def _of(words: tuple[str, str]) -> str:
    return say(zh=words[0], en=words[1])


def _role(name: str) -> Role:
    from xiaobao.cli.evidence.pieces import named
    from xiaobao.people.facts import Role as Roles

    return named(Roles, name, "--role")


def _seller(shop: str) -> int:
    from xiaobao.people.facts import STAFF
    from xiaobao.sellers.queries import seller_named

    return seller_named(shop).seller_id if shop else STAFF


def _typed_password() -> str:
    """From the terminal, unseen and twice; from a pipe its one line."""
    if not sys.stdin.isatty():
        typed = sys.stdin.readline().rstrip("\r\n")
    else:
        words = say(zh="密码", en="password")
        typed = typer.prompt(words, hide_input=True, confirmation_prompt=True)
    if not typed:
        raise typer.BadParameter(
            say(zh="没有读到密码", en="no password was read"), param_hint="--password"
        )
    return str(typed)


def _shops(seller_ids: list[int]) -> dict[int, str]:
    import numpy as np

    from xiaobao.sellers.queries import names_of

    return names_of(np.unique(np.array(seller_ids, np.int64)))


def _print_link(
    name: str, *, by: str, at: datetime, hours: int, base: str, as_json: bool
) -> None:  # fmt: skip
    from django.urls import reverse

    from xiaobao.people import acts
    from xiaobao.people.facts import Actor

    until = at + timedelta(hours=hours)
    link = acts.invite(name, by=Actor(0, by), at=at, until=until)
    address = base.rstrip("/") + reverse("invited", args=[link])
    if as_json:
        print_json({"name": name, "link": address, "until": until})
        return
    print(address)
    print(say(zh=f"有效至 {moment(until)}，只能使用一次", en=f"until {moment(until)}, once"))


def _print_person(name: str, *, as_json: bool) -> None:
    from xiaobao.people import queries

    _print_people([queries.person_named(name)], as_json=as_json)


def _print_people(rows: list[Person], *, as_json: bool) -> None:
    from xiaobao.people.facts import ROLE_WORDS

    shops = _shops([held.seller_id for row in rows for held in row.roles])
    if as_json:
        print_json({
            "people": [
                {"name": row.name, "has_password": row.has_password, "roles": [
                    {"role": held.role, "shop": shops.get(held.seller_id), "since": held.since_at}
                    for held in row.roles
                ]}
                for row in rows
            ]
        })  # fmt: skip
        return
    print_table(
        [say(zh="账号", en="account"), say(zh="角色", en="roles"), say(zh="可登录", en="enters")],
        [[row.name,
          ", ".join(f"{_of(ROLE_WORDS[held.role])} {shops.get(held.seller_id, '')}".rstrip()
                    for held in row.roles) or "—",
          say(zh="是", en="yes") if row.has_password else say(zh="否", en="not yet")]
         for row in rows],
    )  # fmt: skip
