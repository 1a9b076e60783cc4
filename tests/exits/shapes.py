"""Columns for tests of rules: things, terms and sellers of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from tests.deposits.shapes import rows
from xiaobao.exits.facts import Blocker, Standings, Things
from xiaobao.exits.terms import ConditionTerms
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START_US = 1_759_284_000_000_000
KINDS = [kind for kind in Blocker if kind is not Blocker.ARREARS]


def things(given: Sequence[Mapping[str, Any]]) -> Things:
    """Things from rows; a moment that a row does not name is not known."""
    far = {"since_us": FAR_US, "until_us": FAR_US, "seller_id": 1}
    return rows(Things, [far | dict(row) for row in given])


def terms(given: Sequence[Mapping[str, Any]]) -> ConditionTerms:
    usual = {"is_asked": True, "is_waited_for": False, "hold_bps": 10_000, "most_days": 30}
    return rows(ConditionTerms, [usual | dict(row) for row in given])


def standings(deposit: int, required: int = 0, elsewhere: int = 0, debt: int = 0) -> Standings:
    return Standings.of(
        seller_id=[1], deposit_minor=[deposit], required_minor=[required],
        counted_elsewhere_minor=[elsewhere], debt_minor=[debt],
    )  # fmt: skip


_MOMENT = st.integers(0, 200 * DAY_US).map(lambda us: START_US + us)
_ROW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([int(kind) for kind in KINDS]),
        "subject_id": st.integers(0, 2**62),
        "basis_minor": st.integers(0, 10**9),
        "since_us": st.one_of(_MOMENT, st.just(FAR_US)),
        "until_us": st.one_of(_MOMENT, st.just(FAR_US)),
        "least_us": st.one_of(st.just(0), _MOMENT),
        "is_asked": st.booleans(),
        "is_waited_for": st.booleans(),
        "hold_bps": st.integers(0, 10_000),
        "most_days": st.integers(0, 400),
    }
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Standings, Things, ConditionTerms]:
    """One seller with anything in the way."""
    given = draw(st.lists(_ROW, max_size=12, unique_by=lambda r: (r["kind"], r["subject_id"])))
    money = st.integers(0, 10**9)
    seller = standings(draw(money), draw(money), draw(money), draw(money))
    names = set(Things.names())
    made = things([{n: v for n, v in row.items() if n in names} for row in given])
    names = set(ConditionTerms.names())
    return seller, made, terms([{n: v for n, v in row.items() if n in names} for row in given])


def moments(made: Things) -> st.SearchStrategy[int]:
    assert np.all(made.seller_id == 1)
    return _MOMENT
