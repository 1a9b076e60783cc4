"""How rulings are printed: what was decided, why, by whom, and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.cli.output import (
    language,
    moment,
    money,
    print_json,
    print_pairs,
    print_table,
    say,
)

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.hearings.facts import RulingRow


def words_for(words: Any) -> str:
    return say(zh=words.zh, en=words.en)


def ruling_shown(ruling: RulingRow) -> dict[str, Any]:
    """A ruling for a machine, with PayPal's names of the same thing beside ours."""
    from xiaobao.hearings.facts import PAYPAL_OUTCOME, PAYPAL_REASON, paypal_types
    from xiaobao.hearings.queries import explanation_named

    shown = {name: getattr(ruling, name) for name in type(ruling).__dataclass_fields__}
    paypal = {
        "outcome_code": PAYPAL_OUTCOME[ruling.outcome],
        "adjudication_reason": PAYPAL_REASON[ruling.ground],
        "adjudication_types": paypal_types(
            paid_minor=ruling.paid_minor, bears_minor=ruling.bears_minor, outcome=ruling.outcome
        ),
    }
    said = explanation_named(ruling.reference, names_signs=True)
    return shown | {"lines": said.lines, "changes": said.changes, "paypal": paypal}


def print_ruling(claim: str, ruling: RulingRow, at: datetime, *, as_json: bool) -> None:
    """One ruling, and where the claim stands after it."""
    from xiaobao.claims.queries import claim_detail

    detail = claim_detail(ruling.seller_id, ruling.claim_id, language(), at=at)
    if as_json:
        print_json(
            {
                "claim": claim, "state": detail.state, "ruling": ruling_shown(ruling),
                "money": detail.money, "next_actions": detail.next_actions,
            }
        )  # fmt: skip
        return
    known = "" if ruling.is_new else say(zh="（此前已办理）", en=" (done before)")
    print_pairs(
        [(say(zh="维权", en="claim"), f"{claim}{known}"),
         *ruling_pairs(ruling, detail.money.currency)]
    )  # fmt: skip
    print_lines(ruling, detail.money.currency)
    print_standing(ruling.seller_id, ruling.claim_id, at)


def ruling_pairs(ruling: RulingRow, currency: str) -> list[tuple[str, object]]:
    from xiaobao.claims.facts import FINDING_WORDS
    from xiaobao.hearings.facts import BY_WORDS, GROUND_WORDS, OUTCOME_WORDS

    sums = (
        ("退款", "refund", ruling.refund_minor),
        ("运费", "freight", ruling.freight_minor),
        ("赔付", "compensation", ruling.compensation_minor),
        ("惩罚性部分", "punitive part", ruling.punitive_minor),
        ("保障基金承担", "borne by the fund for good", ruling.fund_minor),
        ("本次付给买家", "paid to the buyer now", ruling.paid_minor),
        ("卖家承担", "borne by the seller", ruling.bears_minor),
        ("买家应退", "owed back by the buyer", ruling.owed_back_minor),
        ("其中尚未打款、已停止", "of it not sent yet, and stopped", ruling.stopped_minor),
        ("其中检测鉴定费", "of it for the test", ruling.test_minor),
        ("买家应付检测鉴定费", "owed by the buyer for the test", ruling.test_owed_minor),
    )
    by = words_for(BY_WORDS[ruling.by])
    pairs: list[tuple[str, object]] = [
        (say(zh="裁决编号", en="decision"), ruling.reference),
        (say(zh="第几次", en="round"), ruling.round),
        (say(zh="裁决人", en="ruled"), f"{by} {ruling.ruler}".strip()),
        (say(zh="时间", en="at"), moment(ruling.ruled_at)),
        (say(zh="规则认定", en="found by the rules"), words_for(FINDING_WORDS[ruling.finding])),
        (say(zh="结果", en="outcome"), words_for(OUTCOME_WORDS[ruling.outcome])),
        (say(zh="理由", en="ground"), words_for(GROUND_WORDS[ruling.ground])),
    ]
    pairs += [(say(zh=zh, en=en), money(minor, currency)) for zh, en, minor in sums if minor]
    if ruling.words:
        pairs.append((say(zh="说明", en="words"), ruling.words))
    if ruling.is_departure:
        pairs.append((say(zh="与建议不同", en="not as proposed"), ruling.departure))
    return pairs


def print_lines(ruling: RulingRow, currency: str) -> None:
    """What the decision rested on, line by line, and what would have changed it."""
    from xiaobao.hearings.queries import explanation_named

    said = explanation_named(ruling.reference, names_signs=True)
    print_table(
        [say(zh="条文", en="clause"), say(zh="认定与算法", en="what was found, and the sum"),
         say(zh="金额", en="amount")],
        [
            [one.clause or "-", words_for(one),
             money(one.amount_minor, currency) if one.amount_minor else ""]
            for one in said.lines
        ],
    )  # fmt: skip
    for one in said.changes:
        print(say(zh="会改变结果的：", en="would change it: ") + words_for(one))


def print_standing(seller_id: int, claim_id: int, at: datetime) -> None:
    """Where a claim stands and what comes next."""
    from xiaobao.claims.queries import claim_detail
    from xiaobao.cli.claims.naming import print_actions, state_words

    detail = claim_detail(seller_id, claim_id, language(), at=at)
    print_pairs([(say(zh="状态", en="state"), state_words(detail.state))])
    print_actions(detail.next_actions)
