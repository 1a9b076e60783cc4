"""Who may hold what together."""

from __future__ import annotations

import pytest

from xiaobao.people.facts import (
    EVENT_WORDS,
    ROLE_WORDS,
    SHOP_ROLES,
    STAFF,
    STAFF_ROLES,
    Event,
    Role,
)
from xiaobao.people.rules import is_conflict, is_last_administrator, is_misplaced

SHOP, OTHER = 7, 8


@pytest.mark.parametrize("role", Role)
def test_a_shops_role_is_in_a_shop_and_the_staffs_in_none(role: Role) -> None:
    assert is_misplaced(role, STAFF) is (role in SHOP_ROLES)
    assert is_misplaced(role, SHOP) is (role in STAFF_ROLES)


def test_nobody_is_on_both_sides() -> None:
    owner, judge = (SHOP, Role.OWNER), (STAFF, Role.ADJUDICATOR)
    assert not is_conflict(frozenset(), STAFF)
    assert not is_conflict({owner}, OTHER)
    assert not is_conflict({judge}, STAFF)
    assert is_conflict({owner}, STAFF)
    assert is_conflict({judge}, SHOP)


def test_the_last_administrator_stays() -> None:
    assert is_last_administrator({1}, 1, Role.ADMINISTRATOR)
    assert not is_last_administrator({1, 2}, 1, Role.ADMINISTRATOR)
    assert not is_last_administrator({1}, 1, Role.FINANCE)
    assert not is_last_administrator({2}, 1, Role.ADMINISTRATOR)


def test_everything_has_words_in_both_languages() -> None:
    for words, members in ((ROLE_WORDS, Role), (EVENT_WORDS, Event)):
        assert set(words) == set(members)
        assert all(zh and en for zh, en in words.values())
