"""Where a seller is paid, and from when: not at once where that was changed."""

from __future__ import annotations

import numpy as np

from xiaobao.exits.facts import Payee
from xiaobao.exits.rules.payees import is_waiting, paid_from
from xiaobao.exits.terms import ExitRules
from xiaobao.kernel.clocks import moment_of, us_of, zone_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers


def payee_of(seller_id: int) -> Payee:
    """The bound account with the real name it has to stand in; blank where one is missing.

    The terms are those of the moment of the change: what is published later prolongs no wait.
    """
    profile = sellers.profile_of(seller_id)
    account, holder = profile["payout_account"].strip(), profile["legal_name"].strip()
    bound = (account, holder) if account and holder else ("", "")
    changed_at = sellers.payee_changed_at(seller_id)
    if changed_at is None:
        return Payee(*bound)
    market = promises.market_of(int(sellers.markets_of(np.array([seller_id]))[0]))
    moment = np.array([us_of(changed_at)])
    days = promises.book_of(ExitRules, market.market_id).in_force(moment).payee_wait_days
    from_us = paid_from(moment, np.array([True]), days, zone_of(market.zone))
    by = next(
        (
            one.changed_by for one in sellers.payee_changes(seller_id)
            if (one.account, one.holder) != (one.account_before, one.holder_before)
        ),
        "",
    )  # fmt: skip
    return Payee(*bound, changed_at, by, moment_of(int(from_us[0])))


def waits_until_us(payee: Payee, at_us: int) -> int:
    """Until when nothing is paid to this account; 0 where it is paid to now."""
    if payee.paid_from is None:
        return 0
    from_us = us_of(payee.paid_from)
    return from_us if bool(is_waiting(np.array([from_us]), at_us)[0]) else 0
