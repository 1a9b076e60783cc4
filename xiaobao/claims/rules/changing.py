"""What would change a proposal: the same rules, asked again on facts that differ in one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.claims.facts import ASK_WORDS, FINDING_WORDS, Ask, ClaimFacts, Finding, Party, Reason
from xiaobao.claims.rules import proposing
from xiaobao.claims.rules.windows import ended_us
from xiaobao.claims.rules.wording import evidence_said, moment_said, party_said
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.claims.facts import Proposal
    from xiaobao.claims.rules.law import Law
    from xiaobao.kernel.columns import Int


class Change(NamedTuple):
    """One thing that would be otherwise: the row of terms behind it, words, the sum then."""

    version: int
    zh: str
    en: str
    amount_minor: int


def changes_of(f: ClaimFacts, p: Proposal, law: Law) -> list[list[Change]]:
    """What would change each proposal, row for row."""
    found: list[list[Change]] = [[] for _ in range(len(f))]
    variants = [_with_what_is_missing(f, p), replace(f, asked_minor=np.zeros(len(f), np.int64))]
    variants += [replace(f, ask=np.full(len(f), ask)) for ask in Ask]
    # All variants are proposed at once: eight small proposals cost as much as eight large ones.
    whole = proposing.propose(ClaimFacts.concat(variants), law)
    shown, unlimited, *asked = (
        whole.take(np.arange(number * len(f), (number + 1) * len(f)))
        for number in range(len(variants))
    )
    _if_shown(p, shown, found)
    _if_in_time(f, p, law, found)
    for ask, other in zip(Ask, asked, strict=True):
        _if_asked(ask, f, p, other, found)
    _if_not_limited(p, unlimited, found)
    for row in np.flatnonzero(p.is_clear).tolist():
        found[row].append(
            Change(0, "任一方要求由人处理：由人裁决", "either party asks for a person: a person "
                   "decides", 0)
        )  # fmt: skip
    return found


def total_of(p: Proposal) -> Int:
    total: Int = p.refund_minor + p.freight_minor + p.compensation_minor
    return total


def _with_what_is_missing(f: ClaimFacts, p: Proposal) -> ClaimFacts:
    of_seller, of_buyer = p.missing_party == Party.SELLER, p.missing_party == Party.BUYER
    return replace(
        f,
        evidence_buyer=f.evidence_buyer | np.where(of_buyer, p.missing, 0),
        evidence_seller=f.evidence_seller | np.where(of_seller, p.missing, 0),
    )


def _if_shown(p: Proposal, other: Proposal, found: list[list[Change]]) -> None:
    """The missing evidence is shown."""
    totals = total_of(other).tolist()
    for row in np.flatnonzero(p.missing != 0).tolist():
        who, any_of = party_said(int(p.missing_party[row])), evidence_said(int(p.missing[row]))
        then = FINDING_WORDS[Finding(int(other.finding[row]))]
        found[row].append(
            Change(
                int(p.burden_version[row]),
                f"{who.zh}提交以下任一种：{any_of.zh}：{then.zh}",
                f"the {who.en} shows any one of: {any_of.en}: {then.en}",
                totals[row],
            )
        )


def _if_in_time(f: ClaimFacts, p: Proposal, law: Law, found: list[list[Change]]) -> None:
    """A claim that came too late had come in time."""
    late = np.flatnonzero(p.reason == Reason.TOO_LATE)
    if len(late) == 0:
        return
    some = f.take(late)
    _, terms = proposing.terms_of(some, law)
    ended = ended_us(some, terms, law)
    other = proposing.propose(replace(some, filed_us=ended - 1), law)
    for place, row in enumerate(late.tolist()):
        if ended[place] >= FAR_US:
            continue
        then = FINDING_WORDS[Finding(int(other.finding[place]))]
        before = moment_said(int(ended[place]), law.zone)
        lifts = evidence_said(int(terms.lifted_by[place]))
        version, total = int(p.terms_version[row]), int(total_of(other)[place])
        found[row].append(
            Change(version, f"在 {before} 之前提出：{then.zh}",
                   f"it is filed before {before}: {then.en}", total)
        )  # fmt: skip
        if lifts.zh:
            found[row].append(
                Change(version, f"买家提交以下任一种，不受期限限制：{lifts.zh}",
                       f"the buyer shows any one of these, which lift the limit: {lifts.en}",
                       total)
            )  # fmt: skip


def _if_asked(
    ask: Ask, f: ClaimFacts, p: Proposal, other: Proposal, found: list[list[Change]]
) -> None:
    """Something else is asked for, and would bring more."""
    more = (other.finding != Finding.REJECTED) & (total_of(other) > total_of(p)) & (f.ask != ask)
    totals = total_of(other).tolist()
    for row in np.flatnonzero(more).tolist():
        words = ASK_WORDS[ask]
        found[row].append(
            Change(int(p.burden_version[row]), f"诉求改为{words.zh}",
                   f"{words.en} is asked for instead", totals[row])
        )  # fmt: skip


def _if_not_limited(p: Proposal, other: Proposal, found: list[list[Change]]) -> None:
    """The buyer had not asked for less than what is due."""
    totals = total_of(other).tolist()
    for row in np.flatnonzero(total_of(other) > total_of(p)).tolist():
        found[row].append(
            Change(
                int(p.terms_version[row]),
                "买家不限定金额",
                "the buyer asks for all that is due",
                totals[row],
            )
        )
