"""Verbs of advances: pay buyers first, recover from sellers, put right what was reversed."""

from xiaobao.advances.acts.compensating import (
    BookMissing,
    CompensationDiffers,
    advanced_under,
    compensate,
    settle_due_breaches,
)
from xiaobao.advances.acts.paying import (
    claim_due_payouts,
    mark_sent_again,
    reconcile_payouts,
    record_payout_answers,
)
from xiaobao.advances.acts.recovering import recover_debts, sweep_penalties
from xiaobao.advances.acts.reversing import CompensationUnknown, reverse_compensation
from xiaobao.advances.acts.stopping import stop_payouts

__all__ = [
    "BookMissing",
    "CompensationDiffers",
    "CompensationUnknown",
    "advanced_under",
    "claim_due_payouts",
    "compensate",
    "mark_sent_again",
    "reconcile_payouts",
    "record_payout_answers",
    "recover_debts",
    "reverse_compensation",
    "settle_due_breaches",
    "stop_payouts",
    "sweep_penalties",
]
