"""The ledger as a Beancount file: every posting a transaction, every book closed by its balances.

What each account stood at after its last posting is asserted, so that whoever checks the file
adds the books up again. Days are those of the seller's market, as its statements have them.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

from xiaobao.kernel.money import decimal_of
from xiaobao.ledger.facts import Account, Op, Why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo

# As the seller's own books would have it: what lies in the book, what is owed to the fund, and
# what came in from outside.
ROOTS = dict.fromkeys(Account, "Assets") | {
    Account.OUTSIDE: "Equity",
    Account.FUND: "Liabilities",
}
FIRST_DAY = date(1970, 1, 1)


def beancount_lines(
    portions: Iterable[list[tuple[Any, ...]]], owner_of: Callable[[int], tuple[str, tzinfo]]
) -> Iterator[str]:
    """The lines of the file; postings come by seller and number, as the ledger gives them."""
    yield 'option "title" "Xiaobao"'
    book = _Book(0, ("", UTC), "")
    for rows in portions:
        for row in rows:
            if row[0] != book.seller_id:
                yield from book.closing()
                book = _Book(row[0], owner_of(row[0]), row[3])
            yield from book.posted(row)
    yield from book.closing()


class _Book:
    """One seller's book while it is written."""

    def __init__(self, seller_id: int, owner: tuple[str, tzinfo], currency: str) -> None:
        self.seller_id = seller_id
        self.name, self.zone = owner
        self.currency = currency
        self.after: dict[Account, int] = {}
        self.last_day = FIRST_DAY

    def account(self, account: Account) -> str:
        return f"{ROOTS[account]}:S{self.seller_id}:{account.name.capitalize()}"

    def money(self, minor: int) -> str:
        return f"{decimal_of(minor, self.currency)} {self.currency}"

    def posted(self, row: tuple[Any, ...]) -> Iterator[str]:
        _, seq, at, _, op, source_is, target_is, amount, source_after, target_after, *rest = row
        why, cause, leg, hold = rest
        source, target = Account(source_is), Account(target_is)
        for account in (source, target):
            if account not in self.after:
                yield f"\n{FIRST_DAY} open {self.account(account)} {self.currency}"
                yield f"  seller: {_quoted(self.name)}"
        self.after |= {source: source_after, target: target_after}
        day = at.astimezone(self.zone).date()
        self.last_day = max(self.last_day, day)
        yield f"\n{day} * {_quoted(Why(why).name.lower())}"
        yield f"  seq: {seq}"
        yield f"  at: {_quoted(at.astimezone(UTC).isoformat())}"
        yield f"  op: {_quoted(Op(op).name.lower())}"
        yield f"  cause: {_quoted(f'{cause}/{leg}')}"
        if hold.int:
            yield f"  hold: {_quoted(str(hold))}"
        yield f"  {self.account(source)}  {self.money(-amount)}"
        yield f"  {self.account(target)}  {self.money(amount)}"

    def closing(self) -> Iterator[str]:
        day = self.last_day + timedelta(days=1)
        for account, after in self.after.items():
            exact = f"{decimal_of(after, self.currency)} ~ 0 {self.currency}"
            yield f"\n{day} balance {self.account(account)}  {exact}"


def _quoted(text: str) -> str:
    """A string of Beancount's, whatever a name holds."""
    bare = "".join(mark if mark.isprintable() else " " for mark in text)
    return '"' + bare.replace("\\", "\\\\").replace('"', '\\"') + '"'
