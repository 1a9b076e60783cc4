"""How changes of where a seller is paid are shown: who was there before is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.cli.output import moment, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.sellers.facts import PayeeChange


def print_payee_changes(changes: Sequence[PayeeChange]) -> None:
    """Nothing where nothing was changed."""
    if not changes:
        return
    print_table(
        [say(zh="收款账户或电话更改于", en="account or telephone changed at"),
         say(zh="经办", en="by"), say(zh="原账户", en="account before"),
         say(zh="原名称", en="name before"),
         say(zh="原电话（请致电告知）", en="telephone before (call and tell)")],
        [[moment(one.changed_at), one.changed_by, one.account_before, one.holder_before,
          one.phone_before] for one in changes],
    )  # fmt: skip
