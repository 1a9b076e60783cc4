"""Verbs about exits: apply, decide, go on, pay, force out."""

from xiaobao.exits.acts.applying import apply_for_exit, cancel_exit, submit_exit
from xiaobao.exits.acts.deciding import approve_exit, refuse_exit
from xiaobao.exits.acts.forcing import carry_out_forced_exits, force_out
from xiaobao.exits.acts.going import move_due_exits
from xiaobao.exits.acts.paying import (
    DueRefunds,
    claim_due_refunds,
    pay_to_bound_account,
    reconcile_refunds,
    record_refund_answers,
)
from xiaobao.exits.acts.problems import (
    BoundAccountMissing,
    ExitAmountMissing,
    ExitAmountTooLarge,
    ExitKeyReused,
    ExitMoveImpossible,
    ExitUnderWay,
    NoExitUnderWay,
    NothingToRefund,
    RefusalNeedsBlocker,
    WordsMissing,
)

__all__ = [
    "BoundAccountMissing",
    "DueRefunds",
    "ExitAmountMissing",
    "ExitAmountTooLarge",
    "ExitKeyReused",
    "ExitMoveImpossible",
    "ExitUnderWay",
    "NoExitUnderWay",
    "NothingToRefund",
    "RefusalNeedsBlocker",
    "WordsMissing",
    "apply_for_exit",
    "approve_exit",
    "cancel_exit",
    "carry_out_forced_exits",
    "claim_due_refunds",
    "force_out",
    "move_due_exits",
    "pay_to_bound_account",
    "reconcile_refunds",
    "record_refund_answers",
    "refuse_exit",
    "submit_exit",
]
