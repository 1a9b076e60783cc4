"""Answers to announced versions: accepted or objected to, once each, and what objections do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest
from django.db import transaction

from tests.later_pack import announced_pack, china_pack
from tests.sellers.conftest import NOON
from xiaobao.database.sets import execute
from xiaobao.kernel.clocks import us_of
from xiaobao.outbox.queries import events_of
from xiaobao.promises.acts import withdraw_pack
from xiaobao.promises.acts.consulting import WordsNotUsable
from xiaobao.promises.queries import VersionUnknown
from xiaobao.sellers import acts, queries, rules
from xiaobao.sellers.facts import AnswerRow, Event

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.promises.facts import Market, Version

DAY = timedelta(days=1)


@pytest.fixture
def seller(cn: Market) -> int:
    return int(
        acts.enrol_sellers(["阿明小店"], market_id=cn.market_id, signed_by="x", at=NOON - DAY)[0]
    )


@pytest.fixture
def version(seller: int, tmp_path: Path) -> Version:
    return announced_pack(china_pack(tmp_path / "pack"), "v2", at=NOON)


def told(seller: int) -> list[tuple[int, int]]:
    """Kinds and subjects of what was told of the seller's answers."""
    events = events_of(np.array([seller]))
    kinds = zip(events.kind.tolist(), events.subject_id.tolist(), strict=True)
    return [(kind, subject) for kind, subject in kinds if kind in (407, 408)]


def test_an_objection_keeps_the_terms_before(seller: int, version: Version) -> None:
    assert queries.objection_of(seller) is None
    row = acts.object_to_version(seller, "v2", by="阿明", at=NOON + DAY)
    assert row == AnswerRow(version.pack_id, "v2", False, NOON + DAY, "阿明")
    assert acts.object_to_version(seller, "v2", by="again", at=NOON + 2 * DAY) == row
    found = queries.objection_of(seller)
    assert found is not None
    assert (found.pack_id, found.version, found.said_at, found.said_by) == (
        version.pack_id, "v2", NOON + DAY, "阿明",
    )  # fmt: skip
    effective_us = us_of(version.effective_at)
    assert (found.effective_us, found.terms_us) == (effective_us, effective_us - 1)
    assert told(seller) == [(408, version.pack_id)]
    # Said again when it is in force it still stands; changing one's mind is too late then.
    late = version.effective_at
    assert acts.object_to_version(seller, "v2", by="again", at=late) == row
    with pytest.raises(acts.NothingToAnswer, match="'v2' is in force"):
        acts.accept_version(seller, "v2", by="阿明", at=late)


def test_who_accepts_after_all_has_no_objection(seller: int, version: Version) -> None:
    acts.object_to_version(seller, "v2", by="阿明", at=NOON + DAY)
    acts.accept_version(seller, "v2", by="阿明", at=NOON + 2 * DAY)
    assert queries.objection_of(seller) is None
    assert [a.is_accepted for a in queries.answers_of(seller)] == [False, True]
    acts.object_to_version(seller, "v2", by="阿明", at=NOON + 3 * DAY)
    assert queries.objection_of(seller) is not None
    # Dated back it counts from the last, which it follows; and said again it is said once.
    for _ in range(2):
        assert acts.accept_version(seller, "v2", by="阿明", at=NOON).said_at == NOON + 3 * DAY
    assert queries.objection_of(seller) is None
    assert sorted(told(seller)) == [(k, version.pack_id) for k in (407, 407, 408, 408)]


def test_a_withdrawn_version_is_objected_to_no_more(seller: int, version: Version) -> None:
    acts.object_to_version(seller, "v2", by="阿明", at=NOON + DAY)
    withdraw_pack("cn", "v2", why="x", by="operator", at=NOON + 2 * DAY)
    assert queries.objection_of(seller) is None
    with pytest.raises(acts.NothingToAnswer, match="'v2' is withdrawn"):
        acts.accept_version(seller, "v2", by="阿明", at=NOON + 3 * DAY)
    assert told(seller) == [(408, version.pack_id)]


def test_what_cannot_be_answered_leaves_nothing(seller: int, version: Version) -> None:
    assert version.version == "v2"
    with pytest.raises(VersionUnknown):
        acts.accept_version(seller, "v3", by="x", at=NOON)
    with pytest.raises(acts.NothingToAnswer, match="'2025-09-05' is in force"):
        acts.object_to_version(seller, "2025-09-05", by="x", at=NOON)
    with pytest.raises(WordsNotUsable):
        acts.accept_version(seller, "v2", by="a\0b", at=NOON)
    with pytest.raises(acts.SellerUnknown):
        acts.accept_version(7, "v2", by="x", at=NOON)
    ids = np.array([seller])
    acts.move_sellers(ids, Event.LEAVE, at=NOON)
    acts.move_sellers(ids, Event.FINISH, at=NOON)
    with pytest.raises(acts.SellerNotActive):
        acts.accept_version(seller, "v2", by="x", at=NOON)
    assert queries.answers_of(seller) == []
    assert told(seller) == []
    for change in ("DELETE FROM sellers_answer", "UPDATE sellers_answer SET is_accepted = true"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
            execute(change)


# -- which objection stands (no database) --------------------------------------------------------

EFFECTS = {1: 10, 2: 20, 3: 30}


def said(*answers: tuple[int, bool]) -> list[AnswerRow]:
    return [
        AnswerRow(pack, f"v{pack}", is_accepted, NOON + n * DAY, "x")
        for n, (pack, is_accepted) in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("answers", "signed_at", "stands"),
    [
        ([], None, None),
        ([(2, False), (1, False)], None, 1),
        ([(1, False), (2, True)], None, None),
        ([(2, False), (1, True)], None, 2),
        ([(1, True), (1, False)], None, 1),
        ([(9, False)], None, None),
        ([(1, False), (2, False)], NOON + DAY, 2),
        ([(1, False)], NOON + DAY, None),
    ],
)
def test_the_objection_that_stands(
    answers: list[tuple[int, bool]], signed_at: datetime | None, stands: int | None
) -> None:
    found = rules.objection_that_stands(said(*answers), EFFECTS, signed_at)
    assert (found.pack_id if found else None) == stands
