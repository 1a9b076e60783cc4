"""Decisions about deposits: how much is asked for, what counts, and what a shortfall leads to."""

from xiaobao.deposits.rules.drawing import cover_drawn
from xiaobao.deposits.rules.freezing import (
    found_postings,
    free_minor,
    let_go,
    lost_postings,
    standing_minor,
    to_take,
)
from xiaobao.deposits.rules.ladder import (
    LAST_ASKED_FOR,
    NEVER,
    NO_EVENT,
    counted,
    instalment,
    ladder_step,
    next_query_us,
    releasable,
    step_to_time,
)
from xiaobao.deposits.rules.premiums import premium_minor, premium_postings
from xiaobao.deposits.rules.quoting import midnights_since, next_quotes, quote
from xiaobao.deposits.rules.words import explain

__all__ = [
    "LAST_ASKED_FOR",
    "NEVER",
    "NO_EVENT",
    "counted",
    "cover_drawn",
    "explain",
    "found_postings",
    "free_minor",
    "instalment",
    "ladder_step",
    "let_go",
    "lost_postings",
    "midnights_since",
    "next_query_us",
    "next_quotes",
    "premium_minor",
    "premium_postings",
    "quote",
    "releasable",
    "standing_minor",
    "step_to_time",
    "to_take",
]
