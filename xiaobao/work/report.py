"""What a run did, and what stands in the whole database after it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import AnswersReport, MoneyMoved, SettleReport
from xiaobao.claims.facts import Moved
from xiaobao.exits.facts import Moved as ExitsMoved
from xiaobao.hearings.facts import Ruled
from xiaobao.kernel.money import as_json
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.supervision.acts import Counted
from xiaobao.violations.facts import LookReport, MoveReport

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from xiaobao.advances.facts import PayoutState
    from xiaobao.orders.facts import BreachKind


@dataclass
class ThisRun:
    """Counts of one run, growing as it goes; money in minor units whatever the currency."""

    windows: int = 0
    lodgements: int = 0
    taken: int = 0  # parts of frozen sums
    settled: SettleReport = field(default_factory=SettleReport)
    answers: AnswersReport = field(default_factory=AnswersReport)
    recovered: MoneyMoved = field(default_factory=MoneyMoved)
    swept: MoneyMoved = field(default_factory=MoneyMoved)
    claims: Moved = field(default_factory=Moved)
    ruled: Ruled = field(default_factory=Ruled)
    exits: ExitsMoved = field(default_factory=ExitsMoved)
    refunds: AnswersReport = field(default_factory=AnswersReport)
    looked: LookReport = field(default_factory=LookReport)
    punished: MoveReport = field(default_factory=MoveReport)
    reported: int = 0  # reports of quarters published
    counted: Counted = field(default_factory=Counted)
    forced: int = 0
    climbed: int = 0
    quoted: int = 0
    expired: int = 0
    told: int = 0
    compared: int = 0  # drafts, with what is in force, over all of history
    sealed: int = 0  # ends of chains put into the evidence log
    log_refused: int = 0  # times that the log was found damaged, and nothing was added

    def counts(self) -> dict[str, int]:
        """How often each clock fired."""
        return {
            "windows": self.windows,
            "lodgements_confirmed": self.lodgements,
            "parts_taken": self.taken,
            "breaches_found": self.settled.found,
            "breaches_paid": self.settled.paid,
            "payouts_confirmed": self.answers.confirmed,
            "payouts_failed": self.answers.failed,
            "payouts_unknown": self.answers.unknown,
            "debts_recovered": self.recovered.books,
            "penalties_swept": self.swept.books,
            "ladder_looks": self.climbed,
            "quotes": self.quoted,
            "holds_expired": self.expired,
            "policy_notices": self.told,
            "comparisons_made": self.compared,
            "chains_sealed": self.sealed,
            "log_refused": self.log_refused,
            "claims_looked_at": self.claims.looked,
            "claims_to_review": self.claims.to_review,
            "claims_lapsed": self.claims.lapsed,
            "claims_closed": self.claims.closed,
            "claims_overdue": self.claims.overdue,
            "claims_ruled_by_rule": self.ruled.by_rule,
            "claims_ruled_by_jury": self.ruled.by_jury,
            "claims_ruled_by_default": self.ruled.by_default,
            "claims_left_to_persons": self.ruled.for_person,
            "exits_forced": self.forced,
            "exits_looked_at": self.exits.looked,
            "exits_overdue": self.exits.late,
            "exits_ended": self.exits.ended,
            "refunds_confirmed": self.refunds.confirmed,
            "refunds_failed": self.refunds.failed,
            "refunds_unknown": self.refunds.unknown,
            "violations_recorded": self.looked.recorded,
            "violations_confirmed": self.punished.confirmed,
            "violations_overdue": self.punished.missed,
            "penalties_begun": self.punished.begun,
            "penalties_ended": self.punished.ended,
            "forced_exits_decided": self.punished.forced,
            "weeks_counted": self.counted.weeks,
            "reports_published": self.reported,
            "signals_raised": self.counted.signals,
        }


@dataclass(frozen=True)
class PromiseTotal:
    """One kind of breach in one currency, since the beginning."""

    kind: BreachKind
    currency: str
    count: int
    buyers_minor: int
    platform_minor: int


@dataclass(frozen=True)
class PayoutTotal:
    state: PayoutState
    currency: str
    count: int
    amount_minor: int


@dataclass(frozen=True)
class RunReport:
    """All but `this_run` speaks of the whole database since the beginning.

    `sums` is money by currency under a name: who bore it, what was recovered, what is owed.
    """

    until: datetime
    promises: list[PromiseTotal]
    payouts: list[PayoutTotal]
    sums: dict[str, dict[str, int]]
    currencies: list[str]
    this_run: ThisRun

    def as_dict(self) -> dict[str, Any]:
        """For a door. Money is one amount where one currency is known, else a list of amounts."""
        by_promise = {
            kind.name.lower(): {
                "count": sum(t.count for t in rows),
                "total": self._money((t.currency, t.buyers_minor) for t in rows),
                "platform": self._money((t.currency, t.platform_minor) for t in rows),
            }
            for kind, rows in _grouped(self.promises, "kind").items()
        }
        payouts = {
            state.name.lower(): {
                "count": sum(t.count for t in rows),
                "total": self._money((t.currency, t.amount_minor) for t in rows),
            }
            for state, rows in _grouped(self.payouts, "state").items()
        }
        sums = {name: self._money(amounts.items()) for name, amounts in self.sums.items()}
        return {
            "until": self.until, "by_promise": by_promise, "payouts": payouts, **sums,
            "this_run": self.this_run.counts(),
        }  # fmt: skip

    def _money(self, amounts: Iterable[tuple[str, int]]) -> Any:
        total = dict.fromkeys(self.currencies, 0)
        for currency, minor in amounts:
            total[currency] += minor
        each = [as_json(minor, currency) for currency, minor in total.items()]
        return each[0] if len(each) == 1 else each


def _grouped(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups


def report_of(until: datetime, this_run: ThisRun) -> RunReport:
    """Read what stands in the database now."""
    currency = {market.market_id: market.currency for market in promises.markets()}
    return RunReport(
        until=until,
        promises=[
            PromiseTotal(t.kind, currency[t.market_id], t.count, t.buyer_minor, t.platform_minor)
            for t in orders.breach_totals()
        ],
        payouts=[
            PayoutTotal(t.state, currency[t.market_id], t.count, t.amount_minor)
            for t in advances.payout_totals()
        ],
        sums=_sums(currency),
        currencies=sorted(set(currency.values())),
        this_run=this_run,
    )


def _sums(currency: dict[int, str]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {name: defaultdict(int) for name in _BORNE | _HELD}
    for total in advances.split_totals():
        for name, column in _BORNE.items():
            sums[name][currency[total.market_id]] += getattr(total, column)
    for row in ledger.trial_balance():
        for name, (account, sign) in _HELD.items():
            if row.account is account:
                sums[name][row.currency] += sign * row.sum_minor
    return sums


_BORNE = {
    "paid_to_buyers": "buyers_minor",
    "punitive": "platform_minor",
    "from_reserve": "reserve_minor",
    "from_deposit": "deposit_minor",
    "from_cover": "cover_minor",
    "advanced": "fund_minor",
    "granted": "granted_minor",
    "recovered": "recovered_minor",
    "reversed": "reversed_minor",
}
_HELD = {
    "debts": (Account.FUND, -1),
    "deposits": (Account.DEPOSIT, 1),
    "locked": (Account.LOCKED, 1),
    "reserves": (Account.RESERVE, 1),
    "owed_to_buyers": (Account.BUYERS, 1),
    "penalties_held": (Account.PENALTY, 1),
}
