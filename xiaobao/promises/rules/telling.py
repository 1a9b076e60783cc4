"""Changes told in sentences that a seller understands: what, from when, from what to what."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.money import in_words
from xiaobao.promises.rules.column_words import COLUMN_WORDS, UNIT_WORDS, VALUE_WORDS
from xiaobao.promises.rules.formats import FORMATS, UNLIMITED, Keys, shown
from xiaobao.promises.rules.key_words import KEY_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.promises.facts import Pack, Term
    from xiaobao.promises.rules.comparing import Change

Said = tuple[str, str]  # zh, en


def sentences(changes: Sequence[Change], pack: Pack) -> list[tuple[Change, str, str]]:
    """One sentence per row that changes: its first change, and the words in zh and en."""
    told = []
    for _, group in groupby(changes, key=lambda c: (c.table, c.key, c.begins_us, c.ends_us)):
        of_row = [c for c in group if not _is_said_by_amount(c)]
        if of_row:
            told.append((of_row[0], *_sentence(of_row, pack)))
    return told


def sentence_of(change: Change, pack: Pack) -> Said:
    return _sentence([change], pack)


def _sentence(changes: Sequence[Change], pack: Pack) -> Said:
    first = changes[0]
    zh_when, en_when = _when(first, pack.zone)
    zh_what, en_what = _what(first, pack)
    zh_says, en_says = _says(changes, pack)
    zh_clause, en_clause = _clause(first.after or first.before, pack)
    return (
        f"{zh_when}，{zh_what}：{zh_says}{zh_clause}",
        f"{en_when}, {en_what}: {en_says}{en_clause}",
    )


def _when(change: Change, zone: str) -> Said:
    begins = day_words(change.begins_us, zone)
    if change.ends_us == FAR_US:
        return f"自 {begins} 起", f"From {begins}"
    ends = day_words(change.ends_us, zone)
    return f"自 {begins} 至 {ends}（不含）", f"From {begins} until {ends}"


def day_words(at_us: int, zone: str) -> str:
    """A moment on the wall clock of a zone, short where it is a midnight."""
    local = moment_of(at_us).astimezone(ZoneInfo(zone))
    return local.isoformat().partition("T00:00:00")[0]


def _what(change: Change, pack: Pack) -> Said:
    form = FORMATS[change.table]
    if form.keys is Keys.NONE:
        return form.zh, form.en
    # A category is called by its own name, whatever else is called the same.
    has_category = form.keys in {Keys.CATEGORY, Keys.WORDS_CATEGORY}
    zh, en = key_words(change.key, pack if has_category else None)
    return f"{form.zh} · {zh}", f"{form.en} · {en}"


def key_words(key: str, pack: Pack | None = None) -> Said:
    """What a key is called: each part of it by its own word, a category by its name in a pack."""
    named = {} if pack is None else {c.code: (c.zh, c.en) for c in pack.categories}
    first, *rest = key.split(".")
    words = [named.get(first) if not rest else None, *(named.get(part) for part in rest)]
    parts = [
        word or KEY_WORDS.get(part) or _rung(part)
        for part, word in zip((first, *rest), words, strict=True)
    ]
    return " · ".join(zh for zh, _ in parts), " · ".join(en for _, en in parts)


def _rung(key: str) -> Said:
    """A rung of the ladder of a class, as in `serious_2`; else the key itself."""
    name, _, number = key.rpartition("_")
    if not number.isdigit():
        return key, key
    zh, en = KEY_WORDS.get(name, (name, name))
    return f"{zh}第 {number} 级", f"{en}, rung {number}"


def _says(changes: Sequence[Change], pack: Pack) -> Said:
    first = changes[0]
    if first.before is None or first.after is None:
        row = first.after or first.before
        assert row is not None, "a change has a side"
        zh, en = zip(*(_column_is(c.column, row, pack) for c in changes), strict=True)
        begin = ("新增，", "new: ") if first.before is None else ("不再有，原为", "gone; it was: ")
        return begin[0] + "，".join(zh), begin[1] + "; ".join(en)
    zh, en = zip(*(_column_changes(c, pack) for c in changes), strict=True)
    return "；".join(zh), "; ".join(en)


def _column_is(column: str, row: Term, pack: Pack) -> Said:
    zh, en = COLUMN_WORDS.get(column, (column, column))
    value_zh, value_en = value_words(column, row, pack.currency)
    return f"{zh} {value_zh}", f"{en} {value_en}"


def _column_changes(change: Change, pack: Pack) -> Said:
    assert change.before is not None, "told of rows on both sides"
    assert change.after is not None, "told of rows on both sides"
    zh, en = COLUMN_WORDS.get(change.column, (change.column, change.column))
    was_zh, was_en = value_words(change.column, change.before, pack.currency)
    is_zh, is_en = value_words(change.column, change.after, pack.currency)
    return f"{zh}由 {was_zh} 改为 {is_zh}", f"{en} from {was_en} to {is_en}"


def value_words(column: str, row: Term, currency: str) -> Said:
    """A value as people read it: money, shares, times, yes and no."""
    value = row.values[column]
    said = shown(column, value)
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if said == UNLIMITED:
        return "不封顶", "no cap"
    if not said.isdigit():
        return (f"“{said}”", f"'{said}'") if column in FORMATS[row.table].texts else _listed(said)
    return number_words(column, int(value), _unit_of(column, row), currency)


def _listed(said: str) -> Said:
    """One word of a list, or several with `|` between them."""
    words = [
        VALUE_WORDS.get(one) or KEY_WORDS.get(one) or UNIT_WORDS.get(one) or (one, one)
        for one in said.split("|")
    ]
    return "、".join(zh for zh, _ in words), ", ".join(en for _, en in words)


def number_words(column: str, value: int, unit: str, currency: str) -> Said:
    """Money, a share, or an amount of its unit."""
    if column.endswith("_minor"):
        money = in_words(value, currency)
        return money, money
    if column.endswith("_bps"):
        share = f"{value / 100:g}%"
        return share, share
    zh, en = UNIT_WORDS.get(unit, ("", ""))
    return f"{value} {zh}".rstrip(), f"{value} {en}".rstrip()


def _unit_of(column: str, row: Term) -> str:
    unit = column.removesuffix("amount") + "unit"
    if column.endswith("amount") and unit in row.values:
        return shown(unit, row.values[unit])
    return column.rpartition("_")[2]


def _is_said_by_amount(change: Change) -> bool:
    """A unit that changes together with its amount is said with it."""
    if not change.column.endswith("unit") or change.before is None or change.after is None:
        return False
    amount = change.column.removesuffix("unit") + "amount"
    return change.before.values[amount] != change.after.values[amount]


def _clause(row: Term | None, pack: Pack) -> Said:
    if row is None:
        return "", ""
    titles = {c.ref: (c.title_zh, c.title_en) for c in pack.clauses}
    if row.clause not in titles:
        return f"（条款 {row.clause}）", f" (clause {row.clause})"
    zh, en = titles[row.clause]
    return f"（条款《{zh}》，{row.clause}）", f" (clause '{en}', {row.clause})"


def reworded(before: Pack, after: Pack) -> list[tuple[str, str, str]]:
    """Clauses and the agreement where their words differ: which one, and so told in zh and en."""
    old = {c.ref: c for c in before.clauses}
    new = {c.ref: c for c in after.clauses}
    told = []
    for ref in sorted(old.keys() | new.keys()):
        left, right = old.get(ref), new.get(ref)
        if left == right:
            continue
        title = right or left
        assert title is not None, "a clause is in one pack at least"
        zh, en = f"条款《{title.title_zh}》（{ref}）", f"clause '{title.title_en}' ({ref})"
        if left is None:
            assert right is not None, "a clause is in one pack at least"
            told.append((ref, f"新增{zh}：{right.zh}", f"New {en}: {right.en}"))
        elif right is None:
            told.append((ref, f"删去{zh}", f"Gone: {en}"))
        else:
            told.append((ref, f"{zh}改为：{right.zh}", f"The words of {en} become: {right.en}"))
    if before.agreement.sha256 != after.agreement.sha256:
        told.append(
            (
                "agreement",
                f"协议由版本 {before.agreement.version} 改为 {after.agreement.version}，文字不同",
                f"The agreement becomes version {after.agreement.version}, and its words differ",
            )
        )
    return told
