"""A world in which every address leads somewhere: one of everything that has a page of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.contrib.auth import get_user_model

from tests.claims.making import (
    NOW,
    OTHER_SHOP,
    SHOP,
    deny,
    file,
    key,
    later,
    paper,
    photo,
    place,
    put,
)
from tests.hearings.test_acts_jury import seat_jurors
from tests.later_pack import announced_pack, china_pack, later_pack
from tests.violations.living import pass_until
from tests.web.matrix import CLERK
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Answer
from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Kind, Party, Submission
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.exits import acts as exits
from xiaobao.exits.facts import Reason, Scope
from xiaobao.hearings import acts as hearings
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import causes_of, id_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox import queries as deliveries
from xiaobao.outbox.facts import Attempt, EventKind, Trouble
from xiaobao.people import acts as people
from xiaobao.people.facts import Actor, Duty, Role
from xiaobao.promises import acts as promises
from xiaobao.promises import queries as packs
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers.acts import update_profile
from xiaobao.supervision import acts as supervision
from xiaobao.trust import acts as trust
from xiaobao.violations import acts as violations
from xiaobao.violations.facts import Source
from xiaobao.work import comparisons

if TYPE_CHECKING:
    from pathlib import Path

OWNER, OTHER = id_of(SHOP), id_of(OTHER_SHOP)
BOUND = {"payout_account": "shop@example.com", "legal_name": "Shop Ltd"}


def live(folder: Path) -> dict[str, str]:
    """Everything in it; what stands for the names in the matrix's addresses.

    The clerk of the shop has to be there: an invitation is made for them.
    """
    _contested()
    exits.open_consult(OWNER, topic="leaving", words="how?", by=SHOP, at=NOW)
    violations.record_violation(
        OWNER, "V-1", kind=ViolationKind.MISDESCRIBED, source=Source.INSPECTION,
        by="an inspector", words="not as shown", at=NOW,
    )  # fmt: skip
    # A night later it brings a penalty, which is published.
    violations.record_violation(
        OTHER, "V-2", kind=ViolationKind.COUNTERFEIT, source=Source.INSPECTION,
        by="an inspector", words="not the real thing", at=NOW,
    )  # fmt: skip
    pass_until(later(days=2))
    market = packs.market("cn")
    evidence.submit_all(
        [Submission(OWNER, OWNER, Kind.POLICY_NOTICE, Party.SELLER, photo(7).body, NOW,
                    party_id=OWNER, words="a notice", name="notice.png")],
        limits=packs.book_of(EvidenceTerms, market.market_id), at=NOW,
    )  # fmt: skip
    _leaving()
    later_named = announced_pack(china_pack(folder / "announced"), "next", at=later(days=1))
    opened = NOW - timedelta(days=1)
    drafted = later_pack(
        china_pack(folder / "draft"), "draft", announced=f"{later(days=40):%Y-%m-%d}",
        effective=f"{later(days=50):%Y-%m-%d}", bps=550, is_major=False,
    )  # fmt: skip
    draft = promises.consult_on(drafted, by="operator", at=opened)
    promises.comment_on("cn", "draft", words="too much", by="a shop", at=NOW)
    compared = comparisons.ask_for(draft, by="operator", at=NOW)
    comparisons.reckon_asked(NOW)
    intent = people.propose(
        Duty.APPROVE_EXIT, OTHER, "1", words="fine", amount_minor=5_100_000, currency="CNY",
        by=Actor(999_999, "somebody"), at=later(days=3650),
    )  # fmt: skip
    clerk = get_user_model().objects.get(username=CLERK)
    people.add_look(clerk.pk, Role.ADJUDICATOR, OWNER, "desk-case C-1", at=NOW)
    subscription, event = _told()
    return {
        "pack": str(later_named.pack_id), "draft": str(draft.draft_id),
        "comparison": str(compared.comparison), "quarter": _reported(),
        "intent": str(intent.intent_id), "subscription": str(subscription), "event": event,
        "link": people.invite(
            CLERK, by=Actor(0, "operator"), at=NOW, until=later(days=3650)
        ),
    }  # fmt: skip


def _reported() -> str:
    """The quarter of it all, once it was over."""
    supervision.expect_weeks()
    trust.expect_reports()
    assert trust.publish_reports(us_of(later(days=100))) == 1
    return "2025-Q4"


def _contested() -> None:
    """A claim with a photo of each side, put to a jury; one that was paid, one to be ruled."""
    row = file(claim="C-1")
    deny(row, paper(), at=later(hours=5))
    seat_jurors()
    hearings.call_panel(*key(row), key="jury", at=later(days=1))
    for order in ("P", "Q"):
        place(order, packs.market("cn"))
    paid = file(claim="C-2", order="P")
    claims.answer_claim(*key(paid), answer=Answer.ACCEPT, key="k", at=later(hours=1))
    deny(file(claim="C-3", order="Q"), paper(), at=later(hours=5))


def _leaving() -> None:
    update_profile(OTHER, BOUND, at=NOW)
    put(OTHER_SHOP, 100_000)
    exits.apply_for_exit(
        OTHER, scope=Scope.PART, reason=Reason.OWN_WISH, amount_minor=1_000, key="k",
        by=OTHER_SHOP, at=later(hours=1),
    )  # fmt: skip


def _told() -> tuple[int, str]:
    """A subscription with a message that did not arrive."""
    number = outbox.subscribe("a shop", "https://shop.example/hook", ["claim.*"], at=NOW)
    one = np.array([OWNER])
    outbox.tell(EventKind.CLAIM_PAID, one, *causes_of(301, one % 1000, one), at_us=1)
    [[first]] = deliveries.due_runs(number, at=NOW, each=1, limit=1)
    [told] = outbox.take(number, [first], at=NOW)
    outbox.record_attempts([(told, Attempt(500, Trouble.REFUSED, 7, "no"))], at=NOW)
    return number, str(told.event)
