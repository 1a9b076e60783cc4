"""Inviting, signing and enrolling, in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.ledger import queries as ledger
from xiaobao.promises import queries as promises
from xiaobao.sellers import acts, queries
from xiaobao.sellers.acts import (
    AgreementNotInForce,
    SellerInOtherMarket,
    SellerNameCollides,
    SellerNotNameable,
    SellerUnknown,
    StandingForbids,
)
from xiaobao.sellers.facts import Event, Restriction, Standing

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
LATER = AT + timedelta(days=1)
TABLES = (
    "sellers_seller", "sellers_signature", "sellers_standing", "sellers_promise",
    "sellers_item", "sellers_mark", "sellers_profile", "ledger_book", "ledger_posting",
    "outbox_event",
)  # fmt: skip


def counts() -> dict[str, int]:
    return {t: fetch_rows(f"SELECT count(*) FROM {t}")[0][0] for t in TABLES}


def enrol(cn: Market, *names: str) -> np.ndarray:
    return acts.enrol_sellers(names, market_id=cn.market_id, signed_by="the seller", at=AT)


def test_enrolling_invites_signs_and_activates_with_the_basic_promises(cn: Market) -> None:
    before = counts()
    ids = acts.enrol_sellers(
        ["a shop", "小店", "a shop"], market_id=cn.market_id, signed_by="the seller", at=AT,
        categories=["phones", "general", "phones"],
    )  # fmt: skip
    basic = [
        p.promise for p in promises.promises_of(cn.market_id, 1_772_337_600_000_000) if p.is_basic
    ]
    assert len(basic) > 0
    after = counts()
    assert {t: after[t] - before[t] for t in TABLES} == {
        "sellers_seller": 2, "sellers_signature": 2, "sellers_standing": 6,
        "sellers_promise": 2 * len(basic), "sellers_item": 0, "sellers_mark": 0,
        "sellers_profile": 0, "ledger_book": 2, "ledger_posting": 0, "outbox_event": 6,
    }  # fmt: skip
    assert ids.tolist() == ids_of(["a shop", "小店", "a shop"]).tolist()
    row = queries.seller("小店")
    assert row is not None
    assert (row.state, row.currency, row.category, row.since) == (
        Standing.ACTIVE, "CNY", "general", AT,
    )  # fmt: skip
    history = queries.history_of(int(ids[0]))
    assert [(h.seq, h.event, h.state) for h in history] == [
        (1, Event.INVITE, Standing.INVITED),
        (2, Event.SIGN, Standing.SIGNED),
        (3, Event.ACTIVATE, Standing.ACTIVE),
    ]
    assert {h.happened_at for h in history} == {AT}
    [signature] = queries.signatures_of(int(ids[0]))
    agreement = promises.agreement_of(cn.market_id)
    assert (signature.version, signature.language, signature.text_sha256) == (
        agreement.version, "zh", agreement.sha256,
    )  # fmt: skip
    assert (signature.signed_at, signature.signed_by) == (AT, "the seller")
    assert sorted(p.promise for p in queries.promises_of(int(ids[0]))) == sorted(basic)
    assert ledger.balances(np.unique(ids)).deposit.tolist() == [0, 0]
    assert queries.categories_of(ids) == {int(ids[0]): "phones", int(ids[1]): "general"}


def test_enrolling_twice_changes_nothing(cn: Market) -> None:
    first = enrol(cn, "a shop", "another")
    before = counts()
    again = acts.enrol_sellers(
        ["another", "a shop"], market_id=cn.market_id, signed_by="somebody", at=LATER
    )
    assert again.tolist() == first[::-1].tolist()
    assert counts() == before


def test_what_is_known_is_asked_row_for_row(cn: Market) -> None:
    ids = enrol(cn, "a shop", "another")
    asked = np.array([ids[1], 5, ids[0], ids[1]], np.int64)
    assert queries.known(asked).tolist() == [True, False, True, True]
    assert queries.markets_of(asked).tolist() == [
        cn.market_id, 0, cn.market_id, cn.market_id,
    ]  # fmt: skip
    assert queries.known(np.zeros(0, np.int64)).tolist() == []
    assert queries.sellers_of(cn.market_id).tolist() == sorted(ids.tolist())
    assert queries.sellers_of(999).tolist() == []
    assert queries.names_of(asked) == {int(ids[0]): "a shop", int(ids[1]): "another"}
    assert queries.counts_by_standing()[Standing.ACTIVE] == 2


def test_a_name_that_meets_another_in_one_id_is_refused_and_nothing_moves(
    cn: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xiaobao.sellers.acts import joining

    enrol(cn, "a shop")
    before = counts()
    met = id_of("a shop")
    monkeypatch.setattr(joining, "ids_of", lambda names: np.full(len(names), met))
    with pytest.raises(SellerNameCollides) as refused:
        enrol(cn, "a twin")
    assert refused.value.fields == {"name": "a twin", "known": "a shop"}
    assert "a twin" in refused.value.says("zh")
    with pytest.raises(SellerNameCollides):
        enrol(cn, "one of two", "the other of two")
    assert counts() == before


@pytest.mark.parametrize("name", ["", " ", " padded", "padded ", "nul\0inside"])
def test_a_name_that_cannot_be_one_is_refused(cn: Market, name: str) -> None:
    before = counts()
    with pytest.raises(SellerNotNameable):
        enrol(cn, "a shop", name)
    assert counts() == before


def test_a_seller_of_another_market_is_refused(cn: Market) -> None:
    from xiaobao.promises import acts as packs

    packs.publish_pack("olist", at=datetime(2026, 1, 1, tzinfo=UTC))
    enrol(cn, "a shop")
    before = counts()
    other = promises.market("olist").market_id
    with pytest.raises(SellerInOtherMarket):
        acts.invite_sellers(["a shop"], market_id=other, at=AT)
    with pytest.raises(promises.MarketUnknown):
        acts.invite_sellers(["a shop"], market_id=99, at=AT)
    assert counts() == before


def test_an_invited_seller_signs_and_is_activated_one_by_one(cn: Market) -> None:
    ids = acts.invite_sellers(["a shop"], market_id=cn.market_id, at=AT)
    with pytest.raises(StandingForbids) as refused:
        acts.activate(ids, at=AT)
    assert refused.value.fields["event"] == "activate"
    with pytest.raises(AgreementNotInForce):
        acts.sign_agreement(ids, version="0", signed_by="the seller", at=AT)
    assert acts.sign_agreement(ids, language="en", signed_by="the seller", at=AT) == 1
    assert acts.sign_agreement(ids, language="en", signed_by="the seller", at=LATER) == 0
    assert queries.standing(ids).state.tolist() == [Standing.SIGNED]
    acts.activate(ids, at=LATER)
    assert queries.standing(ids).state.tolist() == [Standing.ACTIVE]
    with pytest.raises(SellerUnknown):
        acts.sign_agreement(np.array([7], np.int64), signed_by="the stranger", at=AT)


def test_one_cause_lifted_leaves_the_other(cn: Market) -> None:
    ids = enrol(cn, "a shop", "another")
    one, at_us = ids[:1], 1_772_424_000_000_000
    assert acts.restrict_sellers(ids, Restriction.SHORTFALL, at_us=at_us) == 2
    assert acts.restrict_sellers(one, Restriction.PENALTY, at_us=at_us + 1) == 1
    assert acts.restrict_sellers(one, Restriction.PENALTY, at_us=at_us + 2) == 0
    assert (
        acts.lift_restriction(ids, Restriction.SHORTFALL, at_us=np.array([at_us + 3, at_us + 4]))
        == 2
    )
    standing = queries.standing(ids)
    by_id = dict(zip(standing.seller_id.tolist(), standing.state.tolist(), strict=True))
    assert by_id[int(ids[0])] == Standing.RESTRICTED
    assert by_id[int(ids[1])] == Standing.ACTIVE
    assert acts.lift_restriction(one, Restriction.PENALTY, at_us=at_us + 5) == 1
    assert queries.standing(one).state.tolist() == [Standing.ACTIVE]
    assert [h.event for h in queries.history_of(int(ids[0]))][3:] == [
        Event.RESTRICT, Event.RESTRICT, Event.LIFT, Event.LIFT,
    ]  # fmt: skip
    assert queries.history_of(int(ids[1]))[-1].happened_at == datetime.fromtimestamp(
        (at_us + 4) / 1e6, UTC
    )


def test_who_left_is_invited_and_signs_again(cn: Market) -> None:
    ids = enrol(cn, "a shop")
    acts.move_sellers(ids, Event.LEAVE, at=LATER)
    with pytest.raises(StandingForbids):
        acts.move_sellers(ids, Event.LEAVE, at=LATER)
    acts.move_sellers(ids, Event.FINISH, at=LATER)
    assert queries.standing(ids).state.tolist() == [Standing.EXITED]
    acts.enrol_sellers(
        ["a shop"], market_id=cn.market_id, signed_by="the seller", at=LATER + timedelta(days=1)
    )
    assert queries.standing(ids).state.tolist() == [Standing.ACTIVE]
    assert len(queries.signatures_of(int(ids[0]))) == 2


def test_ten_thousand_sellers_join_at_once(cn: Market) -> None:
    names = [f"shop {n:05d}" for n in range(10_000)]
    ids = acts.enrol_sellers(names, market_id=cn.market_id, signed_by="import", at=AT)
    assert len(np.unique(ids)) == 10_000
    assert queries.counts_by_standing()[Standing.ACTIVE] == 10_000


def test_history_cannot_be_changed_or_deleted(cn: Market) -> None:
    import psycopg
    from django.db import transaction

    from xiaobao.database.sets import execute

    enrol(cn, "a shop")
    for statement in (
        "UPDATE sellers_standing SET seq = 9",
        "DELETE FROM sellers_signature",
        "DELETE FROM sellers_seller",
        "UPDATE sellers_mark SET is_marked = false",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
            execute(statement)
