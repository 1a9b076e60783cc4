"""Questions about deposits: what is asked for and there, clocks, what is due; quotes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.deposits.queries import checking, freezing
from xiaobao.deposits.queries.asking import leaving_of, requirements, unquoted
from xiaobao.deposits.queries.counting import (
    ask_mixes,
    counted_elsewhere,
    mixes_of,
    next_instalment_us,
    next_release_us,
    premium_of,
    required_of,
)
from xiaobao.deposits.queries.freezing import (
    at_the_gateway,
    frozen_looks_due,
    frozen_minor,
    frozen_of,
    frozen_total,
    frozen_totals,
    lost_since,
    next_frozen_look_us,
    next_taking_us,
    refs_of_frozen,
    sellers_to_take_from,
    taking_named,
    takings_answered,
    takings_in_trouble,
    takings_of,
)
from xiaobao.deposits.queries.listing import BY_ASKING, lodgements_of
from xiaobao.deposits.queries.matching import (
    lodgements_named,
    money_ended,
    money_named,
    moved_in,
    takings_named,
)
from xiaobao.deposits.queries.reading import (
    ask_cover,
    cover_available,
    covers_of,
    deposit_of,
    ladder_of,
    ladder_terms,
    lodged,
    lodgements_due,
    lodging,
    next_due_us,
    next_lodgement_query_us,
    quote_of,
    shortfalls,
)
from xiaobao.deposits.queries.replaying import quote_reference, replayed_quote, replayed_quotes

if TYPE_CHECKING:
    from xiaobao.ledger.facts import Broken

__all__ = [
    "BY_ASKING",
    "LAWS",
    "ask_cover",
    "ask_mixes",
    "at_the_gateway",
    "check",
    "counted_elsewhere",
    "cover_available",
    "covers_of",
    "deposit_of",
    "frozen_looks_due",
    "frozen_minor",
    "frozen_of",
    "frozen_total",
    "frozen_totals",
    "ladder_of",
    "ladder_terms",
    "leaving_of",
    "lodged",
    "lodgements_due",
    "lodgements_named",
    "lodgements_of",
    "lodging",
    "lost_since",
    "mixes_of",
    "money_ended",
    "money_named",
    "moved_in",
    "next_due_us",
    "next_frozen_look_us",
    "next_instalment_us",
    "next_lodgement_query_us",
    "next_release_us",
    "next_taking_us",
    "premium_of",
    "quote_of",
    "quote_reference",
    "refs_of_frozen",
    "replayed_quote",
    "replayed_quotes",
    "required_of",
    "requirements",
    "sellers_to_take_from",
    "shortfalls",
    "taking_named",
    "takings_answered",
    "takings_in_trouble",
    "takings_named",
    "takings_of",
    "unquoted",
]

LAWS = checking.LAWS | freezing.LAWS


def check(limit_per_law: int = 100) -> list[Broken]:
    """Every breach of this room's laws."""
    return [*checking.check(limit_per_law), *freezing.check(limit_per_law)]
