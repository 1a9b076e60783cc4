"""Tables of this door: time lived, buyers' links, clients of the API, bills of gateways."""

from xiaobao.work.models.reckoned import Comparison, Figure, FigureFailure
from xiaobao.work.models.standing import (
    Allowance,
    Answer,
    ApiClient,
    Bill,
    BillLine,
    Call,
    DayClose,
    Life,
    Notice,
    Pass,
    Payee,
    UnowedStep,
    Window,
)

APPEND_ONLY = (
    "work_call", "work_bill", "work_bill_line", "work_notice", "work_day_close",
    "work_unowed_step",
)  # fmt: skip
# What is kept for a while only: answers that may be asked for again, counts of a minute, what
# figures raise.
MAY_BE_DELETED = ("work_answer", "work_allowance", "work_figure_failure")

__all__ = [
    "APPEND_ONLY",
    "MAY_BE_DELETED",
    "Allowance",
    "Answer",
    "ApiClient",
    "Bill",
    "BillLine",
    "Call",
    "Comparison",
    "DayClose",
    "Figure",
    "FigureFailure",
    "Life",
    "Notice",
    "Pass",
    "Payee",
    "UnowedStep",
    "Window",
]
