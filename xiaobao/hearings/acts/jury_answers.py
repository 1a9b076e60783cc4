"""What a panel's votes come to, written once: when all are opened, or its time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.hearings import store
from xiaobao.hearings.queries.jury import open_panels, opened_votes
from xiaobao.hearings.rules import jury
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import Claims
    from xiaobao.hearings.facts import PanelRow, Tally
    from xiaobao.kernel.columns import Int


def answer(panel: PanelRow, *, at: datetime) -> Tally:
    """Count the opened votes, and write down what they come to."""
    found = jury.tally(opened_votes(panel), quorum=panel.quorum, majority_bps=panel.majority_bps)
    store.add_answer((panel.seller_id, panel.claim_id, panel.number), found, at=at)
    return found


def binding_answers(claims: Claims, at_us: Int) -> Int:
    """Answer for panels whose time is over: the outcome of those that bind, 0 for all else."""
    outcome = np.zeros(len(claims), np.int64)
    keys = zip(claims.seller_id.tolist(), claims.claim_id.tolist(), strict=True)
    row_of = {key: row for row, key in enumerate(keys)}
    for panel in open_panels(claims):
        row = row_of[panel.seller_id, panel.claim_id]
        found = answer(panel, at=moment_of(int(at_us[row])))
        if panel.is_binding and found.outcome is not None:
            outcome[row] = found.outcome
    return outcome
