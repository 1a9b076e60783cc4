"""Questions about hearings: rulings and appeals, the queue, what is to be looked at, replays."""

from xiaobao.claims.queries import BY_RULING
from xiaobao.claims.queries import next_to_look_at_us as next_due_us
from xiaobao.hearings.queries.counted import rulings_made
from xiaobao.hearings.queries.jury import (
    BY_CALL,
    BY_NAME,
    JurorUnknown,
    jurors,
    jurors_listed,
    panels_of,
    seats_held,
)
from xiaobao.hearings.queries.queue import queue
from xiaobao.hearings.queries.reading import (
    RulingUnknown,
    appeals_of,
    content_named,
    platform_total,
    proposed_reasons,
    ruling_named,
    rulings_between,
    rulings_of,
)
from xiaobao.hearings.queries.replaying import (
    explanation_named,
    replayed,
    replayed_ruling,
    replayed_rulings,
)
from xiaobao.hearings.queries.replaying_juries import (
    replayed_answer,
    replayed_answers,
    replayed_draw,
    replayed_draws,
)
from xiaobao.hearings.queries.telling import rulings_told
from xiaobao.hearings.queries.terms_of import terms_for

__all__ = [
    "BY_CALL",
    "BY_NAME",
    "BY_RULING",
    "JurorUnknown",
    "RulingUnknown",
    "appeals_of",
    "content_named",
    "explanation_named",
    "jurors",
    "jurors_listed",
    "next_due_us",
    "panels_of",
    "platform_total",
    "proposed_reasons",
    "queue",
    "replayed",
    "replayed_answer",
    "replayed_answers",
    "replayed_draw",
    "replayed_draws",
    "replayed_ruling",
    "replayed_rulings",
    "ruling_named",
    "rulings_between",
    "rulings_made",
    "rulings_of",
    "rulings_told",
    "seats_held",
    "terms_for",
]
