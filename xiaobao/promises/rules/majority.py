"""Whether a change of rules is major: how much a number changes, and for how many sellers.

The law asks for longer notice where many users or major interests are affected and gives no
figures; the pack states them (`majority`), and whoever declares less than they say is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.promises.facts import Promise
from xiaobao.promises.rules.comparing import Side, changes_of, continued
from xiaobao.promises.rules.formats import FORMATS, Keys, shown
from xiaobao.promises.rules.telling import sentence_of
from xiaobao.promises.rules.units import hours_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xiaobao.promises.facts import Pack, Term
    from xiaobao.promises.rules.comparing import Change

WHOLE_BPS = 10_000
# Reasons named at most: the diff says all of them.
SHOWN_REASONS = 5


@dataclass(frozen=True)
class MarketSellers:
    """How many sellers a market has: by category, and by promise chosen."""

    total: int
    by_category: Mapping[str, int]
    by_promise: Mapping[Promise, int]


def changes_at(pack: Pack, effective_us: int) -> list[Change]:
    """What a pack changes from a moment on, against its own rows before it."""
    before = Side(continued(pack.terms, effective_us), pack.categories)
    return changes_of(before, Side(pack.terms, pack.categories))


def reasons_major(
    pack: Pack, effective_us: int, sellers: MarketSellers | None = None
) -> tuple[tuple[str, str], ...]:
    """Why what the pack changes from a moment on is major, in zh and en; nothing if it is not.

    Without `sellers` only the size of changes is judged.
    """
    changes = changes_at(pack, effective_us)
    before = Side(continued(pack.terms, effective_us), pack.categories)
    stated = before.in_force("majority", "", effective_us) or Side(
        pack.terms, pack.categories
    ).in_force("majority", "", effective_us)
    if stated is None:
        return ()
    large = [c for c in changes if size_of(c) >= int(stated.values["change_bps"])]
    reasons = [sentence_of(c, pack) for c in large[:SHOWN_REASONS]]
    if len(large) > SHOWN_REASONS:
        more = len(large) - SHOWN_REASONS
        reasons.append((f"另有 {more} 处", f"and {more} more"))
    if sellers is not None and sellers.total and not large:
        felt = [c for c in changes if size_of(c) > int(stated.values["touch_bps"])]
        share = touched_by(felt, pack, sellers) * WHOLE_BPS // sellers.total
        if felt and share >= int(stated.values["sellers_bps"]):
            reasons.append(
                (f"影响 {share / 100:g}% 的卖家", f"{share / 100:g}% of sellers are affected")
            )
    return tuple(reasons)


def size_of(change: Change) -> int:
    """How much a change is of what was, in ten-thousandths; what is new or gone is a whole."""
    was, becomes = change.was, change.becomes
    if was is None or becomes is None:
        return WHOLE_BPS
    if change.column in FORMATS[change.table].texts or change.column == "rounding":
        return 0
    if isinstance(was, bool) or isinstance(becomes, bool):
        return WHOLE_BPS
    assert change.before is not None, "a change with a value before has a row before"
    assert change.after is not None, "a change with a value after has a row after"
    old, new = _measured(change.before, change.column), _measured(change.after, change.column)
    if old is None or new is None:
        return WHOLE_BPS
    return abs(new - old) * WHOLE_BPS // old if old else WHOLE_BPS * (new != old)


def _measured(term: Term, column: str) -> int | None:
    """A number that can be compared; None for a word."""
    unit_column = column.removesuffix("amount") + "unit"
    if column.endswith("amount") and unit_column in term.values:
        return hours_in(int(term.values[column]), int(term.values[unit_column]))
    if column.endswith("unit"):
        # Judged with its amount.
        return 1
    said = shown(column, term.values[column])
    return int(term.values[column]) if said.isdigit() or said == "unlimited" else None


def touched_by(changes: Sequence[Change], pack: Pack, sellers: MarketSellers) -> int:
    """How many sellers at least one of these changes binds."""
    most, categories = 0, set[str]()
    for change in changes:
        if FORMATS[change.table].keys in {Keys.CATEGORY, Keys.WORDS_CATEGORY}:
            categories |= _under(pack, change.key.rpartition(".")[2])
        elif change.table == "promises" and not _is_basic(change):
            most = max(most, sellers.by_promise.get(Promise[change.key.upper()], 0))
        else:
            return sellers.total
    by_category = sum(sellers.by_category.get(code, 0) for code in categories)
    return min(sellers.total, max(most, by_category))


def _under(pack: Pack, code: str) -> set[str]:
    """A category and all beneath it."""
    found = {code}
    # A parent stands before its children.
    for category in pack.categories:
        if category.parent in found:
            found.add(category.code)
    return found


def _is_basic(change: Change) -> bool:
    sides = (change.before, change.after)
    return any(side is not None and bool(side.values["is_basic"]) for side in sides)
