"""The answer of a comparison: a tally in words and whole numbers, the same from every engine."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import KIND_WORDS as CLAIM_WORDS
from xiaobao.claims.facts import ClaimKind
from xiaobao.hearings.facts import BY_WORDS
from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.lab.history.shapes import month_words
from xiaobao.lab.history.tables import SETTLED, WAITS_FOR_PERSON
from xiaobao.lab.outside import outside
from xiaobao.lab.reports.cases import cases_of
from xiaobao.lab.reports.cheating import cheating
from xiaobao.lab.reports.remembered import claims_of, exits_of, fund_of, violations_of
from xiaobao.lab.reports.wording import CHANGE_WORDS, moment_words, promise_words
from xiaobao.lab.tallies.shapes import CUBES, Change, Side, Tally
from xiaobao.orders.facts import BreachKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.lab.engines.question import History, Question
    from xiaobao.lab.replay.policies import Policy

Figures = dict[str, Any]
Rows = list[tuple[dict[str, int], dict[str, int]]]


def rows_of(tally: Tally, cube: str) -> Rows:
    """A cube's rows, by key, with names on keys and sums."""
    keys, sums = CUBES[cube]
    return [
        (dict(zip(keys, key, strict=True)), dict(zip(sums, values, strict=True)))
        for key, values in sorted(tally.cubes.get(cube, {}).items())
    ]


def figures_of(tally: Tally, question: Question, history: History) -> Figures:
    """The whole answer."""
    place = history.place
    sales = rows_of(tally, "sales")
    months = sorted({key["month"] for key, _ in sales})
    return {
        "market": place.market,
        "currency": place.currency,
        "period": _period(question, months),
        "packs": {"old": _pack(question.old), "new": _pack(question.new)},
        "orders": sum(s["orders"] for _, s in sales),
        "goods_minor": sum(s["goods_minor"] for _, s in sales),
        "evaluations": sum(s["evaluations"] for _, s in sales),
        "outcomes": _outcomes(tally),
        "money": _money(rows_of(tally, "promises")),
        "by_promise": _by_promise(tally),
        "by_month": _by_month(tally, months),
        "by_promise_and_month": _by_promise_and_month(tally),
        "by_shop_size": _by_size(tally, place.currency),
        "deposits": deposits_of(tally, place.currency) if question.is_whole else None,
        **_remembered(tally, question, history),
        "kept": [_kept(key, sums) for key, sums in rows_of(tally, "kept")],
        "cases": cases_of(tally.cases, history),
        "cheating": cheating(
            rows_of(tally, "sanctions"), rows_of(tally, "floors"), place.categories
        ),
        "not_known": _limits(),
    }


def _remembered(tally: Tally, question: Question, history: History) -> Figures:
    """What has memory: claims of the time asked for, the others of all of history or not."""
    recorded, begun, forced = (
        rows_of(tally, cube) for cube in ("violations", "penalties", "forced_out")
    )
    whole = question.is_whole
    return {
        "claims": claims_of(rows_of(tally, "claims")),
        "fund": fund_of(rows_of(tally, "fund")) if whole else None,
        "violations": violations_of(recorded, begun, forced, history) if whole else None,
        "exits": exits_of(rows_of(tally, "exits")) if whole else None,
    }


@cache
def _limits() -> list[dict[str, str]]:
    """What replay cannot know."""
    text = files(__package__).joinpath("limits.toml").read_text(encoding="utf-8")
    limits: list[dict[str, str]] = tomllib.loads(text)["limits"]
    return limits


def _period(question: Question, months: list[int]) -> Figures:
    return {
        "since": moment_words(question.since_us),
        "until": moment_words(question.until_us),
        "lived_until": moment_words(question.horizon_us),
        "first_month": month_words(months[0]) if months else None,
        "last_month": month_words(months[-1]) if months else None,
        "zone": question.zone,
        # Both packs as if what they say around this moment had always held; null: as dated.
        **_as_of(question),
    }


def _as_of(question: Question) -> Figures:
    if question.as_of_us is None:
        return {"as_of": None, "as_of_day": None}
    day = int(days_of(np.array([question.as_of_us]), zone_of(question.zone))[0])
    return {"as_of": moment_words(question.as_of_us), "as_of_day": str(np.datetime64(day, "D"))}


def _pack(policy: Policy) -> Figures:
    return {
        "name": policy.name, "version": policy.version, "sha256": policy.sha256,
        "title": {"zh": policy.title_zh, "en": policy.title_en},
    }  # fmt: skip


def labels_of(found: Figures) -> dict[str, str]:
    """What to call either pack; two of one name and version are told apart by their content."""
    labels = {side: f"{p['name']}@{p['version']}" for side, p in found["packs"].items()}
    if labels["old"] == labels["new"]:
        return {side: f"{labels[side]} {p['sha256'][:8]}" for side, p in found["packs"].items()}
    return labels


def _sum(rows: Rows, name: str, where: Callable[[dict[str, int]], bool]) -> int:
    return sum(sums[name] for key, sums in rows if where(key))


def _outcomes(tally: Tally) -> Figures:
    rows = rows_of(tally, "outcomes")
    by_change: Figures = {
        change.name.lower(): {
            "words": dict(zip(("zh", "en"), CHANGE_WORDS[change], strict=True)),
            **{n: _sum(rows, n, _is("change", change)) for n in CUBES["outcomes"][1]},
        }
        for change in Change
    }
    whole = sum(sums["cases"] for _, sums in rows)
    return {
        "broken_under_either": whole,
        "changed": whole - by_change["same"]["cases"],
        "by_change": by_change,
    }


def _is(name: str, value: int) -> Callable[[dict[str, int]], bool]:
    return lambda key: key[name] == value


def _has_changed(key: dict[str, int]) -> bool:
    return key["change"] != Change.SAME


def _money(rows: Rows) -> Figures:
    """What buyers get by themselves, and what is punitive; sellers bear both."""
    sides = {}
    for side in Side:
        mine = [(k, s) for k, s in rows if k["side"] == side]
        buyers = sum(s["paying_buyer_minor"] for _, s in mine)
        punitive = sum(s["paying_platform_minor"] for _, s in mine)
        sides[side.name.lower()] = {
            "breaches": sum(s["breaches"] for _, s in mine),
            "to_buyers_minor": buyers,
            "punitive_minor": punitive,
            "from_sellers_minor": buyers + punitive,
            "waits_for_a_claim_minor": sum(s["buyer_minor"] + s["platform_minor"] for _, s in mine)
            - buyers - punitive,
        }  # fmt: skip
    return {**sides, "difference": _difference(sides["old"], sides["new"])}


def _difference(old: Figures, new: Figures) -> Figures:
    return {name: new[name] - old[name] for name in old}


def _by_promise(tally: Tally) -> list[Figures]:
    rows, changes = rows_of(tally, "promises"), rows_of(tally, "outcomes")
    kinds = sorted({key["kind"] for key, _ in rows})
    return [
        {
            **promise_words(kind),
            **_money([(k, s) for k, s in rows if k["kind"] == kind]),
            "changed": _sum(
                [(k, s) for k, s in changes if k["kind"] == kind], "cases", _has_changed
            ),
        }
        for kind in kinds
    ]


def _by_month(tally: Tally, months: list[int]) -> list[Figures]:
    rows, sales = rows_of(tally, "promises"), rows_of(tally, "sales")
    return [
        {
            "month": month_words(month),
            "orders": _sum(sales, "orders", _is("month", month)),
            **_money([(k, s) for k, s in rows if k["month"] == month]),
        }
        for month in months
    ]


def _by_promise_and_month(tally: Tally) -> list[Figures]:
    rows = rows_of(tally, "promises")
    return [
        {
            "month": month_words(month),
            "promise": BreachKind(kind).name.lower(),
            **_money([(k, s) for k, s in rows if (k["month"], k["kind"]) == (month, kind)]),
        }
        for month, kind in sorted({(key["month"], key["kind"]) for key, _ in rows})
    ]


_KEPT_WORDS = {
    SETTLED: ("双方和解", "agreed by the parties"),
    WAITS_FOR_PERSON: ("需要由人判断", "needs a person"),
    **{int(by): (words.zh, words.en) for by, words in BY_WORDS.items()},
}


def _kept(key: dict[str, int], sums: dict[str, int]) -> Figures:
    """Claims of one kind by how they were decided, all of history; the same under both packs."""
    words, by = CLAIM_WORDS[ClaimKind(key["kind"])], _KEPT_WORDS[key["by"]]
    return {
        "by": {"zh": by[0], "en": by[1]}, "is_waiting": key["by"] == WAITS_FOR_PERSON,
        "claim": ClaimKind(key["kind"]).name.lower(), "words": {"zh": words.zh, "en": words.en},
        **sums,
    }  # fmt: skip


def deposits_of(tally: Tally, currency: str) -> list[Figures]:
    """At each month's end, by size of shop: asked for, there, and short, under both packs.

    Zeros under a pack that had no terms of deposits yet, or whose window has no shop so large.
    """
    bands = outside().sizes_minor(currency)
    nothing = dict.fromkeys(CUBES["deposits"][1], 0)
    found: dict[tuple[int, int], Figures] = {}
    for key, sums in rows_of(tally, "deposits"):
        row = found.setdefault(
            (key["month"], key["size"]),
            {**_band_of(bands, key["size"]), "month": month_words(key["month"]),
             **{side.name.lower(): nothing for side in Side}},
        )  # fmt: skip
        row[Side(key["side"]).name.lower()] = sums
    return [found[key] for key in sorted(found)]


def _band_of(bands: tuple[int, ...], size: int) -> Figures:
    return {
        "from_minor": bands[size],
        "to_minor": bands[size + 1] if size + 1 < len(bands) else None,
    }


def _by_size(tally: Tally, currency: str) -> list[Figures]:
    bands = outside().sizes_minor(currency)
    return [{**_band_of(bands, key["size"]), **sums} for key, sums in rows_of(tally, "shops")]
