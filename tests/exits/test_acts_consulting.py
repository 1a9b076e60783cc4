"""Consultations: what is sent twice is said once, and one key never says two things."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.exits.making import NOW, SELLER, SHOP, later, open_world
from xiaobao.exits import acts, queries


@pytest.mark.usefixtures("committed")
def test_sent_at_the_same_instant_one_thread_opens() -> None:
    open_world()

    def ask(n: int) -> tuple[int, int]:
        try:
            number = acts.open_consult(
                SELLER, topic=f"sent {n}", words="how?", by=SHOP, at=NOW, key="form"
            )
            said = acts.say_in_consult(
                SELLER, number, words="and when?", by=SHOP, is_specialist=False, at=NOW,
                key="form-1",
            )  # fmt: skip
        finally:
            connection.close()
        return number, said

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(16))) == [(1, 2)] * 16
    [thread] = queries.consults_of(SELLER)
    assert [one.words for one in thread.words] == ["how?", "and when?"]


@pytest.mark.usefixtures("world")
def test_a_key_says_one_thing() -> None:
    def ask(words: str, key: str) -> int:
        return acts.open_consult(SELLER, topic="", words=words, by=SHOP, at=NOW, key=key)

    def say(number: int, words: str, key: str) -> int:
        return acts.say_in_consult(
            SELLER, number, words=words, by="staff", is_specialist=True, at=later(hours=1), key=key
        )

    # Without a key each is another one.
    assert [ask("a", "k"), ask("a", ""), ask("a", ""), ask("a", "k")] == [1, 2, 3, 1]
    assert [one.number for one in queries.consults_of(SELLER)] == [3, 2, 1]
    assert [one.number for one in queries.consults_of(SELLER, limit=2)] == [3, 2]
    assert queries.consult_of(SELLER, 2) == queries.consults_of(SELLER)[1]
    assert [queries.consult_of(SELLER, 4), queries.consult_of(SELLER + 1, 2)] == [None, None]
    assert [say(1, "b", "l"), say(1, "b", "l"), say(1, "b", "")] == [2, 2, 3]
    before = queries.consults_of(SELLER)
    with pytest.raises(acts.ConsultKeyReused, match="'k' names other words"):
        ask("b", "k")
    with pytest.raises(acts.ConsultKeyReused):
        ask("b", "l")  # said in a thread, it opens none
    for number, words in ((1, "c"), (2, "b")):
        with pytest.raises(acts.ConsultKeyReused):
            say(number, words, "l")
    assert queries.consults_of(SELLER) == before
    acts.close_consult(SELLER, 1, at=later(hours=2))
    assert say(1, "b", "l") == 2  # sent again when all is over, it was said all the same
