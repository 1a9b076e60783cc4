"""What calls about claims share: the claim a path names, for whom it is told, the party acting."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from xiaobao.api.asking import caller_in, check_scope, shop_in
from xiaobao.api.problems import language_of
from xiaobao.api.resources.claims.shapes import ClaimTold, claim_told
from xiaobao.api.tags import tag
from xiaobao.claims import queries
from xiaobao.claims.facts import Party
from xiaobao.kernel.problems import Problem
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.sellers.facts import SellerRow

PartyAsked = Literal["buyer", "seller"]
StopperAsked = Literal["buyer", "seller", "platform"]


class PartyMissing(Problem):
    code = "party_missing"
    status: ClassVar[int] = 422
    zh = "party 字段：平台系统须写明代哪一方（buyer 或 seller）办理"
    en = "party: the marketplace's own system says for which party it acts (buyer or seller)"


class PartyOfAnother(Problem):
    code = "party_of_another"
    status: ClassVar[int] = 403
    zh = "party 字段：店铺的客户端只能以卖家身份办理"
    en = "party: a shop's own client acts for the seller alone"


def claim_in(request: HttpRequest, seller: str, claim: str) -> ClaimDetail:
    """The claim that a path names, as whoever asks may see it.

    :raises NotFound: where the shop is not there, or another's
    :raises ClaimUnknown: where it has no such claim
    """
    return _as_seen(request, shop_in(request, seller), claim)


def _as_seen(request: HttpRequest, row: SellerRow, claim: str) -> ClaimDetail:
    found = queries.claim_page(claim, language_of(request), seller=row.name, at=now())
    return queries.as_told(found, Party.SELLER) if caller_in(request).is_of_shop else found


def told_after(request: HttpRequest, response: HttpResponse, seller: str, claim: str) -> ClaimTold:
    """The claim as an act left it, with its tag."""
    found = claim_in(request, seller, claim)
    response.headers["ETag"] = tag_of(found)
    return claim_told(found)


def tag_of(found: ClaimDetail) -> str:
    """Names the state of a claim: whatever happens to it adds to its timeline."""
    last = found.timeline[-1]
    return tag(found.seller_id, found.claim_id, last.seq, int(found.state), int(found.marks))


def party_in(request: HttpRequest, asked: PartyAsked | None) -> Party:
    """For which party a call acts; a shop's own client, for the seller.

    :raises PartyMissing: where the platform does not say for whom it acts
    :raises PartyOfAnother: where a shop's client says that it is the buyer
    """
    if caller_in(request).is_of_shop:
        if asked == "buyer":
            raise PartyOfAnother
        return Party.SELLER
    if asked is None:
        raise PartyMissing
    return Party[asked.upper()]


def stopper_in(request: HttpRequest, asked: StopperAsked | None) -> Party:
    """Who stops the clocks, or lets them go on: a party, or an adjudicator for the platform.

    :raises PartyMissing: where the platform's own system does not say for whom it acts
    :raises PartyOfAnother: where a shop's client says that it is another
    :raises ScopeMissing: where the token cannot act for whom it says
    """
    caller = caller_in(request)
    if caller.is_of_shop and asked == "platform":
        raise PartyOfAnother
    acts_for_parties = "claims:write" in caller.scopes
    if asked == "platform" or (asked is None and not acts_for_parties):
        check_scope(request, "rulings:write")
        return Party.PLATFORM
    check_scope(request, "claims:write")
    return party_in(request, asked)
