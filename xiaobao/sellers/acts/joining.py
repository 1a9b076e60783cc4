"""Joining the guarantee: invite, sign, enrol, activate, any number of sellers at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import ids_of
from xiaobao.ledger import acts as ledger
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.sellers import store
from xiaobao.sellers.acts.standing import held, move, tell
from xiaobao.sellers.facts import Event, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.sellers.facts import Standings

GENERAL = "general"


class SellerNotNameable(Problem):
    code: ClassVar[str] = "seller_not_nameable"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "seller 字段的名称 {name!r} 不可用：请给出非空、首尾无空格的卖家名称"
    en: ClassVar[str] = "seller: {name!r} cannot be a name; give one that is not blank or padded"


class SellerNameCollides(Problem):
    code: ClassVar[str] = "seller_name_collides"
    zh: ClassVar[str] = "seller 字段的名称 {name!r} 与卖家 {known!r} 得出同一编号：请换一个名称"
    en: ClassVar[str] = "seller: {name!r} meets the seller {known!r} in one id; use another name"


class SellerInOtherMarket(Problem):
    code: ClassVar[str] = "seller_in_other_market"
    zh: ClassVar[str] = "卖家 {name!r} 已在市场 {market_id} 加入：请在该市场操作，或换一个名称"
    en: ClassVar[str] = "seller {name!r} is in market {market_id}; act there, or use another name"


class AgreementNotInForce(Problem):
    code: ClassVar[str] = "agreement_not_in_force"
    zh: ClassVar[str] = "version 字段：协议 {version!r} 不是现行版本；请签署 {in_force!r}"
    en: ClassVar[str] = "version: agreement {version!r} is not in force; sign {in_force!r}"


@transaction.atomic
def invite_sellers(
    names: Sequence[str],
    *,
    market_id: int,
    at: datetime,
    categories: Sequence[str] | None = None,
    are_natural_persons: Mask | None = None,
) -> Int:
    """Invite sellers by outside name and open their books; return their ids, row for row.

    Whoever was invited before stays as it is; who has left is invited again.

    :raises SellerNotNameable: for a blank name
    :raises SellerNameCollides: for a name whose id another name has
    :raises SellerInOtherMarket: for a seller of another market
    :raises MarketUnknown: for a market no pack was published for
    """
    market = promises.market_of(market_id)
    _check_names(names)
    ids = ids_of(names)
    _, first = np.unique(ids, return_index=True)
    given = list(categories) if categories is not None else [GENERAL] * len(names)
    natural = np.zeros(len(names), bool) if are_natural_persons is None else are_natural_persons
    at_us = us_of(at)
    new = store.add_sellers(
        ids[first], [names[i] for i in first], [given[i] for i in first], natural[first],
        market_id=market_id, currency=market.currency, at_us=at_us, state=Standing.INVITED,
    )  # fmt: skip
    _check_known(names, ids, market_id)
    before = store.hold(ids[first])
    is_new = np.isin(before.seller_id, new)
    invited = before.take(is_new)
    store.write_entries(invited, Event.INVITE)
    tell(EventKind.SELLER_INVITED, invited)
    ledger.open_books(new, market.currency, at=at)
    back = move(before.take(before.state == Standing.EXITED), Event.INVITE, at_us)
    tell(EventKind.SELLER_INVITED, back)
    return ids


@transaction.atomic
def sign_agreement(
    seller_ids: Int,
    *,
    version: str | None = None,
    language: str = "zh",
    signed_by: str,
    at: datetime,
) -> int:
    """Sign the agreement in force; return how many signed anew.

    `version` is what the signer believes to sign; None signs whatever is in force. The hash kept
    is that of the text in both languages.

    :raises AgreementNotInForce: for another version than the one in force
    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: for a seller who has left or was forced out
    """
    before = held(seller_ids)
    signed = 0
    for market_id in np.unique(before.market_id).tolist():
        of_market = before.take(before.market_id == market_id)
        signed += _sign(of_market, market_id, version, language, signed_by, us_of(at))
    return signed


def _sign(
    before: Standings,
    market_id: int,
    version: str | None,
    language: str,
    signed_by: str,
    at_us: int,
) -> int:
    agreement = promises.agreement_of(market_id, moment_of(at_us))
    if version not in (None, agreement.version):
        raise AgreementNotInForce(version=version, in_force=agreement.version)
    done = store.signed_already(before.seller_id, version=agreement.version, language=language)
    signing = before.take(~done)
    store.add_signatures(
        signing.seller_id, version=agreement.version, language=language,
        sha256=agreement.sha256, signed_by=signed_by, at_us=at_us,
    )  # fmt: skip
    tell(EventKind.SELLER_SIGNED, move(signing, Event.SIGN, at_us))
    return len(signing)


@transaction.atomic
def enrol_sellers(
    names: Sequence[str],
    *,
    market_id: int,
    signed_by: str,
    at: datetime,
    categories: Sequence[str] | None = None,
    language: str = "zh",
) -> Int:
    """Invite, sign, begin the basic promises and activate; return the ids, row for row.

    Entry asks for no size of shop. Enrolling who is enrolled changes nothing.

    :raises Problem: as `invite_sellers` and `sign_agreement`
    """
    ids = invite_sellers(names, market_id=market_id, at=at, categories=categories)
    at_us = us_of(at)
    before = store.hold(np.unique(ids))
    joining = before.take(np.isin(before.state, (Standing.INVITED, Standing.SIGNED)))
    _sign(joining, market_id, None, language, signed_by, at_us)
    activate(joining.seller_id, at=at)
    return ids


@transaction.atomic
def join(seller_id: int, *, version: str, language: str, signed_by: str, at: datetime) -> None:
    """An invited seller signs the agreement that it read, and is active; joined, nothing changes.

    :raises AgreementNotInForce: for another version than the one in force
    :raises SellerUnknown: for an id nobody has
    """
    one = np.array([seller_id], np.int64)
    before = held(one)
    if int(before.state[0]) in (Standing.INVITED, Standing.SIGNED):
        _sign(before, int(before.market_id[0]), version, language, signed_by, us_of(at))
        activate(one, at=at)


@transaction.atomic
def activate(seller_ids: Int, *, at: datetime) -> None:
    """Make sellers who have signed active, with the basic promises begun.

    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: for a seller who has not signed, or is active already
    """
    before = held(seller_ids)
    at_us = us_of(at)
    after = move(before, Event.ACTIVATE, at_us)
    for market_id in np.unique(before.market_id).tolist():
        ids = before.seller_id[before.market_id == market_id]
        known = promises.promises_of(market_id, at_us)
        basic = np.array([p.promise for p in known if p.is_basic], np.int64)
        store.begin_promises(np.repeat(ids, len(basic)), np.tile(basic, len(ids)), at_us)
    tell(EventKind.SELLER_ENROLLED, after)


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if not name or name != name.strip() or "\0" in name:
            raise SellerNotNameable(name=name)


def _check_known(names: Sequence[str], ids: Int, market_id: int) -> None:
    """Every name stands under its own id, in this market."""
    kept = store.names_and_markets(np.unique(ids))
    for name, seller_id in zip(names, ids.tolist(), strict=True):
        known, market = kept[seller_id]
        if known != name:
            raise SellerNameCollides(name=name, known=known)
        if market != market_id:
            raise SellerInOtherMarket(name=name, market_id=market)
