"""Which gateway money goes through: Alipay where an account is named, else the test gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from xiaobao.database.places import places
from xiaobao.gateways import test_gateway
from xiaobao.gateways.alipay import configured
from xiaobao.gateways.payments import Payee
from xiaobao.gateways.succeeding import SucceedingGateway
from xiaobao.kernel.problems import Problem
from xiaobao.work.clock import now
from xiaobao.work.payees import bound_payee

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.gateways.alipay import Config
    from xiaobao.gateways.alipay.frozen import FreezingGateway
    from xiaobao.gateways.payments import Movement, PaymentGateway

BY_USER_ID, BY_LOGON = "ALIPAY_USER_ID", "ALIPAY_LOGON_ID"
_USER_ID_DIGITS = 16


def gateway_in_use() -> PaymentGateway:
    """The gateway money goes through from now on.

    What a home asked of the test gateway before it had an account, that one goes on with.

    :raises ConfigWrong: where the account named cannot be used
    """
    config = configured()
    if config is None:
        return test_gateway.TestGateway()
    through = alipay_gateway(config)
    if not places().test_gateway.is_dir():
        return through
    return SucceedingGateway(test_gateway.TestGateway(), through)


def alipay_gateway(config: Config) -> FreezingGateway:
    from xiaobao.gateways.alipay.frozen import FreezingGateway

    return FreezingGateway(config, payee_of=_PAYEES[config.payees], now=now)


class NoAlipay(Problem):
    """Asked for something of Alipay's, and no account there is named."""

    code: ClassVar[str] = "no_alipay"
    zh: ClassVar[str] = "尚未配置支付宝账户；请用环境变量 XIAOBAO_ALIPAY 指明配置文件"
    en: ClassVar[str] = "no account at Alipay is named; name its file in XIAOBAO_ALIPAY"


def fetch_bill(day: str, kind: str) -> bytes:
    """Alipay's bill of one day, as it made it.

    :raises NoAlipay: where no account is named
    :raises BillNotFetched: where it has none
    """
    from xiaobao.gateways.alipay.fetching import fetch_bill as fetched

    config = configured()
    if config is None:
        raise NoAlipay
    return fetched(config, kind, day, now())


def payee_named(account: str, name: str = "") -> Payee:
    """An account as people write it: Alipay's own 16 digits from 2088 on, else a login."""
    is_id = account.isdigit() and len(account) == _USER_ID_DIGITS and account.startswith("2088")
    return Payee(account, BY_USER_ID if is_id else BY_LOGON, name)


def _bound(movement: Movement) -> Payee | None:
    """Buyers bind an account here; a seller's stands in its profile, in its legal name.

    What a seller writes there may look like a buyer of ours; it is paid in its own name alone.
    """
    is_buyer = movement.account.startswith("B") and movement.account[1:].isdigit()
    if movement.holder or not is_buyer:
        return payee_named(movement.account, movement.holder)
    found = bound_payee(int(movement.account[1:]))
    return None if found is None else payee_named(*found)


def _named(movement: Movement) -> Payee | None:
    """A local gateway pays whoever has our own name."""
    return payee_named(movement.account, movement.holder)


_PAYEES: dict[str, Callable[[Movement], Payee | None]] = {"bound": _bound, "named": _named}
