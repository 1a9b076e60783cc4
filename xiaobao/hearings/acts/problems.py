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
    page_zh: ClassVar[str] = "裁决与建议不同，请写明理由"
    page_en: ClassVar[str] = "the ruling departs from the proposal: say why"


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


class JuryHasIt(Problem):
    """Nobody rules while the jury is still to answer."""

    code = "ruling_jury_has_it"
    zh = "该维权正在大众评审，最迟 {until} 有结果；之后再裁决"
    en = "the jury has the claim, and answers by {until}: rule after that"


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


class JurorStands(Problem):
    code = "juror_stands"
    zh = "juror 字段：“{juror}”已是评审员"
    en = "juror: '{juror}' is a juror already"


class KnownCaseUnknown(Problem):
    code = "known_case_unknown"
    status: ClassVar[int] = 404
    zh = "case 字段：没有名为“{case}”的已知案例；先用 xiaobao hearings jury known 添加"
    en = "case: there is no known case '{case}'; add it with xiaobao hearings jury known"


class KnownCaseTaken(Problem):
    """A known case of this name stands, or the juror judged it before."""

    code = "known_case_taken"
    zh = "case 字段：案例“{case}”已存在或该评审员已判断过，不能更改"
    en = "case: '{case}' stands already, or this juror has judged it; neither is changed"


class NoJury(Problem):
    """The pack has no jury, or not for so much."""

    code = "jury_not_allowed"
    zh = "按下单时的规则包，该维权不能交大众评审（金额上限 {most_minor}）"
    en = "the pack of order time lets no jury judge this claim (at most {most_minor} at stake)"
    page_zh: ClassVar[str] = "下单时的规则包没有大众评审，或金额超过其上限；请直接裁决"
    page_en: ClassVar[str] = (
        "the pack of order time has no jury, or more is at stake than it may judge: "
        "rule on the claim yourself"
    )


class JuryOnce(Problem):
    code = "jury_once"
    zh = "该维权已交大众评审一次"
    en = "the claim was put to a jury once before"


class JuryTooSmall(Problem):
    code = "jury_too_small"
    zh = (
        "无利害关系且通过测试的评审员只有 {found} 名，不足法定人数 {quorum}："
        "先增加评审员（xiaobao hearings jury add）"
    )
    en = (
        "only {found} jurors without ties to the case have passed the test, and the quorum is "
        "{quorum}: add jurors first (xiaobao hearings jury add)"
    )


class NotOnPanel(Problem):
    code = "jury_not_on_panel"
    status: ClassVar[int] = 403
    zh = "juror 字段：“{juror}”不在该维权的评审团中，或评审已结束"
    en = "juror: '{juror}' has no seat on a panel of this claim that is still to answer"


class SealClosed(Problem):
    code = "jury_seal_closed"
    zh = "密封投票已于 {until} 截止，或该评审员已投票"
    en = "the time to hand in sealed votes ended at {until}, or this juror handed one in"


class SealWrong(Problem):
    code = "jury_seal_wrong"
    status: ClassVar[int] = 422
    zh = "sha256 字段：须为 64 位十六进制小写（xiaobao hearings jury seal 会计算）"
    en = "sha256: 64 lower-case hexadecimal digits (xiaobao hearings jury seal computes it)"


class NotYetOpen(Problem):
    code = "jury_not_yet_open"
    zh = "全部评审员密封投票或 {until} 之后才能公开"
    en = "votes are opened once all are sealed, or from {until} on"


class OpensOther(Problem):
    """What is opened is not what was sealed, or nothing was."""

    code = "jury_opens_other"
    status: ClassVar[int] = 422
    zh = "vote、salt 字段：与密封的投票不符，或没有密封的投票"
    en = "vote, salt: not what was sealed, or nothing was sealed"


class VoteWithoutReasons(Problem):
    code = "jury_vote_without_reasons"
    status: ClassVar[int] = 422
    zh = "words 字段：公开投票须写明理由（--words）"
    en = "words: a vote is opened with its reasons (--words)"
