"""What is known around a claim when it is filed: its pictures elsewhere, purchases, claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.queries.before import ask_bought, ask_filed_before, rules_of
from xiaobao.claims.queries.law import law_in
from xiaobao.claims.rules.abuse import Around, signs
from xiaobao.claims.rules.law import key_of
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence import queries as evidence
from xiaobao.evidence.facts import Kind, Party

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int


def abuse_signs_of(claims: Claims) -> Int:
    """The signs of one claim whose evidence is recorded, as it is filed."""
    law = law_in(int(claims.market_id[0]))
    rows = law.book.in_force(
        claims.ordered_us, key_of(claims.kind, claims.category_id, claims.stage)
    )
    bought, filed_before = ask_bought(claims), ask_filed_before(claims)
    known = _known_pictures(claims)
    item = int(claims.item_id[0])
    others = [other for other in known if item and other and other != item]
    around = Around(
        is_photo_known=np.array([bool(known)]),
        is_photo_of_others=np.array([bool(others)]),
        bought_units=bought.answer,
        filed_before=filed_before.answer,
    )
    return signs(around, law.claims.take(rows.claim), rules_of(claims))


def _known_pictures(claims: Claims) -> list[int]:
    """The items of other orders' cases in which a picture of this claim was shown by a buyer."""
    seller_id, claim_id = int(claims.seller_id[0]), int(claims.claim_id[0])
    cases = {
        (alike.seller_id, alike.case_id)
        for piece in evidence.pieces_of(seller_id, claim_id)
        if piece.party == Party.BUYER and piece.kind == Kind.PHOTO
        for alike in evidence.near_duplicates(seller_id, claim_id, piece.seq)
        if alike.party == Party.BUYER
    }
    if not cases:
        return []
    sellers, ids = zip(*sorted(cases), strict=True)
    rows = fetch_rows(
        "SELECT c.item_id FROM claims_claim AS c JOIN unnest(%s::bigint[], %s::bigint[]) "
        "AS u (seller_id, claim_id) USING (seller_id, claim_id) "
        "WHERE (c.seller_id, c.order_id) <> (%s, %s)",
        [list(sellers), list(ids), seller_id, int(claims.order_id[0])],
    )
    return [item for (item,) in rows]
