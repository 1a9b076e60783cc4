"""Many of everything that is listed anywhere: rows beside those of `living.py`, made in bulk.

Nothing is decided or paid here: rows are copies of rows that acts wrote, under other keys.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from tests.claims.making import NOW, OTHER_SHOP, SHOP
from xiaobao.database.sets import execute
from xiaobao.hearings.queries import panels_of
from xiaobao.kernel.references import causes_of, id_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers.acts import mark_items

OWNER, OTHER = id_of(SHOP), id_of(OTHER_SHOP)


def copy(table: str, where: str, count: int, first: int, **changed: str) -> None:
    """So many copies of one row; `n` in what is changed counts from `first`."""
    told = ", ".join(f"'{name}', {value}" for name, value in changed.items())
    made = execute(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(r, jsonb_build_object({told}))).* "
        f"FROM (SELECT t FROM {table} t WHERE {where} LIMIT 1) AS one(r), "
        "generate_series(%(first)s::int, %(last)s::int) AS s(n)",
        {"first": first, "last": first + count - 1},
    )
    assert made == count, (table, made)


def crowd(count: int, first: int) -> None:
    """So many more, named by numbers from `first` on."""
    _shops(count, first)
    here = f"t.seller_id = {OWNER}"
    # Of claims every second waits for a ruling; the clocks of some run out together.
    copy("orders_order", here, count, first, order_id="1000000 + n", order_name="'O-' || n")
    copy(
        "claims_claim", here, count, first, claim_id="1000000 + n", claim_name="'C-' || n",
        order_id="1000000 + n",
        state="CASE WHEN mod(n, 2) = 0 THEN 6 ELSE 9 END",
        platform_due_at="'2025-11-01Z'::timestamptz + n / 3 * interval '1 hour'",
    )  # fmt: skip
    copy(
        "violations_violation", here, count, first, violation_id="1000000 + n",
        violation_name="'V-' || n",
    )  # fmt: skip
    copy("evidence_piece", f"{here} AND t.case_id = {OWNER}", count, first, seq="n + 100",
         sha256="'\\x' || encode(sha256(n::text::bytea), 'hex')")  # fmt: skip
    copy("advances_payout", here, count, first, payout="gen_random_uuid()")
    juror = panels_of(OWNER, id_of("C-1"))[0].seats[0].juror_id
    copy("hearings_panel", here, count, first, claim_id="1000000 + n")
    copy("hearings_seat", f"t.juror_id = {juror}", count, first, claim_id="1000000 + n")
    copy("exits_consult", here, count, first, number="n + 100")
    copy("exits_consult_words", here, count, first, number="n + 100")
    copy("ledger_posting", here, count, first, seq="n + 100", cause="gen_random_uuid()")
    names = [f"item {n:03}" for n in range(first, first + count)]
    for batch in range(6):  # more than are shown
        mark_items(OWNER, names[batch::6], at=NOW + timedelta(minutes=first, seconds=batch))
    ids = np.arange(first, first + count)
    outbox.tell(EventKind.CLAIM_PAID, np.full(count, OWNER), *causes_of(301, ids * 1000, ids),
                at_us=1)  # fmt: skip
    _people(count, first)


def _shops(count: int, first: int) -> None:
    """Further shops that owe the fund, leave, and ask."""
    other, seller = f"t.seller_id = {OTHER}", "2000000 + n"
    copy("sellers_seller", other, count, first, seller_id=seller, name="'shop ' || n")
    copy("ledger_book", other, count, first, seller_id=seller, fund="-1000 - mod(n, 3)",
         outside="(r).outside + 1000 + mod(n, 3)")  # fmt: skip
    copy("exits_exit", other, count, first, seller_id=seller)
    copy("exits_consult", f"t.seller_id = {OWNER}", count, first, seller_id=seller)
    copy("violations_penalty", other, count, first, seller_id=seller)


def _people(count: int, first: int) -> None:
    copy("auth_user", "TRUE", count, first, id="1000000 + n", username="'person ' || n")
    copy("people_member", "TRUE", count, first, user_id="1000000 + n")
    for table, key in (("people_event", "event_id"), ("people_look", "look_id"),
                       ("people_intent", "intent_id")):  # fmt: skip
        more = {"seller_id": "2000000 + n"} if table == "people_intent" else {}
        copy(table, "TRUE", count, first, **{key: "gen_random_uuid()"}, **more)
