"""The only code that writes the tables of hearings."""

from xiaobao.hearings.store.jury import (
    add_answer,
    add_juror,
    add_known_case,
    add_known_vote,
    add_panel,
    add_seal,
    add_vote,
    end_juror,
)
from xiaobao.hearings.store.rulings import add_appeal, add_rulings

__all__ = [
    "add_answer",
    "add_appeal",
    "add_juror",
    "add_known_case",
    "add_known_vote",
    "add_panel",
    "add_rulings",
    "add_seal",
    "add_vote",
    "end_juror",
]
