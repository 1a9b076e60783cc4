"""The law of penalty money: each violation's causes have posted what they should, to the fen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances.rules import reversal_causes
from xiaobao.database import sets
from xiaobao.kernel.columns import groups_of
from xiaobao.kernel.references import digests_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Broken, Why
from xiaobao.ledger.rules import differing
from xiaobao.violations import rules
from xiaobao.violations.facts import State

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Postings

# Law: in words, zh and en.
LAWS = {
    "penalty": (
        "每条违规的罚金须恰好按其决定收取，撤销的如数退还",
        "a violation's money is taken as decided, and given back in full where it was revoked",
    ),
}
_SPEC = {
    "seller_id": "i8", "violation_id": "i8", "recorded_us": "ts", "penalty_minor": "i8",
    "hold_minor": "i8", "deposit_minor": "i8", "fund_minor": "i8", "state": "i2",
}  # fmt: skip


def check(limit_per_law: int = 100) -> list[Broken]:
    """Every violation whose money is not as decided; run it in one snapshot."""
    broken: list[Broken] = []
    for span in ledger.seller_spans():
        rows = _violations(span)
        broken += _taken(rows, span) + _returned(rows, span)
        if len(broken) >= limit_per_law:
            break
    return broken[:limit_per_law]


def _violations(span: tuple[int, int]) -> dict[str, Any]:
    return sets.fetch_arrays(
        "SELECT seller_id, violation_id, recorded_at, penalty_minor, taken_hold_minor, "
        "taken_deposit_minor, taken_fund_minor, state FROM violations_violation "
        "WHERE seller_id BETWEEN %s AND %s",
        [*span],
        _SPEC,
    )


def _causes(rows: dict[str, Any]) -> tuple[Int, Int]:
    return rules.taken_under(rows["seller_id"], rows["violation_id"], rows["recorded_us"])


def _taken(rows: dict[str, Any], span: tuple[int, int]) -> list[Broken]:
    """What was taken, leg by leg; a violation that took nothing has no posting at all."""
    none = np.zeros(len(rows["state"]), np.int64)
    money = rules.Money(
        seller_id=rows["seller_id"], violation_id=rows["violation_id"],
        recorded_us=rows["recorded_us"], penalty_minor=rows["penalty_minor"],
        held_minor=rows["hold_minor"], deposit_minor=none,
    )  # fmt: skip
    takes = rules.Taken(rows["hold_minor"], rows["deposit_minor"], rows["fund_minor"])
    stands = ledger.posted_for((Why.PENALTY,), span)
    ours = np.isin(_names(stands), digests_of(rows["seller_id"], *_causes(rows)))
    wrong = differing(rules.taking(money, takes, none), stands, ours)
    return [
        _broken(
            wrong.seller_id[row], f"leg {wrong.leg[row]}", wrong.expected_minor[row],
            wrong.found_minor[row],
        )
        for row in range(len(wrong))
    ]  # fmt: skip


def _returned(rows: dict[str, Any], span: tuple[int, int]) -> list[Broken]:
    """What was given back, in all: all that was taken where it was revoked, else nothing."""
    high, low = _causes(rows)
    back = reversal_causes(high, low)
    bore = rows["hold_minor"] + rows["deposit_minor"] + rows["fund_minor"]
    wanted = np.where(rows["state"] == State.REVOKED, bore, 0)
    stands = ledger.posted_for((Why.PENALTY_RETURNED,), span)
    names = digests_of(rows["seller_id"], *back)
    every = np.concatenate([names, _names(stands)])
    group = groups_of(every)
    count = int(group.max(initial=-1)) + 1
    expected, found = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(expected, group[: len(names)], wanted)
    np.add.at(found, group[len(names) :], stands.amount_minor)
    seller = np.zeros(count, np.int64)
    seller[group] = np.concatenate([rows["seller_id"], stands.seller_id])
    return [
        _broken(seller[row], "given back", expected[row], found[row])
        for row in np.flatnonzero(expected != found).tolist()
    ]


def _names(postings: Postings) -> Int:
    return digests_of(postings.seller_id, postings.cause_hi, postings.cause_lo)


def _broken(seller_id: Any, detail: str, expected: Any, found: Any) -> Broken:
    return Broken("penalty", int(seller_id), detail, int(expected), int(found), *LAWS["penalty"])
