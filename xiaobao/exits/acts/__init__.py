"""Verbs about exits: apply, decide, go on, pay, force out."""

from xiaobao.exits.acts.applying import apply_for_exit, cancel_exit, submit_exit
from xiaobao.exits.acts.consulting import (
    AnswerOwed,
    ConsultClosed,
    ConsultKeyReused,
    ConsultUnknown,
    NothingSaid,
    close_consult,
    mark_late_consults,
    open_consult,
    say_in_consult,
)
from xiaobao.exits.acts.deciding import approve_exit, hold_exit, refuse_exit
from xiaobao.exits.acts.forcing import carry_out_forced_exits, force_out
from xiaobao.exits.acts.going import move_due_exits
from xiaobao.exits.acts.grounds import MistakeTooLate, ObjectionMissing
from xiaobao.exits.acts.instead import hold_desk, send_back, transfer_instead
from xiaobao.exits.acts.paying import (
    DueRefunds,
    claim_due_refunds,
    mark_sent_again,
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
from xiaobao.exits.acts.relief import ReliefNotOffered, decline_relief, take_relief
from xiaobao.exits.acts.replacing import pay_to_bound_account
from xiaobao.exits.acts.reserves import release_due_reserves

__all__ = [
    "AnswerOwed",
    "BoundAccountMissing",
    "ConsultClosed",
    "ConsultKeyReused",
    "ConsultUnknown",
    "DueRefunds",
    "ExitAmountMissing",
    "ExitAmountTooLarge",
    "ExitKeyReused",
    "ExitMoveImpossible",
    "ExitUnderWay",
    "MistakeTooLate",
    "NoExitUnderWay",
    "NothingSaid",
    "NothingToRefund",
    "ObjectionMissing",
    "RefusalNeedsBlocker",
    "ReliefNotOffered",
    "WordsMissing",
    "apply_for_exit",
    "approve_exit",
    "cancel_exit",
    "carry_out_forced_exits",
    "claim_due_refunds",
    "close_consult",
    "decline_relief",
    "force_out",
    "hold_desk",
    "hold_exit",
    "mark_late_consults",
    "mark_sent_again",
    "move_due_exits",
    "open_consult",
    "pay_to_bound_account",
    "reconcile_refunds",
    "record_refund_answers",
    "refuse_exit",
    "release_due_reserves",
    "say_in_consult",
    "send_back",
    "submit_exit",
    "take_relief",
    "transfer_instead",
]
