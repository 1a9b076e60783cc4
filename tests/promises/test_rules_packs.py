"""The shipped packs: clean, complete, and paying what the cases say."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from xiaobao.advances.terms import PayoutTerms
from xiaobao.claims.terms import (
    AwardTerms,
    BurdenTerms,
    ClaimRules,
    ClaimTerms,
    CostOfTestTerms,
)
from xiaobao.deposits.terms import DepositRules, DepositTerms, LadderTerms
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.exits.terms import ConditionTerms, ExitRules
from xiaobao.hearings.terms import HearingTerms
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US, Columns
from xiaobao.kernel.money import clamp, share_of
from xiaobao.orders.facts import BreachKind
from xiaobao.orders.terms import CompensationTerms, ShippingTerms
from xiaobao.promises.packs import read_files, shipped
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.column_words import COLUMN_WORDS, UNIT_WORDS, VALUE_WORDS
from xiaobao.promises.rules.formats import (
    FORMATS,
    UNLIMITED_MINOR,
    WORDS_OF,
    Keys,
    cell,
    names_of,
    pairs_of,
    shown,
)
from xiaobao.promises.rules.key_words import KEY_WORDS
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.vocabulary import CODES, SETS
from xiaobao.promises.terms import ClockTerms, MajorityTerms, PromiseTerms
from xiaobao.sellers.terms import ItemRules
from xiaobao.violations.terms import (
    BreachTerms,
    ClassTerms,
    KindTerms,
    RuleTerms,
    RulingTerms,
    StepTerms,
)

if TYPE_CHECKING:
    from xiaobao.promises.facts import Pack

TERMS: list[type[Columns]] = [
    ShippingTerms, CompensationTerms, DepositTerms, DepositRules, LadderTerms, PayoutTerms,
    PromiseTerms, ClockTerms, EvidenceTerms, KindTerms, ClassTerms, StepTerms, BreachTerms,
    RulingTerms, RuleTerms, MajorityTerms, HearingTerms, ConditionTerms, ExitRules,
    ItemRules,
    ClaimTerms, BurdenTerms, AwardTerms, ClaimRules, CostOfTestTerms,
]  # fmt: skip
CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "compensation.toml").read_text(encoding="utf-8")
)["cases"]


def pack(name: str) -> Pack:
    made, findings = lint_pack(read_files(name))
    assert findings == []
    return made


def us(text: str) -> int:
    return us_of(datetime.fromisoformat(text))


def amounts(
    name: str, kind: BreachKind, paid_minor: list[int], ordered_us: int
) -> tuple[list[int], list[int], CompensationTerms]:
    """What the pack pays the buyer and the platform for each paid amount."""
    count = len(paid_minor)
    terms = draft_book(CompensationTerms, pack(name)).in_force(
        np.full(count, ordered_us), np.full(count, kind)
    )
    paid = np.array(paid_minor, np.int64)
    share = share_of(paid, terms.rate_bps, terms.rounding)
    buyer = clamp(share, terms.least_minor, terms.most_minor)
    platform = share_of(buyer, terms.platform_bps, terms.rounding)
    return buyer.tolist(), platform.tolist(), terms


def minor(text: str) -> int:
    return int(Decimal(text) * 100)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_pack_has_no_findings(name: str) -> None:
    assert pack(name).name == name


def test_four_packs_are_shipped() -> None:
    assert shipped() == ["cn", "olist", "olist-a", "olist-b"]


@pytest.mark.parametrize("terms", TERMS, ids=lambda t: t.__name__)
def test_tables_have_the_columns_and_keys_that_rooms_read(terms: type[Columns]) -> None:
    declared = cast("Any", terms)
    form = FORMATS[declared.TABLE]
    assert set(terms.names()) == {"version", *form.columns}
    if getattr(terms, "KEYS", None):
        assert form.keys is Keys.WORDS
        assert form.words == pairs_of(*(names_of(words) for words in declared.KEYS))
    elif getattr(terms, "KEY_IS_CATEGORY", False):
        assert form.keys is (Keys.WORDS_CATEGORY if declared.KEY else Keys.CATEGORY)
        assert form.words == (names_of(declared.KEY) if declared.KEY else ())
    elif declared.KEY is None:
        assert form.keys is Keys.NONE
    else:
        assert form.keys is Keys.WORDS
        assert form.words == names_of(declared.KEY)


def test_every_table_is_read_by_a_room() -> None:
    assert {cast("Any", t).TABLE for t in TERMS} == set(FORMATS)


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("terms", TERMS, ids=lambda t: t.__name__)
def test_a_pack_is_in_force_from_its_first_day(name: str, terms: type[Columns]) -> None:
    read = pack(name)
    book = draft_book(terms, read)
    needed = FORMATS[cast("Any", terms).TABLE].needs
    keys = np.unique(book.key) if needed else np.zeros(0, np.int64)
    for moment in (read.covers_from_us, us("2026-11-01T00:00:00+00:00"), FAR_US - 1):
        found = book.in_force(np.full(len(keys), moment), keys)
        assert len(found) == len(keys)


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["says"]))
def test_the_china_pack_pays(case: dict[str, Any]) -> None:
    kind = BreachKind[case["kind"].upper()]
    buyer, platform, terms = amounts("cn", kind, [minor(case["paid"])], us_of(case["ordered"]))
    assert buyer == [minor(case["buyer"])]
    assert platform == [minor(case["platform"])]
    assert terms.is_promised.all()
    assert terms.is_paid_by_itself.all()


def test_two_late_orders_of_a_pair_on_one_day_share_a_cap() -> None:
    buyer, _, terms = amounts(
        "cn", BreachKind.LATE_SHIPMENT, [40_000, 40_000], us("2025-10-01T12:00:00+08:00")
    )
    assert buyer == [2000, 2000]
    assert min(sum(buyer), terms.pair_day_most_minor[0]) == 3000


def test_stall_clocks_of_the_china_pack() -> None:
    terms = draft_book(ShippingTerms, pack("cn")).in_force(
        np.array([us("2025-09-05T00:00:00+08:00")])
    )
    # 80 hours across provinces are slow and not abnormal, 120 are abnormal.
    assert terms.stall_slow_cross_hours[0] <= 80 < terms.stall_abnormal_cross_hours[0] <= 120
    assert terms.no_update_abnormal_hours[0] == 72
    assert (terms.ship_hours[0], terms.label_scan_hours[0]) == (48, 24)


def test_china_deposits_follow_the_category_tree() -> None:
    read = pack("cn")
    codes = [c.code for c in sorted(read.categories, key=lambda c: c.code != "general")]
    book = draft_book(DepositTerms, read)
    asked = ["general", "clothing", "shoes_bags", "computers", "phones", "appliances"]
    keys = np.array([codes.index(code) for code in asked])
    found = book.in_force(np.full(len(keys), us("2025-10-01T00:00:00+08:00")), keys)
    assert found.base_minor.tolist() == [100_000, 100_000, 100_000, 500_000, 1_000_000, 500_000]


# Ordered at the switch's last second and first, and paid in centavos, half up, by policy.
OLIST = [
    ("olist", "2018-02-28T23:59:59+00:00", [1, 5, 200_000, 1_995], [0, 2, 50_000, 599]),
    ("olist", "2018-03-01T00:00:00+00:00", [1, 5, 200_000, 2_010], [100, 100, 3_000, 101]),
    ("olist-a", "2018-08-01T00:00:00+00:00", [1_995, 166_667], [599, 50_000]),
    ("olist-b", "2016-10-01T00:00:00+00:00", [2_010, 60_001], [101, 3_000]),
]


@pytest.mark.parametrize(("name", "ordered", "paid", "buyer"), OLIST)
def test_the_olist_packs_pay(name: str, ordered: str, paid: list[int], buyer: list[int]) -> None:
    found, platform, terms = amounts(name, BreachKind.LATE_SHIPMENT, paid, us(ordered))
    assert found == buyer
    assert platform == [0] * len(paid)
    assert set(terms.pair_day_most_minor.tolist()) == {UNLIMITED_MINOR}


@pytest.mark.parametrize("name", ["olist", "olist-a", "olist-b"])
def test_the_olist_packs_promise_shipping_alone(name: str) -> None:
    read = pack(name)
    kinds = np.array(list(BreachKind))
    at = np.full(len(kinds), us("2018-05-01T00:00:00+00:00"))
    terms = draft_book(CompensationTerms, read).in_force(at, kinds)
    assert kinds[terms.is_promised].tolist() == [BreachKind.LATE_SHIPMENT]
    shipping = draft_book(ShippingTerms, read).in_force(at[:1])
    assert shipping.is_judged_on_handover.tolist() == [True]
    assert (read.market, read.zone, read.currency) == ("olist", "UTC", "BRL")
    assert read.covers_from_us == us_of(datetime(2016, 1, 1, tzinfo=UTC))


def test_an_unlimited_cap_can_be_multiplied_by_ten_thousand() -> None:
    assert UNLIMITED_MINOR * 10_000 < 2**63


@pytest.mark.parametrize("name", shipped())
def test_every_stored_value_is_shown_as_a_file_writes_it(name: str) -> None:
    for term in pack(name).terms:
        texts = FORMATS[term.table].texts
        for column, value in term.values.items():
            again = cell(column, shown(column, value), is_text=column in texts)
            assert again == value


def test_files_speak_both_languages() -> None:
    for term in pack("cn").clauses:
        assert re.search("[\u4e00-\u9fff]", term.zh), term.ref
        assert not re.search("[\u4e00-\u9fff]", term.en), term.ref


def test_every_key_and_column_is_called_something() -> None:
    """Changes are told in sentences: no name of a file may stand in them."""
    columns = {column for form in FORMATS.values() for column in form.all_columns}
    assert columns - set(COLUMN_WORDS) == set()
    keys = {part for form in FORMATS.values() for key in form.words for part in key.split(".")}
    rungs = {key for key in keys if key[-1].isdigit()}
    # `none` is no step of the ladder.
    assert keys - rungs - set(KEY_WORDS) - {"none"} == set()
    values = {word for words in (*CODES.values(), *SETS.values()) for word in words}
    values |= {name for words in WORDS_OF.values() for name in names_of(words)}
    assert values - set(VALUE_WORDS) - set(KEY_WORDS) - set(UNIT_WORDS) == set()
    all_words = (COLUMN_WORDS, KEY_WORDS, UNIT_WORDS, VALUE_WORDS)
    for zh, en in (said for words in all_words for said in words.values()):
        assert re.search("[\u4e00-\u9fff]", zh)
        assert not re.search("[\u4e00-\u9fff]", en)


def test_a_category_that_gets_a_row_of_its_own_has_its_parents_until_then() -> None:
    files = read_files("cn")
    files["deposit.csv"] += "clothing,2027-01-01,,130000,0,300,cn.deposit.amount,house,low\n"
    files["deposit.csv"] += "shoes_bags,2026-06-01,,140000,0,300,cn.deposit.amount,house,low\n"
    made, findings = lint_pack(files)
    assert findings == []
    codes = [c.code for c in sorted(made.categories, key=lambda c: c.code != "general")]
    book = draft_book(DepositTerms, made)

    def base(code: str, *days: str) -> list[int]:
        moments = np.array([us(f"{day}T00:00:00+08:00") for day in days])
        found = book.in_force(moments, np.full(len(days), codes.index(code)))
        return [int(n) for n in found.base_minor]

    assert base("clothing", "2014-03-15", "2026-12-31", "2027-01-01") == [
        100_000, 100_000, 130_000,
    ]  # fmt: skip
    assert base("shoes_bags", "2014-03-15", "2026-05-31", "2026-06-01", "2027-06-01") == [
        100_000, 100_000, 140_000, 140_000,
    ]  # fmt: skip
    assert base("general", "2014-03-15", "2027-06-01") == [100_000, 100_000]
