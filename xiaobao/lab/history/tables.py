"""What history knows of sellers beside their orders: a table each, by bucket, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from xiaobao.claims.facts import ClaimFacts
from xiaobao.hearings.facts import Before
from xiaobao.kernel.columns import Columns, Int, Mask

T = TypeVar("T", bound=Columns)

# Beside the ways of ruling (hearings): what the parties agreed, and what waits for a person.
SETTLED, WAITS_FOR_PERSON = 0, 99


@dataclass(frozen=True, slots=True)
class Sellers(Columns):
    """Who sold, by id; `category_id` is 0, general, where the seller named none."""

    seller_id: Int
    category_id: Int
    joined_us: Int


@dataclass(frozen=True, slots=True)
class Stays(Columns):
    """From when till when each seller was inside the guarantee, by seller and beginning."""

    seller_id: Int
    from_us: Int
    to_us: Int  # FAR_US while it stays


@dataclass(frozen=True, slots=True)
class Covers(Columns):
    """Insured limits, by seller and beginning; one at a time for each seller."""

    seller_id: Int
    limit_minor: Int
    from_us: Int
    to_us: Int


@dataclass(frozen=True, slots=True)
class Money(Columns):
    """What moved by seller and day, but for breaches and recoveries, which are replayed.

    Lodgements, settlements, claims, penalties, exits: in and out of deposit and reserve, the debt
    that arose, and what claims drew from insurance.
    """

    seller_id: Int
    day: Int
    deposit_minor: Int
    reserve_minor: Int
    debt_minor: Int
    cover_minor: Int
    unseen_minor: Int  # of the deposit: held for claims, and let go of; nobody looks what is left
    released_minor: Int  # of the reserve: went back after the night's quotes
    is_looked: Mask  # something moved after which somebody looks what is missing


@dataclass(frozen=True, slots=True)
class Paid(Columns):
    """What claims paid on top of the price, for what a clock of their order watches over too."""

    seller_id: Int
    order_id: Int
    clock: Int  # orders.Clock
    counts_from: Int  # the first day whose night knows of it
    amount_minor: Int


@dataclass(frozen=True, slots=True)
class Kept(Columns):
    """Claims by how they were decided, where no rule decided: facts, or waiting for a person."""

    by: Int  # hearings.RuledBy, SETTLED or WAITS_FOR_PERSON
    kind: Int  # ClaimKind
    cases: Int
    paid_minor: Int
    platform_minor: Int


@dataclass(frozen=True, slots=True)
class Rulings(Columns):
    """What was ruled without a person; what each was judged on stands row for row beside it."""

    seller_id: Int
    claim_id: Int
    round: Int
    by: Int  # hearings.RuledBy: by rule, or by default
    ruled_us: Int
    is_last: Mask  # no later ruling of the same claim


@dataclass(frozen=True, slots=True)
class Endings(Columns):
    """Each time that a claim's time to appeal was over, by moment; reopened, it ends once more."""

    seller_id: Int
    claim_id: Int
    item_id: Int
    kind: Int  # ClaimKind
    ended_us: Int
    round: Int  # of the ruling that stood then; 0 where there was none
    is_paid: Mask  # it gave the buyer something


@dataclass(frozen=True, slots=True)
class Recorded(Columns):
    """Violations as they were recorded, in the order in which they were."""

    seller_id: Int
    violation_id: Int
    kind: Int
    source: Int
    incident_id: Int
    subject_id: Int
    units: Int
    is_corrected: Mask
    happened_us: Int
    recorded_us: Int
    revoked_us: Int  # FAR_US where it stands


@dataclass(frozen=True, slots=True)
class Checks(Columns):
    """Checks of exits: what each was judged on, but for what stood in the way."""

    seller_id: Int
    number: Int
    seq: Int
    scope: Int
    checked_us: Int
    closing_us: Int  # from when a quiet time that begins with closing counts
    terms_us: Int  # whose terms govern
    deposit_minor: Int
    required_minor: Int
    counted_elsewhere_minor: Int
    debt_minor: Int
    is_unblockable: Mask
    is_first: Mask  # of its exit


@dataclass(frozen=True, slots=True)
class Stood(Columns):
    """What stood in the way at each check, by the check's row."""

    check: Int
    kind: Int
    subject_id: Int
    basis_minor: Int
    locked_minor: Int
    since_us: Int
    until_us: Int
    least_us: Int
    actor: Int


# The folder of each in a lake.
TABLES: dict[type[Columns], str] = {
    Sellers: "sellers", Stays: "stays", Covers: "covers", Money: "money", Paid: "paid",
    Kept: "kept",
    Rulings: "rulings", ClaimFacts: "rulings_facts", Before: "rulings_before",
    Endings: "endings", Recorded: "violations", Checks: "exits", Stood: "exits_stood",
}  # fmt: skip


def schema_of(table: type[Columns]) -> pa.Schema:
    """Whole numbers of 64 bits, and truth values; nothing is missing."""
    return pa.schema(
        [
            pa.field(name, pa.bool_() if name.startswith("is_") else pa.int64(), nullable=False)
            for name in table.names()
        ]
    )


def from_rows(table: type[T], columns: dict[str, Any]) -> T:
    """The table of columns under its names."""
    return table(
        **{
            name: np.asarray(columns[name], np.bool_ if name.startswith("is_") else np.int64)
            for name in table.names()
        }
    )


def none_of(table: type[T]) -> T:
    """The table without rows."""
    return from_rows(table, {name: [] for name in table.names()})
