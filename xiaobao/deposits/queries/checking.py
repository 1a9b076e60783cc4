"""The laws of cover: what is drawn of each limit, and that each premium was paid once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits import rules
from xiaobao.deposits.facts import CauseKind
from xiaobao.kernel.references import causes_of, uuid_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Broken, Why
from xiaobao.ledger.rules import differing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.ledger.facts import Postings

LAWS = {
    "cover": (
        "保险额度的已用部分须等于各事由所用减去退回",
        "what is drawn of a cover is what causes drew of it, less what went back",
    ),
    "cover_drawn": (
        "每个事由所用的保险须等于其记账的保险赔付",
        "what a cause drew of a cover is what the books say the insurer paid under it",
    ),
    "premium": (
        "每份保险的保费须恰好收取一次",
        "the premium of a cover was taken from the deposit once, and no other was",
    ),
}


def check(limit_per_law: int = 100) -> list[Broken]:
    """Every breach of these laws; run it in one snapshot where others write meanwhile."""
    broken = list(_drawn_of_covers(limit_per_law))
    for law in (_drawn_by_causes, _premiums):
        found: list[Broken] = []
        for span in ledger.seller_spans():
            found += law(span)
            if len(found) >= limit_per_law:
                break
        broken += found[:limit_per_law]
    return broken


def _broken(law: str, seller_id: int, detail: str, expected: int, found: int) -> Broken:
    return Broken(law, int(seller_id), detail, int(expected), int(found), *LAWS[law])


def _drawn_of_covers(limit: int) -> Iterator[Broken]:
    rows = sets.fetch_rows(
        """
        SELECT c.seller_id, c.name, coalesce(d.amount, 0) - coalesce(r.amount, 0), c.drawn_minor
        FROM deposits_cover c
        LEFT JOIN (SELECT seller_id, cover_id, sum(amount_minor)::bigint AS amount
            FROM deposits_draw GROUP BY 1, 2) d USING (seller_id, cover_id)
        LEFT JOIN (SELECT seller_id, cover_id, sum(amount_minor)::bigint AS amount
            FROM deposits_return GROUP BY 1, 2) r USING (seller_id, cover_id)
        WHERE c.drawn_minor <> coalesce(d.amount, 0) - coalesce(r.amount, 0)
        ORDER BY c.seller_id, c.cover_id LIMIT %s
        """,
        [limit],
    )
    for seller_id, name, expected, found in rows:
        yield _broken("cover", seller_id, f"cover {name}", expected, found)


def _drawn_by_causes(span: tuple[int, int]) -> Iterator[Broken]:
    rows = sets.fetch_rows(
        "SELECT seller_id, cause, amount_minor FROM deposits_draw "
        "WHERE seller_id BETWEEN %s AND %s",
        [*span],
    )
    drawn = {(seller_id, cause): int(amount) for seller_id, cause, amount in rows}
    paid = _summed(ledger.posted_for((Why.COVER_DRAWN,), span))
    for key in sorted(drawn.keys() | paid.keys()):
        if drawn.get(key, 0) != paid.get(key, 0):
            yield _broken(
                "cover_drawn", key[0], f"cause {key[1]}", drawn.get(key, 0), paid.get(key, 0)
            )


def _summed(stands: Postings) -> dict[tuple[int, object], int]:
    """Amounts by seller and cause."""
    total: dict[tuple[int, object], int] = {}
    for seller_id, hi, lo, amount in zip(
        stands.seller_id.tolist(), stands.cause_hi.tolist(), stands.cause_lo.tolist(),
        stands.amount_minor.tolist(), strict=True,
    ):  # fmt: skip
        key = (seller_id, uuid_of(hi, lo))
        total[key] = total.get(key, 0) + amount
    return total


def _premiums(span: tuple[int, int]) -> Iterator[Broken]:
    charged = sets.fetch_arrays(
        "SELECT seller_id, cover_id, premium_minor FROM deposits_cover "
        "WHERE seller_id BETWEEN %s AND %s AND premium_minor > 0",
        [*span],
        {"seller_id": "i8", "cover_id": "i8", "premium_minor": "i8"},
    )
    sellers = charged["seller_id"]
    hi, lo = causes_of(
        CauseKind.PREMIUM, np.zeros(len(sellers), np.int64), sellers, charged["cover_id"]
    )
    stands = ledger.posted_for((Why.PREMIUM_PAID,), span)
    expected = rules.premium_postings(sellers, hi, lo, charged["premium_minor"], 0)
    wrong = differing(expected, stands, np.ones(len(stands), np.bool_))
    for row in range(len(wrong)):
        cause = uuid_of(wrong.cause_hi[row], wrong.cause_lo[row])
        yield _broken(
            "premium", wrong.seller_id[row], f"cause {cause}", wrong.expected_minor[row],
            wrong.found_minor[row],
        )  # fmt: skip
