"""Claims before whoever rules: read once under their locks, decided, and carried out at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances import acts as advances
from xiaobao.advances.facts import Owed
from xiaobao.claims import acts as claims_acts
from xiaobao.claims.queries import explained, exposure_of, facts_of, proposal_for
from xiaobao.hearings import store
from xiaobao.hearings.facts import CauseKind, RuledBy
from xiaobao.hearings.queries.reading import as_counted, causes_borne
from xiaobao.hearings.queries.reading import before as stands_before
from xiaobao.hearings.queries.terms_of import terms_for
from xiaobao.hearings.rules import RULES_VERSION
from xiaobao.hearings.rules.content import content_of, sha256_of
from xiaobao.hearings.rules.deciding import decide
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import causes_of, uuid_of
from xiaobao.orders import acts as orders
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.claims.facts import ClaimFacts, Claims, Explanation, Proposal
    from xiaobao.hearings.facts import Before, Decided, Said
    from xiaobao.hearings.terms import HearingTerms
    from xiaobao.kernel.columns import Int, Mask


@dataclass(frozen=True)
class Bench:
    """Claims held, and all that a ruling about them is taken on, row for row."""

    claims: Claims
    at_us: Int
    facts: ClaimFacts
    proposal: Proposal
    exposure_minor: Int
    before: Before
    round: Int  # rulings so far
    appeals: Int
    terms: HearingTerms

    def take(self, rows: Mask) -> Bench:
        return Bench(**{name: _taken(getattr(self, name), rows) for name in _BENCH})


_BENCH = tuple(Bench.__dataclass_fields__)


def _taken(part: Any, rows: Mask) -> Any:
    return part[rows] if isinstance(part, np.ndarray) else part.take(rows)


@dataclass(frozen=True)
class Texts:
    """What goes with one ruling in words; `key` and `digest` name the act that made it."""

    ruler: str = ""
    ruler_id: int = 0
    words: str = ""
    departure: str = ""
    key: int = 0
    digest: int = 0


def read_bench(claims: Claims, at_us: Int) -> Bench:
    """Read what a ruling needs, the orders held: no refund comes in between."""
    held = orders.ask_hold(claims.seller_id, claims.order_id)
    claims_acts.hold_clocks(claims)
    before, rounds, appeals = stands_before(claims)
    facts = facts_of(as_counted(claims, before), judged_us=at_us, states=held.answer)
    return Bench(
        claims=claims,
        at_us=at_us,
        facts=facts,
        proposal=proposal_for(facts),
        exposure_minor=exposure_of(facts),
        before=before,
        round=rounds,
        appeals=appeals,
        terms=terms_for(claims),
    )


def rule(bench: Bench, said: Said, texts: Sequence[Texts]) -> Decided:
    """Decide, record and carry out: in the caller's transaction, which holds the claims.

    :raises ClaimMoveImpossible: where one is not under review, or appealed
    """
    decided = decide(bench.facts, bench.proposal, bench.before, said)
    claims = bench.claims
    high, low = causes_of(
        CauseKind.RULING, bench.at_us, claims.seller_id, claims.claim_id, bench.round + 1
    )
    is_final = bench.appeals >= 2 * bench.terms.appeals_most
    stopped = _stop_payouts(bench, decided)
    ruled = claims_acts.mark_ruled(
        claims, amount_minor=decided.refund_minor + decided.freight_minor
        + decided.compensation_minor, key=_step(high, low, 1), at_us=bench.at_us,
        is_final=is_final, stopped_minor=stopped, words=texts[0].words if len(texts) == 1 else "",
    )  # fmt: skip
    _record(bench, said, decided, (high, low), is_final, texts, stopped)
    _carry_out(bench, ruled, decided, (high, low))
    owed_back = decided.owed_back_minor - stopped + decided.test_owed_minor
    owes = owed_back > 0
    if owes.any():
        tell(
            EventKind.CLAIM_OWED_BACK, claims.seller_id[owes],
            high[owes], low[owes], at_us=bench.at_us[owes], subject_id=claims.claim_id[owes],
            party_id=claims.buyer_id[owes], amount_minor=owed_back[owes],
        )  # fmt: skip
    return decided


def _step(high: Int, low: Int, number: int) -> Int:
    """The key of one step that a ruling takes its claim."""
    return causes_of(CauseKind.STEP, np.zeros(len(high), np.int64), high, low, low * 0 + number)[1]


def _record(
    bench: Bench, said: Said, decided: Decided, named: tuple[Int, Int], is_final: Mask,
    texts: Sequence[Texts], stopped: Int,
) -> None:  # fmt: skip
    claims, count = bench.claims, len(bench.claims)
    pay = decided.pay_refund_minor + decided.pay_freight_minor + decided.pay_compensation_minor
    lines = explained(bench.facts, bench.proposal)
    contents = [
        _content(bench, said, decided, named, row, texts[row], lines[row]) for row in range(count)
    ]
    store.add_rulings(
        {
            **{
                name: getattr(decided, name)
                for name in (
                    "refund_minor", "freight_minor", "compensation_minor", "punitive_minor",
                    "fund_minor", "platform_minor", "bears_minor", "owed_back_minor", "test_minor",
                    "test_owed_minor", "outcome",
                    "ground", "is_departure", "is_reversed",
                )
            },
            "seller_id": claims.seller_id, "claim_id": claims.claim_id, "paid_minor": pay,
            "stopped_minor": stopped,
            "market_id": claims.market_id, "kind": claims.kind, "round": bench.round + 1,
            "terms_version": bench.proposal.terms_version, "by": said.by,
            "finding": bench.proposal.finding, "is_final": is_final, "ruled_at": bench.at_us,
            "rules_version": np.full(count, RULES_VERSION), "reference_hi": named[0],
            "reference_lo": named[1],
            "ruler_id": np.array([one.ruler_id for one in texts]),
            "key": np.array([one.key for one in texts]),
            "digest": np.array([one.digest for one in texts]),
            "ruler": [one.ruler for one in texts], "words": [one.words for one in texts],
            "departure": [one.departure for one in texts],
            "sha256": [sha256_of(body) for body in contents],
            "content": [body.decode() for body in contents],
        }
    )  # fmt: skip


def _stop_payouts(bench: Bench, decided: Decided) -> Int:
    """What the buyer owes back does not set out, where it has not yet; how much that is."""
    stopped = np.zeros(len(bench.claims), np.int64)
    for row in np.flatnonzero(decided.owed_back_minor > 0).tolist():
        stopped[row] = advances.stop_payouts(
            int(bench.claims.seller_id[row]), int(bench.claims.claim_id[row]),
            int(decided.owed_back_minor[row]), at_us=int(bench.at_us[row]),
        )  # fmt: skip
    return stopped


def _content(
    bench: Bench, said: Said, decided: Decided, named: tuple[Int, Int], row: int, texts: Texts,
    lines: Explanation,
) -> bytes:  # fmt: skip
    claims = bench.claims
    return content_of(
        facts=bench.facts, proposal=bench.proposal, before=bench.before, said=said,
        decided=decided, explanation=lines, row=row,
        named={
            "kind": "ruling",
            "reference": str(uuid_of(int(named[0][row]), int(named[1][row]))),
            "seller_id": int(claims.seller_id[row]),
            "claim_id": int(claims.claim_id[row]),
            "round": int(bench.round[row]) + 1,
            "ruled_us": int(bench.at_us[row]),
            "rules_version": RULES_VERSION,
            "hearing_terms": int(bench.terms.version[row]),
            "ruler": texts.ruler,
            "words": texts.words,
            "departure": texts.departure,
        },
    )  # fmt: skip


def _carry_out(bench: Bench, claims: Claims, decided: Decided, named: tuple[Int, Int]) -> None:
    """Pay what is due now, charge who bears it, close what needs nothing more."""
    high, low = named
    for row in np.flatnonzero(decided.is_reversed).tolist():
        _reverse(bench, row)
    pay = decided.pay_refund_minor + decided.pay_freight_minor + decided.pay_compensation_minor
    charges = pay + decided.platform_minor > 0
    fund = np.where(decided.is_reversed, -bench.claims.fund_minor, 0)
    if charges.any():
        _charge(bench.take(charges), claims.take(charges), decided.take(charges), pay[charges],
                (high[charges], low[charges]))  # fmt: skip
        fund[charges] += advances.advanced_under(
            claims.seller_id[charges], high[charges], low[charges]
        )
    total = decided.refund_minor + decided.freight_minor + decided.compensation_minor
    goods = decided.is_in_goods
    pays = (charges | (total > 0)) & ~goods
    if pays.any():
        claims_acts.mark_paid(
            claims.take(pays),
            refund_minor=decided.pay_refund_minor[pays],
            freight_minor=decided.pay_freight_minor[pays],
            compensation_minor=decided.pay_compensation_minor[pays],
            punitive_minor=(decided.punitive_minor - bench.before.punitive_minor)[pays],
            fund_minor=fund[pays], is_captured=charges[pays],
            key=_step(high, low, 2)[pays], at_us=bench.at_us[pays],
        )  # fmt: skip
    closes = ~pays & ~goods
    if closes.any():
        claims_acts.mark_closed(
            claims.take(closes), key=_step(high, low, 2)[closes], at_us=bench.at_us[closes],
            is_reversed=decided.is_reversed[closes],
        )  # fmt: skip
    if goods.any():
        claims_acts.mark_owed_in_goods(
            claims.take(goods), key=_step(high, low, 2)[goods], at_us=bench.at_us[goods],
            is_charged=charges[goods], fund_minor=fund[goods],
        )  # fmt: skip


def _reverse(bench: Bench, row: int) -> None:
    """Give the seller back what earlier rulings charged it for this claim."""
    claims = bench.claims
    causes = causes_borne(
        int(claims.seller_id[row]), int(claims.claim_id[row]), int(bench.round[row])
    )
    advances.reverse_compensation(
        causes["seller_id"], causes["cause_hi"], causes["cause_lo"],
        at=moment_of(int(bench.at_us[row])),
    )  # fmt: skip


def _charge(
    bench: Bench, claims: Claims, decided: Decided, pay_minor: Int, named: tuple[Int, Int]
) -> None:
    first = decided.punitive_minor + decided.test_minor
    again = decided.is_reversed | (decided.platform_minor > first)
    backing = replace(
        claims_acts.backing_of(claims),
        granted_minor=decided.granted_minor,
        is_borne_again=again,
    )
    advances.compensate(
        Owed(
            seller_id=claims.seller_id, cause_hi=named[0], cause_lo=named[1],
            market_id=claims.market_id, subject_id=claims.claim_id, buyer_id=claims.buyer_id,
            buyer_minor=pay_minor, platform_minor=decided.platform_minor, at_us=bench.at_us,
        ),
        backing,
    )  # fmt: skip


def said_by(by: RuledBy, verdict: Int, **columns: Int) -> dict[str, Any]:
    """Columns of `Said` with nothing said but this."""
    none = np.zeros(len(verdict), np.int64)
    names = ("ground", "refund_minor", "freight_minor", "compensation_minor", "punitive_minor")
    made: dict[str, Any] = dict.fromkeys(names, none)
    made |= {"is_fraud": none.astype(np.bool_), "by": none + by, "verdict": verdict}
    return made | columns
