"""Everybody at once: buyer, seller, adjudicators, rules, jury, appeals, the shop, every clock.

Grows out of the walk of claims: here rulings are real. At every moment money was paid once, the
books are sound, the seller has borne what rulings and settlements say to the fen, every ruling
replays, and what is refused moves nothing.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.claims.making import (
    NOW,
    SHOP,
    book,
    deny,
    file,
    key,
    open_world,
    paper,
    photo,
    place,
    standing,
)
from tests.claims.test_stateful import ORDERS, WHOLE, Hearing, which
from tests.hearings.making import everything, look
from xiaobao.advances.facts import PayoutState
from xiaobao.advances.queries import payouts_of
from xiaobao.claims import acts as claims_acts
from xiaobao.claims.facts import Answer, Ask, ClaimKind, Party
from xiaobao.hearings import acts
from xiaobao.hearings.facts import JurorKind, Verdict, Vote
from xiaobao.hearings.queries import panels_of, replayed, rulings_of
from xiaobao.hearings.rules.jury import seal
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.promises import packs

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.hearings.facts import PanelRow

JURORS = {"jo": JurorKind.BUYER, "lu": JurorKind.SELLER, "mo": JurorKind.EXPERT}
OWN = ("deposit", "locked", "reserve", "fund")


class Court(Hearing):
    """Two claims under review and what may still be filed, with all who rule and a jury of three.

    What parties do before review is walked by `Hearing` itself; few rules here go deeper.
    """

    pack: ClassVar[str]
    # A rule that is none is no rule.
    somebody_offers = an_offer_is_answered = goods_go_back = None  # type: ignore[assignment]
    it_is_suspended_or_resumed = the_platform_is_called = None  # type: ignore[assignment]
    the_buyer_files = the_seller_answers = evidence_is_added = None  # type: ignore[assignment]
    the_buyer_withdraws = the_buyer_brings_new_facts = None  # type: ignore[assignment]
    the_platform_rules = a_ruling_is_appealed = None  # type: ignore[assignment]

    @initialize(deposit=st.sampled_from([0, 60_000, 500_000]))
    def begin(self, deposit: int) -> None:
        self.mark = transaction.savepoint()
        self.market = open_world(deposit=deposit, pack=self.pack)
        place("B", self.market, until="completed")
        self.now = NOW
        self.keys = iter(range(10**9))
        self.claims: list[ClaimRow] = []
        self.refunds = dict.fromkeys(ORDERS, 0)
        self.paid = dict.fromkeys(ORDERS, 0)
        self.deposit = deposit
        self.replays = 0
        acts.add_known_case("known", Vote.UPHOLD, words="", at=NOW)
        for name, kind in JURORS.items():
            acts.add_juror(name, kind, at=NOW)
            acts.judge_known_case(name, "known", Vote.UPHOLD, at=NOW)
        for order in ORDERS:
            row = file(f"C{order}", order=order, ask=Ask.REPAIR if order == "B" else Ask.REFUND)
            deny(row, paper(), at=NOW, name=f"deny {order}")
            self.claims.append(row)

    def of_law(self, act: Callable[..., Any], claim: int, /, **more: Any) -> Any:
        """Do it; refused, nothing moved; done, the same again moves nothing."""
        row = self.claims[claim % len(self.claims)]
        before = everything()
        try:
            done = act(*key(row), at=self.now, **more)
        except Problem as problem:
            refused = problem.says("en")
        else:
            refused = ""
        if refused:
            assert everything() == before, f"{refused} moved something"
            return None
        after = everything()
        if "juror" not in more:
            assert not act(*key(row), at=self.now, **more).is_new
            assert everything() == after, "the same again moved something"
        return done

    @rule(
        number=which,
        by=st.sampled_from(["ada", "bob", "eve"]),
        verdict=st.sampled_from([Verdict.UPHOLD, Verdict.UPHOLD, Verdict.REJECT, Verdict.AMOUNTS]),
        refund=st.sampled_from([1, 20_000, 70_000]),
        fraud=st.booleans(),
        departure=st.sampled_from(["for a reason"] * 5 + [""]),
        appeals=st.sampled_from([None, Party.BUYER, Party.BUYER, Party.SELLER, Party.SELLER]),
        colour=st.integers(89, 120),
    )
    def it_is_ruled_and_appealed(
        self, number: int, by: str, verdict: Verdict, refund: int, departure: str,
        appeals: Party | None, colour: int, *, fraud: bool,
    ) -> None:  # fmt: skip
        self.of_law(
            acts.rule_claim, number, by=by, verdict=verdict, refund_minor=refund,
            is_fraud=fraud and verdict == Verdict.REJECT, departure=departure,
            key=f"k{next(self.keys)}",
        )  # fmt: skip
        if appeals is not None:
            self.now += timedelta(hours=1)
            self.of_law(
                acts.appeal_claim, number, by=appeals, words="there is more",
                handed=[photo(colour)], key=f"k{next(self.keys)}",
            )  # fmt: skip

    @rule()
    def what_came_to_review_is_looked_at(self) -> None:
        look(self.now)

    @rule(number=which, move=st.sampled_from(["file", "accept", "show", "withdraw", "reopen"]))
    def a_party_moves(self, number: int, move: str) -> None:
        name = f"k{next(self.keys)}"
        if move == "file":
            made = self.attempt(file, claim=f"C{name}", order=ORDERS[number % 2],
                                kind=ClaimKind.NOT_RECEIVED)  # fmt: skip
            self.claims += [made] if made is not None else []
        elif move == "accept":
            self.about(claims_acts.answer_claim, number, answer=Answer.ACCEPT)
        elif move == "show":
            self.about(claims_acts.add_evidence, number, by=Party.BUYER, handed=[photo(50)])
        elif move == "withdraw":
            self.about(claims_acts.withdraw_claim, number)
        else:
            self.about(claims_acts.reopen_claim, number, words="it broke")

    @rule(
        number=which,
        votes=st.lists(st.sampled_from(Vote), min_size=3, max_size=3),
        keeps=st.sampled_from([True, True, True, False]),
        steps=st.sampled_from([1, 2, 3, 3, 3]),
    )
    def the_jury_moves(self, number: int, votes: list[Vote], steps: int, *, keeps: bool) -> None:
        """Called; each seals a vote; each opens what was sealed, or something else."""
        self.of_law(acts.call_panel, number, key=f"k{next(self.keys)}")
        panel = self.panel(number)
        for juror, vote in zip([*JURORS, "stranger"], [*votes, Vote.UPHOLD], strict=True):
            if panel is not None and steps > 1:
                sealed = seal(panel.reference, id_of(juror), vote, juror)
                self.of_law(acts.seal_vote, number, juror=juror, sha256=sealed)
        for juror, vote in zip(JURORS, votes, strict=True):
            if panel is not None and steps > 2:
                opened = vote if keeps else Vote.REJECT
                self.of_law(
                    acts.open_vote, number, juror=juror, vote=opened, salt=juror, words="so"
                )

    def panel(self, number: int) -> PanelRow | None:
        found = panels_of(*key(self.claims[number % len(self.claims)]))
        return found[-1] if found else None

    # -- what holds at every moment --------------------------------------------------------------

    @invariant()
    def money_is_paid_once_and_nobody_gets_more_than_is_due(self) -> None:
        if not hasattr(self, "mark"):
            return
        back = dict.fromkeys(ORDERS, 0)
        paid = 0
        for row in map(standing, self.claims):
            paid += int(row.paid_minor[0])
            for order in ORDERS:
                if int(row.order_id[0]) == id_of(order):
                    back[order] += int(row.refund_minor[0]) + int(row.freight_back_minor[0])
        payouts = [
            payout.amount_minor
            for payout in payouts_of(id_of(SHOP), limit=1000)
            if payout.state != PayoutState.STOPPED
        ]
        assert sum(payouts) == paid == book().get("buyers", 0)
        for order in ORDERS:
            # What the shop refunds after it was paid is the shop's own affair.
            if back[order] != self.paid[order]:
                assert back[order] + self.refunds[order] <= WHOLE
        self.paid = back

    @invariant()
    def the_seller_bears_what_rulings_and_settlements_say(self) -> None:
        if not hasattr(self, "mark"):
            return
        held = book()
        own = self.deposit - sum(held.get(account, 0) for account in OWN)
        bears, rulings = 0, []
        for row in self.claims:
            mine = rulings_of(*key(row))
            rulings += mine
            # What fraud stopped on its way was paid before, and is not any more.
            ruled = sum(one.paid_minor - one.stopped_minor for one in mine)
            settled = int(standing(row).paid_minor[0]) - ruled
            assert settled >= 0
            bears += settled + (mine[-1].bears_minor if mine else 0)
        assert own == bears
        for ruling in sorted(rulings, key=lambda one: one.ruled_at)[self.replays :]:
            assert replayed(ruling.reference).is_same
        self.replays = len(rulings)


def test_whatever_they_all_do(db: None, tmp_path: Path) -> None:
    pack = tmp_path / "cn"
    shutil.copytree(Path(packs.__file__).parent / "cn", pack)
    table = pack / "hearings.csv"
    told = table.read_text(encoding="utf-8")
    # A jury of three that binds, and three appeals of each party.
    said = told.replace(",8,8,1,9,5000,48,24,5,", ",1,1,1,2,5000,48,24,1,").replace(
        ",1,true,true,false,", ",3,true,true,true,"
    )
    assert said != told
    table.write_text(said, encoding="utf-8")
    Court.pack = str(pack)
    run_state_machine_as_test(
        Court,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
