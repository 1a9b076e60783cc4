"""Claims as columns and the law of a draft pack: for tests of rules, without a database."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import Ask, ClaimFacts, ClaimKind, Stage
from xiaobao.claims.rules.law import Law, law_of
from xiaobao.claims.terms import AwardTerms, BurdenTerms, ClaimRules, ClaimTerms
from xiaobao.kernel.clocks import us_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.clocks import calendar_of
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    import numpy as np

    from xiaobao.promises.facts import Pack

ORDERED = us_of(datetime.fromisoformat("2025-10-01T10:00:00+08:00"))
DAY = 86_400_000_000
_ROW: dict[str, Any] = {
    "seller_id": 1, "claim_id": 1, "market_id": 1, "order_id": 1, "buyer_id": 1,
    "category_id": 0, "kind": ClaimKind.NOT_AS_DESCRIBED, "ask": Ask.REFUND,
    "stage": Stage.AFTER_SIGNING, "ordered_us": ORDERED, "signed_us": ORDERED + 3 * DAY,
    "completed_us": FAR_US, "filed_us": ORDERED + 3 * DAY + DAY // 2,
    "judged_us": ORDERED + 9 * DAY, "is_shipped": True, "is_signed": True,
    "is_completed": False, "goods_minor": 10_000, "freight_minor": 800, "refunded_minor": 0,
    "compensated_minor": 0, "loss_minor": 0, "evidence_buyer": 0, "evidence_seller": 0,
    "promises": 0, "is_answered": False, "is_denied": False, "is_accepted": False,
    "seller_due_us": FAR_US, "buyer_due_us": FAR_US, "is_cured": False, "similar_upheld": 0,
    "similar_sold": 0, "is_person_asked": False, "asked_minor": 0, "abuse": 0, "units": 1,
    "before_units": 0, "before_goods_minor": 0, "before_paid_minor": 0,
    "test_minor": 0, "is_goods_late": False,
}  # fmt: skip


def facts(**given: Any) -> ClaimFacts:
    """One claim: signed for, filed half a day later, judged when it is long over."""
    return ClaimFacts.of(**{name: [value] for name, value in (_ROW | given).items()})


def staged(stage: Stage) -> dict[str, Any]:
    """What an order looks like at a stage."""
    if stage == Stage.BEFORE_SIGNING:
        return {"stage": stage, "signed_us": FAR_US, "is_signed": False, "is_shipped": False}
    if stage == Stage.AFTER_SIGNING:
        return {"stage": stage}
    return {"stage": stage, "completed_us": ORDERED + 3 * DAY, "is_completed": True}


@lru_cache(maxsize=8)
def pack(name: str) -> Pack:
    made, findings = lint_pack(read_files(name))
    assert findings == []
    return made


@lru_cache(maxsize=8)
def law(name: str = "cn") -> Law:
    return law_from(pack(name))


def law_from(made: Pack) -> Law:
    return law_of(
        draft_book(ClaimTerms, made), draft_book(BurdenTerms, made),
        draft_book(AwardTerms, made), draft_book(ClaimRules, made),
        zone=zone_of(made.zone), calendar=calendar_of(made.zone),
    )  # fmt: skip


def category(code: str, name: str = "cn") -> int:
    """The number of a category in a draft: general first, then as in the file."""
    codes = sorted((c.code for c in pack(name).categories), key=lambda c: c != "general")
    return codes.index(code)


def bits(names: list[str], words: Any) -> int:
    return sum(1 << words[name.upper()] for name in names)


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def only(column: np.ndarray[Any, Any]) -> int:
    """The one value of a column of one row."""
    return int(column[0])
