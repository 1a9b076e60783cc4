"""A shop as a buyer may check it before paying; policy texts to read and to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.evidence import acts as evidence
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.languages import CODES
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import STATE_WORDS
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import RESTRICTION_WORDS, STANDING_WORDS, Standing
from xiaobao.trust import queries as trust
from xiaobao.trust.facts import KEPT_DAYS, PAYOUT_DAYS
from xiaobao.violations import queries as violations
from xiaobao.web.listing import listed
from xiaobao.web.policy.reading import in_consultation
from xiaobao.web.telling import spoken_in
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow
    from xiaobao.trust.facts import LabelRow

# Whoever shows a badge or a label need not ask again for so long.
KEEP = "public, max-age=300"
COVERED = {Standing.ACTIVE, Standing.RESTRICTED, Standing.EXITING}


def _seller(name: str) -> SellerRow:
    row = sellers.seller(name)
    if row is None:
        raise Http404
    return row


@require_safe
def shop(request: HttpRequest, shop: str) -> HttpResponse:
    """What the shop promises, whether money stands behind it, and how it kept its word.

    Amounts of the deposit are the shop's own matter; whether and how far it meets what is asked
    is not.
    """
    row, language, at = _seller(shop), spoken_in(request), now()
    label = trust.label_of(row, at=at)
    return render(request, "public/shop.html", {
        "shop": row,
        "standing": STANDING_WORDS[row.state],
        "restrictions": [RESTRICTION_WORDS[one] for one in row.restricted_by],
        "label": label, "kept_days": KEPT_DAYS, "payout_days": PAYOUT_DAYS,
        "promises": [(one, promises.title_of(one.clause, language, us_of(at)))
                     for one in label.promises],
        # Half days count as whole ones.
        "days": -(-(label.median_hours or 0) // 24),
        "penalty": label.penalty,
        "measures": _pairs(label.penalty.measures_zh, label.penalty.measures_en)
        if label.penalty else [],
    })  # fmt: skip


def _pairs(zh: tuple[str, ...], en: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(zip(zh, en, strict=True))


@require_safe
def label(request: HttpRequest, shop: str) -> HttpResponse:  # noqa: ARG001
    """The same for programs, signed."""
    response = JsonResponse(
        trust.signed_label(_seller(shop), at=now()), json_dumps_params={"ensure_ascii": False}
    )
    return _kept(response)


@require_safe
def key(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public key under which labels, dossiers and the log are signed."""
    return HttpResponse(evidence.signing_key() + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def badge(request: HttpRequest, shop: str) -> HttpResponse:
    """A picture for the shop's own pages: `?lang=en` or `zh` fixes its language."""
    row = _seller(shop)
    asked = request.GET.get("lang", "")
    language = asked if asked in CODES else spoken_in(request)
    label = trust.label_of(row, at=now())
    response = render(request, "public/badge.svg", {
        "lang": language, "state": badge_of(label), "label": label,
    }, content_type="image/svg+xml")  # fmt: skip
    return _kept(response)


def badge_of(label: LabelRow) -> str:
    """What the badge says in one word: `covered`, `short` or `outside`."""
    if label.seller.state not in COVERED:
        return "outside"
    return "covered" if label.is_quoted and label.is_met else "short"


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = KEEP
    # It says the same to everybody, wherever it is shown.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Penalties that are published now; names of natural persons are masked where the pack says.

    An entry goes when its measure ends; one that was revoked stays for its time as a correction.
    """
    markets = promises.markets()
    asked = request.GET.get("market", "")
    market = next((one for one in markets if one.name == asked), None)
    if asked and market is None:
        raise Http404
    at, market_id = now(), market.market_id if market else None
    page = listed(
        request, violations.BY_PUBLICATION,
        lambda place, most: violations.register(
            at=at, market_id=market_id, place=place, limit=most
        ),
    )  # fmt: skip
    return render(request, "public/register.html", {
        "markets": [one.name for one in markets], "market": asked, "page": page,
        "entries": [
            {"row": one, "measures": _pairs(one.measures_zh, one.measures_en),
             "kinds": _pairs(one.violations_zh, one.violations_en)}
            for one in page.rows
        ],
    })  # fmt: skip


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Every version of every market's rules, the latest first.

    What is in force, what is announced and from when, and what was said of it in consultation
    (E-Commerce Law, articles 33 and 34): what was said, and not who said it.
    """
    at = now()
    versions = [v for market in promises.markets()
                for v in reversed(promises.versions(market.market_id, at=at))]  # fmt: skip
    return render(request, "public/policy.html", {
        "is_many": len(promises.markets()) > 1,
        "drafts": [one for market in promises.markets()
                   for one in in_consultation(market.name, at=at)],
        "all_clauses": promises.clauses_at(us_of(at)),
        "versions": [
            {"version": one, "state": STATE_WORDS[one.state],
             "why_major": [(why["zh"], why["en"]) for why in one.why_major],
             "comments": [(said.words, said.reply)
                          for said in promises.comments_on(one.draft_id)],
             "files": sorted(promises.pack_files(one.pack_id))}
            for one in versions
        ],
    })  # fmt: skip


@require_safe
def policy_file(request: HttpRequest, pack: int, file: str) -> HttpResponse:  # noqa: ARG001
    """One file of a published pack, as it was published (E-Commerce Law, article 33)."""
    text = promises.pack_files(pack).get(file)
    if text is None:
        raise Http404
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )  # fmt: skip
