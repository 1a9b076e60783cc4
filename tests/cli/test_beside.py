"""A local Alipay beside the demo: there while it is served, and gone with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest

from tests.gateways.alipay_here import AT, adapter, with_keys
from xiaobao.cli.beside import alipay_beside
from xiaobao.database.places import places
from xiaobao.gateways.alipay import configured
from xiaobao.gateways.payments import Movement, Query, Result
from xiaobao.gateways.succeeding import SucceedingGateway
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.clocks import us_of

if TYPE_CHECKING:
    from pathlib import Path

RELIABLE = Settings(0, 0, 0, 0, 0)


def moving(n: int) -> Movement:
    return Movement(UUID(int=n), f"B{n}", 500, "CNY", 1, us_of(AT), seller_id=7)


def test_money_goes_through_it_while_it_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path))
    with_keys(places().local_alipay)
    with alipay_beside("http://127.0.0.1:9/notify/alipay"):
        config = configured()
        assert config is not None
        assert config.payees == "named"
        assert adapter(config).transfer_out([moving(1)])[0].result is Result.CONFIRMED
    assert configured() is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(config.gateway)
    # Somebody's own account stays theirs.
    own = str(places().local_alipay / "alipay.toml")
    monkeypatch.setenv("XIAOBAO_ALIPAY", own)
    with alipay_beside("http://127.0.0.1:9/notify/alipay"):
        assert os.environ["XIAOBAO_ALIPAY"] == own
    assert os.environ["XIAOBAO_ALIPAY"] == own


def test_what_the_old_gateway_knows_it_goes_on_with(tmp_path: Path) -> None:
    old, new = TestGateway(tmp_path / "old"), TestGateway(tmp_path / "new")
    for gateway in (old, new):
        gateway.set_behaviour(RELIABLE)
    old.transfer_out([moving(1)])
    both = SucceedingGateway(old, new)
    asked = [Query(UUID(int=n), us_of(AT)) for n in (1, 2)]
    assert [(a.id.int, a.result) for a in both.query(asked)] == [
        (1, Result.CONFIRMED), (2, Result.NOT_FOUND),
    ]  # fmt: skip
    answers = both.transfer_out([moving(2), moving(1)])
    assert sorted((a.id.int, a.result) for a in answers) == [
        (1, Result.CONFIRMED), (2, Result.CONFIRMED),
    ]  # fmt: skip
    assert [line.id.int for line in new.bill()] == [2]
    assert [both.collect([moving(3)])[0].result, len(new.bill()), len(both.bill())] == [
        Result.CONFIRMED, 2, 3,
    ]  # fmt: skip
