"""What a later pack may change: follow, end, annotate; never rewrite, drop or backdate."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import Term
from xiaobao.promises.rules.changes import Changes, Refusal, changes_between, differences
from xiaobao.promises.rules.lint import close_spans

NOW = 1000


def term(begins: int, ends: int = FAR_US, *, value: int = 1, key: str = "") -> Term:
    return Term(
        "shipping", key, begins, ends, {"ship_hours": value}, "cn.a", "house", 3, {},
        "shipping.csv", begins, begins,
    )  # fmt: skip


def test_the_same_pack_changes_nothing() -> None:
    rows = [term(0, 10), term(10)]
    assert changes_between(rows, rows, NOW) == Changes((), (), (), ())


def test_a_row_that_follows_ends_the_one_before() -> None:
    after = [term(0, NOW), term(NOW, value=2)]
    changes = changes_between([term(0)], after, NOW)
    assert changes == Changes((after[1],), (after[0],), (), ())


def test_a_value_that_stands_may_not_change() -> None:
    changes = changes_between([term(0)], [term(0, value=2)], NOW)
    assert changes.refused == ((Refusal.REWRITTEN, term(0, value=2)),)


def test_a_row_may_not_be_dropped() -> None:
    changes = changes_between([term(0, 10), term(10)], [term(10)], NOW)
    assert changes.refused == ((Refusal.LOST, term(0, 10)),)


def test_nothing_begins_before_it_is_published() -> None:
    late = [term(0, NOW - 1), term(NOW - 1, value=2)]
    refused = changes_between([term(0)], late, NOW).refused
    assert [r for r, _ in refused] == [Refusal.RETROACTIVE, Refusal.RETROACTIVE]


def test_an_end_that_is_set_stays() -> None:
    refused = changes_between([term(0, 2000)], [term(0, 3000)], NOW).refused
    assert refused == ((Refusal.RETROACTIVE, term(0, 3000)),)


def test_a_table_never_published_may_begin_in_the_past() -> None:
    changes = changes_between([replace(term(0), table="clocks")], [
        replace(term(0), table="clocks"), term(0),
    ], NOW)  # fmt: skip
    assert changes == Changes((term(0),), (), (), ())


def test_a_new_key_of_a_known_table_may_not() -> None:
    refused = changes_between([term(0)], [term(0), term(0, key="b")], NOW).refused
    assert [r for r, _ in refused] == [Refusal.RETROACTIVE]


def test_sources_and_certainty_may_be_corrected() -> None:
    better = replace(term(0), source="law", certainty=1, notes={"ship_hours": {"source": "x"}})
    assert changes_between([term(0)], [better], NOW) == Changes((), (), (better,), ())


CUTS = st.lists(st.integers(0, 50), min_size=1, max_size=6, unique=True)


@given(CUTS, CUTS)
def test_open_ends_close_where_the_next_begins(first: list[int], second: list[int]) -> None:
    rows = [term(b, key="a") for b in first] + [term(b, key="b") for b in second]
    closed, findings = close_spans(rows, 50)
    assert findings == []
    for key, cuts in (("a", sorted(first)), ("b", sorted(second))):
        spans = [(t.begins_us, t.ends_us) for t in closed if t.key == key]
        assert spans == list(zip(cuts, [*cuts[1:], FAR_US], strict=True))


def test_differences_are_told_by_row_and_column() -> None:
    told = differences([term(0, 10), term(10)], [term(0, value=2), term(20)])
    assert [(d.begins_us, d.column, d.before, d.after) for d in told] == [
        (0, "ship_hours", "1", "2"),
        (0, "ends", "1970-01-01T00:00:00.000010+00:00", ""),
        (10, "ship_hours", "1", ""), (10, "clause", "cn.a", ""),
        (10, "source", "house", ""), (10, "certainty", "low", ""),
        (20, "ship_hours", "", "1"), (20, "clause", "", "cn.a"),
        (20, "source", "", "house"), (20, "certainty", "", "low"),
    ]  # fmt: skip


def test_a_pack_does_not_differ_from_itself() -> None:
    assert differences([term(0)], [term(0)]) == []
