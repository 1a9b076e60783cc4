"""What a batch of postings comes to, in exact order, decided on columns; pure."""

from xiaobao.ledger.rules.comparing import Differing, differing
from xiaobao.ledger.rules.deciding import accounts_moved, decide, is_sound
from xiaobao.ledger.rules.relative import Relative, is_plain, plain, relative
from xiaobao.ledger.rules.simulating import names_to_read
from xiaobao.ledger.rules.straight import is_straight
from xiaobao.ledger.rules.words import (
    account_name,
    account_words,
    op_words,
    outcome_words,
    why_words,
)

__all__ = [
    "Differing",
    "Relative",
    "account_name",
    "account_words",
    "accounts_moved",
    "decide",
    "differing",
    "is_plain",
    "is_sound",
    "is_straight",
    "names_to_read",
    "op_words",
    "outcome_words",
    "plain",
    "relative",
    "why_words",
]
