"""A local Alipay for a test: keys made once a run, a book of its own, and the adapter to it."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao.gateways.alipay import Config, read_config
from xiaobao.gateways.alipay.frozen import FreezingGateway
from xiaobao.gateways.local_alipay.book import Behaviour
from xiaobao.gateways.local_alipay.keys import make_keys
from xiaobao.gateways.local_alipay.serving import LocalAlipay
from xiaobao.gateways.payments import Movement, Payee

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # 11:00 in China


@cache
def _keys() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="xiaobao-alipay-keys-"))
    make_keys(folder, 1, "")
    return folder


def with_keys(folder: Path) -> Path:
    """RSA keys take long to find: every test's are the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in _keys().iterdir():
        shutil.copy(file, folder)
    return folder


def whoever(movement: Movement) -> Payee:
    return Payee(movement.account, "ALIPAY_LOGON_ID", movement.holder)


@contextmanager
def alipay_at(
    folder: Path, behaviour: Behaviour | None = None, *, notify: str = "",
    deposits: str = "payment",
) -> Iterator[tuple[LocalAlipay, Config]]:  # fmt: skip
    with_keys(folder)
    alipay = LocalAlipay(folder, 0, lambda: time.time_ns() // 1_000_000)
    alipay.book.behave(behaviour or Behaviour())
    config = read_config(make_keys(folder, alipay.port, notify, deposits=deposits))
    alipay.start()
    try:
        yield alipay, config
    finally:
        alipay.stop()


def adapter(config: Config) -> FreezingGateway:
    return FreezingGateway(config, payee_of=whoever, now=lambda: AT)


def refusing(through: FreezingGateway, method: str, sub_code: str) -> None:
    """From now on one method is refused, and does nothing."""
    sdk = through._wire._sdk
    ask = sdk.server_api

    def answer(name: str, *rest: object, **more: object) -> object:
        if name == method:
            return {"code": "40004", "sub_code": sub_code}
        return ask(name, *rest, **more)

    sdk.server_api = answer
