"""Alipay's bill of a day, fetched: asked for by a signed call, taken from its own hosts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import httpx

from xiaobao.gateways.alipay.reading import OK
from xiaobao.gateways.alipay.wire import NotBelieved, Wire
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.alipay import Config

_MOST_BYTES = 256 * 2**20
_HOSTS = ".alipay.com"


class BillNotFetched(Problem):
    code: ClassVar[str] = "bill_not_fetched"
    status: ClassVar[int] = 502
    zh: ClassVar[str] = "{day} 的账单没有取到：{why}；账单次日上午生成，请稍后再试"
    en: ClassVar[str] = (
        "the bill of {day} was not fetched: {why}; it is there from the next morning on"
    )


def fetch_bill(config: Config, kind: str, day: str, at: datetime) -> bytes:
    """The zip as Alipay made it.

    :raises BillNotFetched: where it has none, or says that it lies with somebody else
    """
    try:
        with Wire(config) as wire:
            answer = wire.call(
                "alipay.data.dataservice.bill.downloadurl.query",
                {"bill_type": kind, "bill_date": day}, at,
            )  # fmt: skip
    except NotBelieved as trouble:
        raise BillNotFetched(day=day, why=trouble) from trouble
    if answer.get("code") != OK:
        why = answer.get("sub_code") or answer.get("code")
        raise BillNotFetched(day=day, why=why)
    gateway = httpx.URL(config.gateway)
    address = gateway.join(str(answer.get("bill_download_url", "")))
    if address.host != gateway.host and not f".{address.host}".endswith(_HOSTS):
        raise BillNotFetched(day=day, why=f"{address.host}?")
    return _taken(address, day, config.timeout_seconds)


def _taken(address: httpx.URL, day: str, timeout_seconds: int) -> bytes:
    body = b""
    try:
        with httpx.stream("GET", address, timeout=timeout_seconds) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise BillNotFetched(day=day, why="> 256 MiB")
    except httpx.HTTPError as trouble:
        raise BillNotFetched(day=day, why=type(trouble).__name__) from trouble
    return body
