"""Short ways to rule, to appeal, and to see what every table says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tests.claims.making import everything as claims_and_money
from tests.claims.making import later, photo
from xiaobao.advances.queries import (
    replayed_compensations,
    replayed_recoveries,
    replayed_reversals,
)
from xiaobao.claims.facts import Party
from xiaobao.database.sets import fetch_rows
from xiaobao.hearings import acts
from xiaobao.hearings.facts import RulingRow, Verdict
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.replays import summed

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.hearings.facts import AppealRow, Ruled

DAY = later(days=1)


def uphold(row: ClaimRow, *, by: str = "ada", at: datetime = DAY, **more: Any) -> RulingRow:
    given: dict[str, Any] = {"verdict": Verdict.UPHOLD, "key": f"u-{by}"}
    return acts.rule_claim(row.seller_id, row.claim_id, by=by, at=at, **(given | more))


def reject(row: ClaimRow, *, by: str = "ada", at: datetime = DAY, **more: Any) -> RulingRow:
    given: dict[str, Any] = {"verdict": Verdict.REJECT, "key": f"r-{by}"}
    return acts.rule_claim(row.seller_id, row.claim_id, by=by, at=at, **(given | more))


def award(row: ClaimRow, *, by: str = "ada", at: datetime = DAY, **more: Any) -> RulingRow:
    given: dict[str, Any] = {
        "verdict": Verdict.AMOUNTS, "departure": "half is enough", "key": f"a-{by}",
    }  # fmt: skip
    return acts.rule_claim(row.seller_id, row.claim_id, by=by, at=at, **(given | more))


def appeal(
    row: ClaimRow, *, by: Party = Party.SELLER, at: datetime, colour: int = 140, **more: Any
) -> AppealRow:
    given: dict[str, Any] = {
        "words": "there is something new", "handed": [photo(colour)], "key": f"ap-{by}-{colour}",
    }  # fmt: skip
    return acts.appeal_claim(row.seller_id, row.claim_id, by=by, at=at, **(given | more))


def look(until: datetime) -> Ruled:
    """Look at all that waits; what that came to."""
    total = acts.look_at_claims(until_us=us_of(until))
    while (more := acts.look_at_claims(until_us=us_of(until))).looked:
        total += more
    return total


_TABLES = ("hearings_ruling", "hearings_appeal", "advances_reversal")


def everything() -> dict[str, str]:
    """A digest of every table that a hearing could touch."""
    return claims_and_money() | {
        table: fetch_rows(
            f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
        )[0][0]
        for table in _TABLES
    }


def postings(seller_id: int) -> list[tuple[str, str, int, str]]:
    """What moved in a book, in order: from, to, how much, why."""
    from xiaobao.ledger.facts import Account, Why

    return [
        (Account(source).name.lower(), Account(target).name.lower(), amount, Why(why).name.lower())
        for source, target, amount, why in fetch_rows(
            "SELECT source, target, amount, why FROM ledger_posting WHERE seller_id = %s "
            "ORDER BY seq",
            [seller_id],
        )
    ]


ONE = np.array([1])


def made_again() -> dict[str, int]:
    """How many compensations, recoveries and reversals there are; each comes out as it stands."""
    found = [
        summed("compensation", replayed_compensations()),
        summed("recovery", replayed_recoveries()),
        summed("reversal", replayed_reversals()),
    ]
    assert [one.differences for one in found] == [[], [], []]
    return {one.kind: one.looked for one in found}
