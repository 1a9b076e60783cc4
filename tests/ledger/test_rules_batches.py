"""A batch is its postings one by one, whichever way it is decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.ledger_model import FINAL, Asked, Ledger, postings
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import rules
from xiaobao.ledger.facts import (
    Account,
    Books,
    Entries,
    Holds,
    HoldState,
    Op,
    Outcome,
)

SELLERS = [3, 5, 8, 13]
STRANGER = 4
STATES = {"open": HoldState.OPEN} | {
    name: HoldState[name.upper()] for name in ("captured", "released", "expired")
}
assert set(FINAL.values()) < set(STATES)

sellers = st.sampled_from([*SELLERS, STRANGER])
moments = st.integers(0, 12)
causes = st.integers(1, 60)
names = st.integers(1, 6)
amounts = st.integers(1, 30)
ends = st.sampled_from([FAR_US, FAR_US, 4, 8])

deposits = st.builds(
    Asked, sellers, causes, target=st.sampled_from([1, 3]), amount=st.integers(20, 99), at=moments
)
moves = st.builds(
    Asked, sellers, causes, leg=st.integers(0, 1), source=st.sampled_from([0, 1, 3, 4, 5, 6]),
    target=st.sampled_from([0, 3, 4, 5, 6, 7]), amount=amounts, at=moments,
)  # fmt: skip
holds = st.builds(
    Asked, sellers, causes, op=st.just(Op.HOLD), source=st.sampled_from([1, 1, 3]),
    target=st.just(2), amount=amounts, hold=names, expires=ends, at=moments,
)  # fmt: skip
captures = st.builds(
    Asked, sellers, causes, op=st.just(Op.CAPTURE), source=st.just(2),
    target=st.sampled_from([4, 5, 5, 7]), amount=amounts, hold=names, at=moments,
)  # fmt: skip
frees = st.builds(
    Asked, sellers, causes, op=st.sampled_from([Op.RELEASE, Op.EXPIRE]), source=st.just(2),
    target=st.sampled_from([1, 1, 3]), amount=st.just(0) | amounts, hold=names, at=moments,
)  # fmt: skip
oddities = st.builds(
    Asked, sellers, causes, source=st.integers(-1, 8), target=st.integers(-1, 8),
    amount=st.integers(-1, 2), at=moments,
) | st.builds(
    Asked, sellers, causes, op=st.sampled_from([Op.HOLD, Op.CAPTURE, Op.RELEASE]),
    source=st.integers(0, 7), target=st.integers(0, 7), hold=names, at=moments,
)  # fmt: skip
anything = deposits | deposits | moves | holds | captures | frees | oddities
batches = st.lists(anything, max_size=40)


@dataclass
class House:
    """Books, holds and entries as columns, carried from batch to batch."""

    books: Books
    holds: Holds
    entries: Entries

    @classmethod
    def new(cls) -> House:
        zeros = np.zeros(len(SELLERS), np.int64)
        books = Books(
            np.array(SELLERS, np.int64), zeros, zeros.copy(), np.zeros((len(SELLERS), 8), np.int64)
        )
        return cls(books, Holds.none(), Entries.none())

    def decide(self, rows: list[Asked], walked: bool = False) -> list[int]:
        decision = rules.decide(
            postings(rows), self.books, self.holds, self.entries, walked=walked
        )
        for column in ("seq", "last_us", "balance"):
            places = np.searchsorted(self.books.seller_id, decision.books.seller_id)
            getattr(self.books, column)[places] = getattr(decision.books, column)
        self.entries = Entries.concat([self.entries, decision.entries])
        kept = Holds.concat([self.holds, decision.made])
        for row in range(len(decision.resolved)):
            one = decision.resolved.take(np.array([row]))
            place = (
                (kept.seller_id == one.seller_id) & (kept.hold_hi == one.hold_hi)
            )  # fmt: skip
            assert place.sum() == 1
            kept.state[place] = one.state
            kept.captured_minor[place] = one.captured_minor
        self.holds = kept
        return [int(outcome) for outcome in decision.outcome]

    def lines(self) -> list[tuple[int, ...]]:
        e = self.entries
        columns = (e.seller_id, e.cause_hi, e.leg, e.op, e.source, e.target, e.amount_minor)
        rows = zip(*(c.tolist() for c in columns), strict=True)
        # Within a book the order is the law; between books there is none.
        return sorted(rows, key=lambda line: line[0])


def agree(house: House, model: Ledger) -> None:
    """Everything the model knows, the columns say; and every law holds on them."""
    for place, seller in enumerate(house.books.seller_id.tolist()):
        balance = house.books.balance[place]
        assert balance.tolist() == [model.balance[seller][a] for a in Account]
        assert balance.sum() == 0
        assert (np.delete(balance, [Account.OUTSIDE, Account.FUND]) >= 0).all()
        assert balance[Account.FUND] <= 0
        assert house.books.last_us[place] == model.clock[seller]
        mine = house.entries.take(house.entries.seller_id == seller)
        assert mine.seq.tolist() == list(range(1, len(mine) + 1))
        assert (np.diff(mine.at_us) >= 0).all()
        running = dict.fromkeys(range(8), 0)
        for row in range(len(mine)):
            source, target = int(mine.source[row]), int(mine.target[row])
            running[source] -= int(mine.amount_minor[row])
            running[target] += int(mine.amount_minor[row])
            assert mine.source_after[row] == running[source]
            assert mine.target_after[row] == running[target]
        assert list(running.values()) == balance.tolist()
        held = house.holds.take(house.holds.seller_id == seller)
        assert balance[Account.LOCKED] == held.amount_minor[held.state == HoldState.OPEN].sum()
    assert house.lines() == sorted(model.lines, key=lambda line: line[0])
    h = house.holds
    found = {
        (int(h.seller_id[i]), int(h.hold_hi[i])): (
            int(h.amount_minor[i]), int(h.source[i]), int(h.expires_us[i]), int(h.cause_hi[i]),
            int(h.state[i]), int(h.captured_minor[i]),
        )
        for i in range(len(h))
    }  # fmt: skip
    assert found == {
        name: (x.amount, x.source, x.expires, x.cause, STATES[x.state], x.captured)
        for name, x in model.holds.items()
    }


def model_of() -> Ledger:
    model = Ledger()
    for seller in SELLERS:
        model.open(seller)
    return model


@given(st.lists(batches, max_size=3), st.booleans())
def test_a_batch_is_its_postings_one_by_one(several: list[list[Asked]], walked: bool) -> None:
    house, model = House.new(), model_of()
    for rows in several:
        assert house.decide(rows, walked) == [model.post(row) for row in rows]
        agree(house, model)


@given(batches)
def test_columns_and_steps_decide_alike_row_for_row(rows: list[Asked]) -> None:
    together, apart = House.new(), House.new()
    whole = together.decide(rows)
    assert whole == [apart.decide([row])[0] for row in rows]
    assert together.lines() == apart.lines()
    assert together.books.balance.tolist() == apart.books.balance.tolist()


@given(batches)
def test_a_repeated_batch_moves_nothing(rows: list[Asked]) -> None:
    house = House.new()
    first = house.decide(rows)
    lines, balance = house.lines(), house.books.balance.copy()
    again = house.decide(rows)
    stood = [i for i, outcome in enumerate(first) if outcome == Outcome.POSTED]
    assert [again[i] for i in stood] == [Outcome.REPLAY] * len(stood)
    later = {line[:3] for line in house.lines()} - {line[:3] for line in lines}
    for seller, cause, leg in later:
        # Only what was refused before may stand now.
        assert not any(
            (rows[i].seller, rows[i].cause, rows[i].leg) == (seller, cause, leg) for i in stood
        )
    if not later:
        assert house.books.balance.tolist() == balance.tolist()


@given(st.permutations([Asked(3, cause, amount=cause) for cause in range(1, 9)]))
def test_deposits_alone_end_alike_in_any_order(rows: list[Asked]) -> None:
    house = House.new()
    assert set(house.decide(rows)) == {Outcome.POSTED}
    assert house.books.balance[0].tolist() == [-36, 36, 0, 0, 0, 0, 0, 0]


@given(anything)
def test_a_straight_posting_is_refused_by_its_book_its_key_or_its_hold_alone(row: Asked) -> None:
    """With plenty of money, no key yet and a hold that fits, it stands; all that stand are."""
    house = House.new()
    house.books.balance[:] = 10**6
    house.books.balance[:, Account.FUND] = -(10**6)
    house.books.last_us[:] = -9
    row = replace(row, seller=SELLERS[0])
    if row.op > Op.HOLD:
        back = Account.DEPOSIT if row.op == Op.CAPTURE else row.target
        fits = Asked(
            row.seller, 99, op=Op.HOLD, source=back, target=Account.LOCKED, hold=row.hold,
            amount=max(row.amount, 1), expires=row.at if row.op == Op.EXPIRE else FAR_US, at=-9,
        )  # fmt: skip
        house.decide([fits])
    assert rules.is_straight(postings([row])) == (house.decide([row]) == [Outcome.POSTED])


@given(batches, st.booleans())
def test_accounts_that_are_not_moved_need_not_be_read(rows: list[Asked], plain: bool) -> None:
    rows = [row for row in rows if not plain or row.op == Op.MOVE]
    chance = np.random.default_rng(len(rows))
    whole, part = House.new(), House.new()
    whole.books.balance[:] = chance.integers(0, 90, whole.books.balance.shape)
    whole.books.balance[:, Account.FUND] *= -1
    read = rules.accounts_moved(postings(rows))
    part.books.balance[:, read] = whole.books.balance[:, read]
    assert part.decide(rows) == whole.decide(rows)
    assert (part.books.balance[:, read] == whole.books.balance[:, read]).all()
    for name, column in whole.entries.as_dict().items():
        assert (getattr(part.entries, name) == column).all(), name
    moved = {*whole.entries.source.tolist(), *whole.entries.target.tolist()}
    assert moved <= set(read)


@given(batches)
def test_plain_movements_come_to_the_same_before_their_books_are_read(rows: list[Asked]) -> None:
    """Added to the books' balances, what they come to is what was decided with the books read."""
    chance = np.random.default_rng(len(rows))
    house = House.new()
    house.books.balance[:] = chance.integers(0, 90, house.books.balance.shape)
    house.books.balance[:, Account.FUND] *= -1
    house.books.last_us[:], house.books.seq[:] = chance.integers(0, 12, 4), [4, 0, 7, 1]
    plain = [row for row in rows if row.seller != STRANGER and rules.is_plain(postings([row]))]
    plain = list({(row.seller, row.cause, row.leg): row for row in plain}.values())
    if not plain:
        return
    assert rules.is_plain(postings(plain))
    few = rules.relative(postings(plain))
    before = House(house.books.take(np.arange(4)), Holds.none(), Entries.none())
    place = np.searchsorted(before.books.seller_id, few.seller_id)
    balance = before.books.balance[place]
    lowest, highest = np.zeros(8, np.int64), np.full(8, 2**62)
    lowest[[Account.OUTSIDE, Account.FUND]], highest[Account.FUND] = -(2**62), 0
    touched = few.change != 0
    touched |= (few.least != 0) | (few.most != 0)
    fits = (balance + few.least >= lowest) & (balance + few.most <= highest)
    all_fit = (fits | ~touched).all()
    assert (set(house.decide(plain)) == {Outcome.POSTED}) == all_fit
    if not all_fit:
        return
    assert (house.books.balance[place] == balance + few.change).all()
    assert (house.books.seq[place] == before.books.seq[place] + few.count).all()
    clocks = np.maximum(before.books.last_us[place], few.last_us)
    assert (house.books.last_us[place] == clocks).all()
    moves, entries = few.moves, house.entries
    mine = np.searchsorted(before.books.seller_id, moves.seller_id)
    begin = before.books.balance[mine]
    told = {
        "seller_id": moves.seller_id, "seq": before.books.seq[mine] + moves.rank,
        "at_us": np.maximum(moves.at_us, before.books.last_us[mine]),
        "amount_minor": moves.amount_minor, "cause_hi": moves.cause_hi, "leg": moves.leg,
        "source_after": begin[np.arange(len(moves)), moves.source] + moves.source_run,
        "target_after": begin[np.arange(len(moves)), moves.target] + moves.target_run,
        "source": moves.source, "target": moves.target, "why": moves.why,
    }  # fmt: skip
    assert {name: column.tolist() for name, column in told.items()} == {
        name: getattr(entries, name).tolist() for name in told
    }


def test_amounts_beyond_any_book_are_refused_not_overflowed() -> None:
    house = House.new()
    huge = 2**62
    rows = [
        Asked(3, 1, amount=huge),
        Asked(3, 2, amount=huge),
        Asked(3, 3, target=3, amount=2**63 - 1),
        Asked(3, 4, source=1, target=5, amount=huge),
        Asked(5, 5, amount=7),
    ]
    assert house.decide(rows) == [
        Outcome.POSTED, Outcome.INSUFFICIENT, Outcome.INSUFFICIENT, Outcome.POSTED, Outcome.POSTED,
    ]  # fmt: skip
    assert house.books.balance[:2].tolist() == [
        [-huge, 0, 0, 0, 0, huge, 0, 0],
        [-7, 7, 0, 0, 0, 0, 0, 0],
    ]


def test_a_debt_is_not_repaid_beyond_zero() -> None:
    house = House.new()
    rows = [
        Asked(3, 1, source=4, target=5, amount=100),
        Asked(3, 2, target=3, amount=150),
        Asked(3, 3, source=3, target=4, amount=101),
        Asked(3, 4, source=3, target=4, amount=100),
    ]
    assert house.decide(rows) == [
        Outcome.POSTED, Outcome.POSTED, Outcome.ABOVE_CEILING, Outcome.POSTED,
    ]  # fmt: skip
    assert house.books.balance[0].tolist() == [-150, 0, 0, 50, 0, 100, 0, 0]
