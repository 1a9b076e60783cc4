"""Buyers: a link to one order, opened once; and the account a buyer is paid to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from ninja import Path, Router, Status
from pydantic import Field

from xiaobao.api.asking import needs, shop_in
from xiaobao.api.once import holds_secret
from xiaobao.api.shapes import NAME, NO_NUL, Asked, Moment, Shop, Told, Whole
from xiaobao.work.clock import now
from xiaobao.work.passes import make_pass
from xiaobao.work.payees import bind_payee

router = Router(tags=["buyers"])
YEAR_HOURS = 8760


class LinkAsked(Asked):
    hours: Annotated[Whole, Field(ge=1, le=YEAR_HOURS)] = 168


class LinkTold(Told):
    """Where the buyer of one order gets in, once; put it behind the consoles' own address."""

    seller: str
    order: str
    path: str
    until: Moment


class AccountAsked(Asked):
    """An account of Alipay's (user id, phone or mail), and the name it stands in."""

    account: Annotated[str, Field(min_length=1, max_length=128, pattern=NO_NUL)]
    name: Annotated[str, Field(min_length=1, max_length=128, pattern=NO_NUL)]


class AccountTold(Told):
    buyer: str
    is_bound: bool


@router.post("/sellers/{name:seller}/orders/{name:order}/links", **needs("buyers:write"),
             response={201: LinkTold}, summary="A link for an order's buyer")  # fmt: skip
def link(request: HttpRequest, seller: Shop, order: str, asked: LinkAsked) -> Status[LinkTold]:
    """No kept answer holds it: the same call again makes another link."""
    row, at = shop_in(request, seller), now()
    until = at + timedelta(hours=asked.hours)
    secret = make_pass(row.name, order, at=at, until=until)
    holds_secret(request)
    path = reverse("buyer-open", args=[row.name, secret])
    return Status(201, LinkTold(seller=row.name, order=order, path=path, until=until))


@router.post("/buyers/{name:buyer}/account", **needs("buyers:write"), response=AccountTold,
             summary="Bind the account a buyer is paid to")  # fmt: skip
def bind(
    request: HttpRequest,  # noqa: ARG001
    buyer: Annotated[str, Path(max_length=NAME, pattern=NO_NUL)],
    asked: AccountAsked,
) -> AccountTold:
    """What was sent before keeps its payee."""
    bind_payee(buyer, asked.account, asked.name, at=now())
    return AccountTold(buyer=buyer, is_bound=True)
