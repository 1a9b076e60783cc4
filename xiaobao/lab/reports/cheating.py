"""Does cheating pay: what a bad sale brings its seller, against the sanction it must expect."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.lab.outside import Gain, Scenario, outside
from xiaobao.lab.tallies.shapes import Side
from xiaobao.orders.facts import KIND_WORDS, BreachKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xiaobao.promises.facts import Category

Figures = dict[str, Any]
Rows = list[tuple[dict[str, int], dict[str, int]]]
# One that stands for all categories.
EVERY = -1


def cheating(
    sanctions: Rows, floors: Rows, categories: Iterable[tuple[int, Category]],
    measured: Mapping[tuple[int, int], Scenario] = MappingProxyType({}),
) -> Figures:  # fmt: skip
    """For each promise and category: gain, expected sanction, break-even, smallest floor.

    Under each scenario from outside; where it was measured, by promise and category, by that too.
    """
    told = outside()
    codes = dict(categories)
    found = _with_totals(sanctions, ("breaches", "base_minor", "sanction_minor"))
    swept: dict[tuple[int, int, int], dict[int, int]] = {}
    for key, sums in floors:
        for category in (key["category"], EVERY):
            at = swept.setdefault((key["side"], key["kind"], category), {})
            floor = key["floor_minor"]
            at[floor] = at.get(floor, 0) + sums["sanction_minor"]
    rows = []
    for (kind, category), sides in found.items():
        gain = told.gains[BreachKind(kind)]
        words = codes.get(category)
        own = measured.get((kind, category))
        scenarios = told.scenarios if own is None else (own, *told.scenarios)
        rows.append(
            {
                "promise": BreachKind(kind).name.lower(),
                "words": {"zh": KIND_WORDS[BreachKind(kind)].zh,
                          "en": KIND_WORDS[BreachKind(kind)].en},
                "category": words.code if words else None,
                "category_words": {"zh": words.zh, "en": words.en} if words else None,
                "gain_share_bps": gain.share_bps,
                **{
                    Side(side).name.lower(): _side(
                        sums, gain, swept[side, kind, category], scenarios
                    )
                    for side, sums in sides.items()
                },
            }
        )  # fmt: skip
    return {
        "rows": rows,
        "gains": [_source(g.kind.name.lower(), g) for g in told.gains.values()],
        "scenarios": [
            {**_source(s.key, s), "words": {"zh": s.zh, "en": s.en}, "found_bps": s.found_bps,
             "upheld_bps": s.upheld_bps}
            for s in told.scenarios
        ],
    }  # fmt: skip


def _source(key: str, told: Gain | Scenario) -> Figures:
    return {
        "key": key, "source": {"zh": told.source_zh, "en": told.source},
        "certainty": told.certainty,
    }  # fmt: skip


def _with_totals(
    sanctions: Rows, names: Iterable[str]
) -> dict[tuple[int, int], dict[int, dict[str, int]]]:
    """By promise and category, and by promise alone; for each side."""
    found: dict[tuple[int, int], dict[int, dict[str, int]]] = {}
    for key, sums in sanctions:
        for category in (EVERY, key["category"]):
            sides = found.setdefault((key["kind"], category), {})
            into = sides.setdefault(key["side"], dict.fromkeys(names, 0))
            for name in names:
                into[name] += sums[name]
    return dict(sorted(found.items()))


def _side(
    sums: dict[str, int], gain: Gain, swept: dict[int, int], scenarios: Iterable[Scenario]
) -> Figures:
    """Means are per bad sale, in minor units, rounded down."""
    count = sums["breaches"]
    gained = sums["base_minor"] * gain.share_bps // WHOLE_BPS
    return {
        "bad_sales": count,
        "mean_gain_minor": gained // count,
        "mean_sanction_minor": sums["sanction_minor"] // count,
        "scenarios": {
            scenario.key: _under(scenario, count, gained, sums["sanction_minor"], swept)
            for scenario in scenarios
        },
    }


def _under(
    scenario: Scenario, count: int, gained: int, sanction: int, swept: dict[int, int]
) -> Figures:
    """All in whole numbers: `found` and `upheld` are ten thousandths each."""
    share = scenario.found_bps * scenario.upheld_bps
    whole = WHOLE_BPS * WHOLE_BPS
    needed = gained * whole
    closing = [floor for floor, total in sorted(swept.items()) if total * share >= needed]
    return {
        "pays": sanction * share < needed,
        "expected_sanction_minor": sanction * share // whole // count,
        # What a bad sale would have to cost so that nothing is gained: rounds up. Where none is
        # found, no sum is enough.
        "break_even_minor": -(-needed // (share * count)) if share else None,
        "smallest_floor_minor": closing[0] if closing else None,
    }
