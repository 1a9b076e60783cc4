"""Why a claim cannot be ruled or appealed now, and what can be done."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.problems import Problem


class RulingKeyReused(Problem):
    """The key names something else that was done before."""

    code = "hearing_key_reused"
    zh = "key 字段：“{key}”已用于另一项内容不同的裁决或申诉；请换一个 key"
    en = "key: '{key}' names another ruling or appeal that was done before; give another key"


class DepartureUnexplained(Problem):
    """A person may depart from what is proposed, but says why."""

    code = "ruling_departure_unexplained"
    status: ClassVar[int] = 422
    zh = "departure 字段：裁决与建议不同（建议合计 {proposed_minor}），须写明理由（--departure）"
    en = (
        "departure: the ruling departs from the proposal ({proposed_minor} minor units in all); "
        "say why (--departure)"
    )


class RulingTooHigh(Problem):
    code = "ruling_too_high"
    status: ClassVar[int] = 422
    zh = (
        "amount 字段：退款至多 {price_minor}、运费至多 {freight_minor}、合计至多 {most_minor}"
        "（最小货币单位）"
    )
    en = (
        "amount: at most {price_minor} of refund, {freight_minor} of freight, {most_minor} in "
        "all (minor units)"
    )


class SamePersonAgain(Problem):
    """An appeal is ruled by another person than ruled before."""

    code = "ruling_same_person"
    status: ClassVar[int] = 403
    zh = "by 字段：“{ruler}”已裁决过该维权；申诉须由另一人复核"
    en = "by: '{ruler}' has ruled on this claim before; another person reviews an appeal"


class JudgeInOwnCause(Problem):
    code = "ruling_own_cause"
    status: ClassVar[int] = 403
    zh = "by 字段：“{ruler}”是本案当事人，不能裁决"
    en = "by: '{ruler}' is a party to the claim and cannot rule on it"


class FraudWithMoney(Problem):
    code = "ruling_fraud_with_money"
    status: ClassVar[int] = 422
    zh = "fraud 字段：认定买家欺诈时须同时裁决不支持（--reject）"
    en = "fraud: where fraud of the buyer is ruled the claim is rejected (--reject)"


class AppealTooLate(Problem):
    code = "appeal_too_late"
    zh = "申诉期已于 {until} 届满"
    en = "the time to appeal ended at {until}"


class AppealsUsedUp(Problem):
    code = "appeals_used_up"
    zh = "规则包允许每方申诉 {most} 次，该方已用完"
    en = "the pack lets each party appeal {most} times, and this one has"


class NewInformationMissing(Problem):
    """What is said or shown was said or shown before."""

    code = "appeal_new_information_missing"
    status: ClassVar[int] = 422
    zh = (
        "evidence 字段：申诉须说明理由（--words），并提交此前未提交过的证据（--photo、--evidence）"
    )
    en = (
        "evidence: an appeal says why (--words) and hands in evidence that was not in the case "
        "before (--photo, --evidence)"
    )
