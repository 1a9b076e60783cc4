"""The only code that writes or locks this room's tables; it decides nothing."""

from xiaobao.exits.store.checks import add_check
from xiaobao.exits.store.consults import (
    add_consult,
    add_words,
    change_consult,
    hold_consult,
    hold_due_consults,
)
from xiaobao.exits.store.exits import (
    COLUMNS,
    PAYMENT_COLUMNS,
    PAYMENT_SPEC,
    SPEC,
    add,
    add_event,
    add_kept,
    add_payment,
    change,
    hold_desk,
    hold_due_payments,
    hold_payments,
    mark_reconciled,
    move_payments,
    name_account,
    sent_us_of,
)
from xiaobao.exits.store.replaced import hold_carrier, hold_unowed, replace_payment

__all__ = [
    "COLUMNS",
    "PAYMENT_COLUMNS",
    "PAYMENT_SPEC",
    "SPEC",
    "add",
    "add_check",
    "add_consult",
    "add_event",
    "add_kept",
    "add_payment",
    "add_words",
    "change",
    "change_consult",
    "hold_carrier",
    "hold_consult",
    "hold_desk",
    "hold_due_consults",
    "hold_due_payments",
    "hold_payments",
    "hold_unowed",
    "mark_reconciled",
    "move_payments",
    "name_account",
    "replace_payment",
    "sent_us_of",
]
