"""What a version changes for one seller, in words: each figure that its past gives otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.kernel.money import in_words
from xiaobao.promises.rules.telling import key_words

if TYPE_CHECKING:
    from xiaobao.lab.impact import Impact, KindImpact

Said = tuple[str, str]  # zh, en

# Said whenever anything is reckoned anew: a seller may not take it for a forecast.
_ZH = (
    "以上按店铺已发生的事实重算；由人作出的裁决和双方和解保持原样，"
    "规则变了人的做法也会变，将来的订单无从得知"
)
_EN = (
    "This is reckoned on what happened: rulings by persons and settlements stand as they are, "
    "people act otherwise under other rules, and orders to come are not known"
)


def impact_lines(impact: Impact, currency: str) -> tuple[Said, ...]:
    """What the history says: its orders, then whatever else comes out otherwise."""
    lines = [*_orders(impact, currency), *_claims(impact, currency)]
    lines += [*_deposit(impact, currency), *_violations(impact)]
    return (*lines, (_ZH, _EN)) if impact.orders else tuple(lines)


def _orders(impact: Impact, currency: str) -> list[Said]:
    """The sum, and each kind that comes out differently."""
    if not impact.orders:
        return [("还没有订单可算", "There are no orders yet to judge once more")]
    was, becomes = (
        in_words(minor, currency) for minor in (impact.before_minor, impact.after_minor)
    )
    count = f"{impact.orders:,}"
    if not any(kind.is_changed for kind in impact.kinds):
        return [
            (f"店铺的 {count} 笔订单按前后规则各算一遍：结果不变，仍为 {was}",
             f"Its own orders ({count}) judged once more: nothing changes, {was} as before"),
        ]  # fmt: skip
    total = (
        f"店铺的 {count} 笔订单按前后规则各算一遍：共付 {was}，改为 {becomes}",
        f"Its own orders ({count}) judged once more: {was} in all, then {becomes}",
    )
    return [total, *(_kind_line(kind, currency) for kind in impact.kinds if kind.is_changed)]


def _kind_line(kind: KindImpact, currency: str) -> Said:
    zh, en = key_words(kind.kind.name.lower())
    was, becomes = (in_words(m, currency) for m in (kind.before_minor, kind.after_minor))
    return (
        f"{zh}：{kind.before} 次 {was}，改为 {kind.after} 次 {becomes}",
        f"{en}: {kind.before} for {was}, then {kind.after} for {becomes}",
    )


def _claims(impact: Impact, currency: str) -> list[Said]:
    """Claims that rules decided; those that no rule decides any more are not guessed."""
    lines: list[Said] = []
    count, minor, left = f"{impact.claims:,}", impact.claims_minor, impact.claims_left
    if minor.is_changed:
        was, becomes = (in_words(m, currency) for m in (minor.before, minor.after))
        lines.append(
            (f"按规则裁决的维权 {count} 宗：买家共得 {was}，改为 {becomes}",
             f"Claims that rules decided ({count}): {was} to buyers, then {becomes}")
        )  # fmt: skip
    if left.is_changed:
        lines.append(
            (f"其中规则不能裁决、须由人判断或补充证据的：{left.before} 宗，改为 {left.after} 宗",
             f"Of them, left to a person or to more evidence: {left.before}, then {left.after}")
        )  # fmt: skip
    return lines


def _deposit(impact: Impact, currency: str) -> list[Said]:
    if not impact.required_minor.is_changed:
        return []
    was, becomes = (
        in_words(m, currency) for m in (impact.required_minor.before, impact.required_minor.after)
    )
    return [
        (f"照店铺至今的情况，应缴保证金：{was}，改为 {becomes}",
         f"Deposit asked for, as the shop stands: {was}, then {becomes}")
    ]  # fmt: skip


def _violations(impact: Impact) -> list[Said]:
    lines: list[Said] = []
    found, points = impact.violations, impact.points
    if found.is_changed or points.is_changed:
        was, becomes = (
            (f"{count} 次，现有扣分 {sum_} 分", f"{count}, with {sum_} points that stand")
            for count, sum_ in ((found.before, points.before), (found.after, points.after))
        )
        lines.append(
            (f"违规：{was[0]}；改为 {becomes[0]}", f"Violations: {was[1]}; then {becomes[1]}")
        )
    penalties, forced = impact.penalties, impact.forced_exits
    if penalties.is_changed:
        lines.append(
            (f"处罚：{penalties.before} 次，改为 {penalties.after} 次",
             f"Penalties: {penalties.before}, then {penalties.after}")
        )  # fmt: skip
    if forced.is_changed:
        lines.append(
            (f"强制退保：{forced.before} 次，改为 {forced.after} 次",
             f"Forced exits: {forced.before}, then {forced.after}")
        )  # fmt: skip
    return lines
