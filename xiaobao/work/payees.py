"""Where buyers are paid: the account each bound, in whose name; looked up when money goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int

_MOST_LETTERS = 128


class PayeeMisshapen(Problem):
    code: ClassVar[str] = "payee_misshapen"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "{field} 字段：应为 1 到 128 个可见字符；支付宝账号写会员号（2088 开头）、手机号或邮箱"
    )
    en: ClassVar[str] = (
        "{field}: 1 to 128 printable characters; an account is a user id (2088...), phone or mail"
    )


def bind_payee(buyer: str, account: str, name: str, *, at: datetime) -> int:
    """From now on this buyer is paid there; return the buyer's id.

    What was sent before keeps its payee: the gateway knows its number with that one.

    :raises PayeeMisshapen: for an account or a name that cannot be one
    """
    for field, text in (("buyer", buyer), ("account", account), ("name", name)):
        if not text.strip() or len(text) > _MOST_LETTERS or not text.isprintable():
            raise PayeeMisshapen(field=field)
    buyer_id = id_of(buyer)
    execute(
        "INSERT INTO work_payee (buyer_id, account, name, bound_at) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (buyer_id) DO UPDATE SET account = excluded.account, "
        "name = excluded.name, bound_at = excluded.bound_at",
        [buyer_id, account.strip(), name.strip(), at],
    )
    return buyer_id


def accounts_bound(buyer_ids: Int) -> dict[int, str]:
    """Where these buyers are paid, of those who bound an account."""
    return dict(
        fetch_rows(
            "SELECT buyer_id, account FROM work_payee WHERE buyer_id = ANY(%s::bigint[])",
            [buyer_ids],
        )
    )


def bound_payee(buyer_id: int) -> tuple[str, str] | None:
    """Account and name."""
    rows = fetch_rows("SELECT account, name FROM work_payee WHERE buyer_id = %s", [buyer_id])
    return (rows[0][0], rows[0][1]) if rows else None
