"""Event kinds have stable dotted names; events have one name per kind and cause."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.references import causes_of, uuid_of
from xiaobao.outbox.facts import EventKind, name_of
from xiaobao.outbox.rules import event_ids

_INT64 = st.integers(-(2**63), 2**63 - 1)


def test_names_are_dotted_and_differ() -> None:
    names = [name_of(kind) for kind in EventKind]
    assert len(set(names)) == len(names)
    assert all(name.count(".") == 1 and name.replace(".", "_").isidentifier() for name in names)
    assert name_of(EventKind.BREACH_FOUND) == "breach.found"
    assert name_of(EventKind.COMPENSATION_ADVANCED) == "compensation.advanced"
    assert name_of(EventKind.PAYOUT_CONFIRMED) == "payout.confirmed"
    assert name_of(EventKind.DEPOSIT_SHORT) == "deposit.short"
    assert name_of(EventKind.DEBT_RECOVERED) == "debt.recovered"


def test_an_event_is_filed_under_its_cause_s_moment() -> None:
    moment = np.array([1_700_000_000_123_000])
    high, low = causes_of(301, moment, np.array([5]))
    event_hi, event_lo = event_ids(np.array([101]), high, low)
    event = uuid_of(int(event_hi[0]), int(event_lo[0]))
    assert event.version == 8
    assert event.int >> 80 == 1_700_000_000_123


@given(_INT64, _INT64, st.sampled_from(EventKind), st.sampled_from(EventKind))
def test_two_kinds_of_one_cause_are_two_events(
    high: int, low: int, one: EventKind, other: EventKind
) -> None:
    first = event_ids(np.array([int(one)]), np.array([high]), np.array([low]))
    second = event_ids(np.array([int(other)]), np.array([high]), np.array([low]))
    is_same = (first[0] == second[0]) & (first[1] == second[1])
    assert bool(is_same[0]) == (one == other)
