"""A proposal in words: each step with its clause and arithmetic, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import (
    ABUSE_WORDS,
    BASIS_WORDS,
    Basis,
    Explanation,
    Finding,
    Line,
    Reason,
)
from xiaobao.claims.rules import amounts, proposing
from xiaobao.claims.rules.burden import is_pattern
from xiaobao.claims.rules.changing import changes_of
from xiaobao.claims.rules.windows import ended_us
from xiaobao.claims.rules.wording import (
    evidence_said,
    moment_said,
    party_said,
    percent,
    reason_said,
    said,
)
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.money import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xiaobao.claims.facts import ClaimFacts, Proposal
    from xiaobao.claims.rules.law import Law

_BY_TERMS = frozenset(
    {Reason.NOT_HEARD, Reason.NOT_PROMISED, Reason.TOO_LATE, Reason.NOTHING_ON_TOP,
     Reason.ALREADY_WHOLE}
)  # fmt: skip

_LOSES = ("由败诉方承担", "whoever loses bears it")
_LOSERS = {
    Finding.UPHELD: ("由卖家承担", "the seller bears it"),
    Finding.REJECTED: ("由买家承担", "the buyer bears it"),
}


def versions_in(f: ClaimFacts, p: Proposal, law: Law) -> set[int]:
    """The rows of terms whose clauses the explanations name."""
    rows, terms = proposing.terms_of(f, law)
    award = amounts.highest(f, terms, rows, law)
    given = law.awards.version[award.row[award.row >= 0]]
    rules = law.rules.version[rows.rule]
    found = (p.terms_version, p.burden_version, given, rules)
    return {version for column in found for version in column.tolist()}


def explained(
    f: ClaimFacts, p: Proposal, law: Law, *, clauses: Mapping[int, str], currency: str,
    of_tests: Sequence[str] | None = None,
) -> list[Explanation]:  # fmt: skip
    """Each proposal in words, row for row; `of_tests` is each row's clause about tests."""
    case = _Cases(f, p, law, clauses, currency, of_tests or [""] * len(f))
    changes = changes_of(f, p, law)
    return [
        Explanation(
            tuple(case.lines(row)),
            tuple(Line(clauses.get(version, ""), zh, en, minor)
                  for version, zh, en, minor in changes[row]),
        )
        for row in range(len(f))
    ]  # fmt: skip


class _Cases:
    """Claims with what was proposed and the terms that it rests on, as plain numbers."""

    def __init__(
        self, f: ClaimFacts, p: Proposal, law: Law, clauses: Mapping[int, str], currency: str,
        of_tests: Sequence[str],
    ) -> None:  # fmt: skip
        self.of_tests = of_tests
        rows, terms = proposing.terms_of(f, law)
        award = amounts.highest(f, terms, rows, law)
        self.law, self.clauses, self.currency = law, clauses, currency
        self.f = {name: column.tolist() for name, column in f.as_dict().items()}
        self.p = {name: column.tolist() for name, column in p.as_dict().items()}
        self.highest, self.award_row = award.highest_minor.tolist(), award.row.tolist()
        self.base = amounts.goods_in_reason(f, terms).tolist()
        self.reasonable = terms.reasonable_units.tolist()
        self.ended_us = np.full(len(f), FAR_US)
        late = np.flatnonzero(p.reason == Reason.TOO_LATE)
        if len(late):
            self.ended_us[late] = ended_us(f.take(late), terms.take(late), law)
        rule = law.rules.take(rows.rule)
        self.pattern = is_pattern(f, rule).tolist()
        self.rule_version = rule.version.tolist()

    def money(self, minor: int) -> str:
        return in_words(minor, self.currency)

    def lines(self, row: int) -> list[Line]:
        """What was found, in order, and the sums it comes to."""
        f = {name: column[row] for name, column in self.f.items()}
        p = {name: column[row] for name, column in self.p.items()}
        found = [self._reason(row, p)]
        if self.pattern[row]:
            found.append(self._pattern(row, f))
        found += [Line("", words.zh, words.en, 0)
                  for sign, words in ABUSE_WORDS.items() if f["abuse"] & sign]  # fmt: skip
        if p["refund_minor"]:
            found.append(self._refund(f, p))
        if p["freight_minor"]:
            found.append(
                Line(self.clauses.get(p["terms_version"], ""), "退还运费",
                     "the freight comes back", p["freight_minor"])
            )  # fmt: skip
        if p["compensation_minor"]:
            found += self._on_top(row, f, p)
        total = p["refund_minor"] + p["freight_minor"] + p["compensation_minor"]
        if f["asked_minor"] and total == f["asked_minor"]:
            found.append(
                Line("", f"以买家请求的 {self.money(total)} 为限",
                     f"no more than the {self.money(total)} that the buyer asks for", 0)
            )  # fmt: skip
        if f["test_minor"]:
            found.append(self._test(row, f, p))
        if p["fund_minor"]:
            found.append(
                Line(self.clauses.get(p["terms_version"], ""),
                     f"其中 {self.money(p['fund_minor'])} 由保障基金承担",
                     f"of it the guarantee fund bears {self.money(p['fund_minor'])}", 0)
            )  # fmt: skip
        return found

    def _reason(self, row: int, p: dict[str, int]) -> Line:
        reason = Reason(p["reason"])
        words = reason_said(reason)
        clause = self.clauses.get(
            p["terms_version"] if reason in _BY_TERMS else p["burden_version"], ""
        )
        zh, en = words
        if reason == Reason.TOO_LATE and self.ended_us[row] < FAR_US:
            zone = self.law.zone
            filed = moment_said(self.f["filed_us"][row], zone)
            ended = moment_said(int(self.ended_us[row]), zone)
            zh += f"：{filed} 提出，期限至 {ended}"
            en += f": filed {filed}, its time ended {ended}"
        if p["missing"]:
            who, any_of = party_said(p["missing_party"]), evidence_said(p["missing"])
            zh += f"；{who[0]}尚缺以下任一种：{any_of[0]}"
            en += f"; missing of the {who[1]}, any one of: {any_of[1]}"
        return Line(clause, zh, en, 0)

    def _pattern(self, row: int, f: dict[str, int]) -> Line:
        upheld, sold = f["similar_upheld"], f["similar_sold"]
        return Line(
            self.clauses.get(self.rule_version[row], ""),
            f"该商品售出 {sold} 件，另有 {upheld} 件同类维权得到支持：买家的初步举证视为完成",
            f"{upheld} other claims of this kind were upheld on the item, of {sold} units sold: "
            "the buyer need show nothing more",
            0,
        )

    def _refund(self, f: dict[str, int], p: dict[str, int]) -> Line:
        paid, back = self.money(f["goods_minor"]), self.money(f["refunded_minor"])
        due = self.money(p["refund_minor"])
        less = (f" − 已退 {back}", f" less {back} given back") if f["refunded_minor"] else ("", "")
        return Line(
            self.clauses.get(p["terms_version"], ""),
            f"退还货款：实付 {paid}{less[0]} → {due}",
            f"the price comes back: {paid} paid{less[1]} → {due}",
            p["refund_minor"],
        )

    def _test(self, row: int, f: dict[str, int], p: dict[str, int]) -> Line:
        cost = self.money(f["test_minor"])
        loser = _LOSERS.get(Finding(p["finding"]), _LOSES)
        return Line(
            self.of_tests[row],
            f"平台送检的费用 {cost}，{loser[0]}",
            f"the test that the platform ordered, {cost}: {loser[1]}",
            0,
        )

    def _on_top(self, row: int, f: dict[str, int], p: dict[str, int]) -> list[Line]:
        at = self.award_row[row]
        a = {name: column[at].item() for name, column in self.law.awards.as_dict().items()}
        clause = self.clauses.get(a["version"], "")
        found = [Line(clause, *self._sum(row, f, p, a), p["compensation_minor"])]
        if a["is_for_reasonable_use"] and self.base[row] < f["goods_minor"]:
            found.append(self._reasonable(row, f, clause))
        if p["punitive_minor"]:
            share = percent(a["platform_bps"])
            found.append(
                Line(clause, f"另付保障基金：赔付的 {share}，{self.money(p['punitive_minor'])}",
                     f"to the guarantee fund beside it: {share} of the compensation, "
                     f"{self.money(p['punitive_minor'])}", 0)
            )  # fmt: skip
        return found

    def _sum(
        self, row: int, f: dict[str, int], p: dict[str, int], a: dict[str, int]
    ) -> tuple[str, str]:
        base = self.base[row] if a["is_for_reasonable_use"] else f["goods_minor"]
        zh = [f"{self.money(base)} × {percent(a['price_bps'])}"]
        en = [*zh]
        if a["is_for_reasonable_use"] and f["before_goods_minor"]:
            zh.append(f"连同此前的 {self.money(f['before_goods_minor'])} 合并计算")
            en.append(f"taken together with {self.money(f['before_goods_minor'])} before")
        if a["loss_bps"] and f["loss_minor"]:
            loss = f"{self.money(f['loss_minor'])} × {percent(a['loss_bps'])}"
            zh.append(f"损失 {loss}")
            en.append(f"the loss {loss}")
        if a["least_minor"]:
            zh.append(f"不低于 {self.money(a['least_minor'])}")
            en.append(f"at least {self.money(a['least_minor'])}")
        if a["most_minor"] < amounts.OUT_OF_REACH_MINOR:
            zh.append(f"不高于 {self.money(a['most_minor'])}")
            en.append(f"at most {self.money(a['most_minor'])}")
        before = f["before_paid_minor"] if a["is_for_reasonable_use"] else 0
        if f["compensated_minor"] + before:
            paid = self.money(f["compensated_minor"] + before)
            zh.append(f"减去此前已赔 {paid}")
            en.append(f"less {paid} paid before")
        words = BASIS_WORDS[Basis(p["basis"])]
        due = self.money(p["compensation_minor"])
        return (
            said(f"货款之外（{words.zh}最高）：", "，", zh) + f" → {due}",
            said(f"on top of the price ({words.en} gives most): ", ", ", en) + f" → {due}",
        )

    def _reasonable(self, row: int, f: dict[str, int], clause: str) -> Line:
        units, before, most = f["units"], f["before_units"], self.reasonable[row]
        return Line(
            clause,
            f"合理消费为 {most} 件，本次 {units} 件、此前 {before} 件：超出部分不再乘倍",
            f"a household reasonably uses {most}; {units} now and {before} before: what exceeds "
            "it is not multiplied",
            0,
        )
