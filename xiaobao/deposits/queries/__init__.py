"""Questions about deposits: what is asked for and there, clocks, what is due; quotes again."""

from xiaobao.deposits.queries.checking import LAWS, check
from xiaobao.deposits.queries.counting import (
    counted_elsewhere,
    mixes_of,
    next_instalment_us,
    next_release_us,
    premium_of,
    required_of,
)
from xiaobao.deposits.queries.listing import BY_ASKING, lodgements_of
from xiaobao.deposits.queries.matching import lodgements_ended, lodgements_named
from xiaobao.deposits.queries.reading import (
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
    requirements,
    shortfalls,
    unquoted,
)
from xiaobao.deposits.queries.replaying import quote_reference, replayed_quote, replayed_quotes

__all__ = [
    "BY_ASKING",
    "LAWS",
    "check",
    "counted_elsewhere",
    "cover_available",
    "covers_of",
    "deposit_of",
    "ladder_of",
    "ladder_terms",
    "lodged",
    "lodgements_due",
    "lodgements_ended",
    "lodgements_named",
    "lodgements_of",
    "lodging",
    "mixes_of",
    "next_due_us",
    "next_instalment_us",
    "next_lodgement_query_us",
    "next_release_us",
    "premium_of",
    "quote_of",
    "quote_reference",
    "replayed_quote",
    "replayed_quotes",
    "required_of",
    "requirements",
    "shortfalls",
    "unquoted",
]
