"""The only code that writes or locks this room's tables; it decides nothing."""

from xiaobao.deposits.store.mixes import (
    MIX,
    MIX_SPEC,
    hold_due_mixes,
    hold_mix,
    put_mixes,
    trim_plans,
)
from xiaobao.deposits.store.money import (
    LODGEMENT,
    LODGEMENT_SPEC,
    add_cover,
    add_lodgements,
    answer_lodgements,
    cover_row,
    draw_cover,
    hold_cover,
    hold_lodgements,
    return_cover,
)
from xiaobao.deposits.store.releases import begin_releases, hold_due_releases, put_release
from xiaobao.deposits.store.requirements import (
    COLUMNS,
    SPEC,
    add_events,
    add_quotes,
    begin,
    claim_due,
    hold,
    put,
)

__all__ = [
    "COLUMNS",
    "LODGEMENT",
    "LODGEMENT_SPEC",
    "MIX",
    "MIX_SPEC",
    "SPEC",
    "add_cover",
    "add_events",
    "add_lodgements",
    "add_quotes",
    "answer_lodgements",
    "begin",
    "begin_releases",
    "claim_due",
    "cover_row",
    "draw_cover",
    "hold",
    "hold_cover",
    "hold_due_mixes",
    "hold_due_releases",
    "hold_lodgements",
    "hold_mix",
    "put",
    "put_mixes",
    "put_release",
    "return_cover",
    "trim_plans",
]
