"""What a record comes to: the bound is Wilson's; and a label that was changed is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.evidence.rules.notes import Signer
from xiaobao.trust.facts import FORMAT, MOST_HEADROOM, Records
from xiaobao.trust.rules import (
    LabelRefused,
    checked,
    least_bps,
    signed_text,
    standings,
    with_signature,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIGNER, OTHER = Signer("shop.example", bytes(range(32))), Signer("shop.example", bytes(32))
COUNTS = st.integers(0, 1_000_000).flatmap(
    lambda orders: st.tuples(st.integers(0, orders), st.just(orders))
)


def at_most(bps: int, kept: int, orders: int) -> bool:
    """Whether the share kept lies at or above what `bps` being true would let expect, exactly."""
    p, z_squared = Fraction(bps, 10_000), Fraction(38416, 10_000)
    share = Fraction(kept, orders)
    return share >= p and (share - p) ** 2 >= z_squared * p * (1 - p) / orders


@given(COUNTS)
def test_the_bound_is_wilsons_rounded_down(counts: tuple[int, int]) -> None:
    kept, orders = counts
    [bound] = least_bps(np.array([kept]), np.array([orders])).tolist()
    if orders == 0:
        assert bound == 0
        return
    assert 0 <= bound <= 10_000 * kept // orders
    assert bound == 0 or at_most(bound, kept, orders)
    # One more where the float lies a hair below a whole number; the whole itself bounds nothing.
    assert bound + 2 >= 10_000 or not at_most(bound + 2, kept, orders)


def test_few_orders_prove_little() -> None:
    kept, orders = np.array([0, 5, 500, 499]), np.array([0, 5, 500, 500])
    assert least_bps(kept, orders).tolist() == [0, 5655, 9923, 9887]


def test_a_batch_is_a_stack_of_singles_and_nothing_asked_is_met() -> None:
    records = Records.of(
        orders=[10, 0, 3], broken=[1, 0, 3], required_minor=[100, 0, 300],
        available_minor=[99, 0, 100_000],
    )  # fmt: skip
    whole = standings(records)
    assert whole.kept_bps.tolist() == [9000, 0, 0]
    assert whole.headroom_percent.tolist() == [99, MOST_HEADROOM, MOST_HEADROOM]
    assert whole.is_met.tolist() == [False, True, True]
    for row in range(len(records)):
        one = standings(records.take(np.array([row])))
        for name in whole.names():
            assert getattr(one, name)[0] == getattr(whole, name)[row]


def made(**changes: Any) -> dict[str, Any]:
    label = {
        "format": FORMAT, "shop": "小店", "kept": {"orders": 3, "broken": 1},
        "valid_until": (NOW + timedelta(hours=24)).isoformat(),
    } | changes  # fmt: skip
    return with_signature(label, SIGNER.sign(signed_text(label)))


def as_bytes(label: dict[str, Any]) -> bytes:
    return json.dumps(label, ensure_ascii=False, indent=1).encode()


def test_a_label_holds_until_its_day_is_over_and_under_its_own_key_alone() -> None:
    keys = [OTHER.verifier, SIGNER.verifier]
    found = checked(as_bytes(made()), keys, at=NOW)
    assert (found.label["shop"], found.key, found.is_expired) == ("小店", str(keys[1]), False)
    assert "signature" not in found.label
    assert checked(as_bytes(made()), keys, at=NOW + timedelta(hours=25)).is_expired
    with pytest.raises(LabelRefused):
        checked(as_bytes(made()), [OTHER.verifier], at=NOW)


@pytest.mark.parametrize("change", [
    {"shop": "another"}, {"kept": {"orders": 3, "broken": 0}}, {"more": 1}, {"format": "x"},
    {"valid_until": "2030-01-01T00:00:00+00:00"}, {"signature": ""}, {"signature": 1},
    {"signature": "— shop.example AAAA"}, {"signature": "— other AAAAAAAA"},
])  # fmt: skip
def test_every_change_to_a_label_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(LabelRefused):
        checked(as_bytes(made() | change), [SIGNER.verifier], at=NOW)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b"[" * 50_000, b"1" * 200_000])
def test_what_is_no_label_is_refused(body: bytes) -> None:
    with pytest.raises(LabelRefused):
        checked(body, [SIGNER.verifier], at=NOW)


def test_a_label_without_an_end_is_refused() -> None:
    with pytest.raises(LabelRefused):
        checked(as_bytes(made(valid_until="tomorrow")), [SIGNER.verifier], at=NOW)
