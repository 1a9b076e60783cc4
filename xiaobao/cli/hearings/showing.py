"""The queue of those who rule, and the rulings of one claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.claims.naming import (
    ClaimName,
    SellerOf,
    key_of,
    moment_at,
    party_words,
    state_words,
)
from xiaobao.cli.claims.printing import (
    print_lines,
    print_standing,
    ruling_pairs,
    ruling_shown,
    words_for,
)
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import (
    Json,
    language,
    moment,
    money,
    print_json,
    print_pairs,
    print_table,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.hearings.facts import QueueRow

app = typer.Typer()


@app.command("queue")
def show_queue(
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多 · at most")] = 100,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """待裁决的维权，先到期者在前 · claims that wait for a ruling, late ones first"""
    open_for_command()
    from xiaobao.hearings.queries import queue

    rows = queue(at=moment_at(at), limit=limit)
    if as_json:
        print_json(
            {"queue": [{n: getattr(r, n) for n in type(r).__dataclass_fields__} for r in rows]}
        )
        return
    if not rows:
        print(say(zh="没有待裁决的维权", en="nothing waits for a ruling"))
        return
    _print_queue(rows)


def _print_queue(rows: Sequence[QueueRow]) -> None:
    from xiaobao.claims.facts import FINDING_WORDS, KIND_WORDS
    from xiaobao.promises.queries import market_of

    def proposed(row: QueueRow) -> str:
        total = row.refund_minor + row.freight_minor + row.compensation_minor
        return money(total, market_of(row.market_id).currency)

    print_table(
        [say(zh="维权", en="claim"), say(zh="原因", en="kind"), say(zh="状态", en="state"),
         say(zh="期限", en="due"), say(zh="认定", en="found"),
         say(zh="建议给买家", en="proposed for the buyer"),
         say(zh="此前裁决人", en="ruled before by")],
        [
            [r.claim, words_for(KIND_WORDS[r.kind]), state_words(r.state),
             (moment(r.due_at) if r.due_at else "-")
             + (say(zh="（已超时）", en=" (late)") if r.is_late else ""),
             words_for(FINDING_WORDS[r.finding])
             + (say(zh="，须人工", en=", by a person") if r.is_person_asked else ""),
             proposed(r), ", ".join(r.rulers)]
            for r in rows
        ],
    )  # fmt: skip


@app.command("show")
def show_rulings(
    claim: ClaimName, *, seller: SellerOf = None, at: Moment = None, as_json: Json = False
) -> None:
    """一宗维权的裁决与申诉 · the rulings and appeals of one claim"""
    open_for_command()
    from xiaobao.claims.queries import claim_detail
    from xiaobao.hearings.queries import appeals_of, rulings_of

    key = key_of(claim, seller)
    rulings = rulings_of(key.seller_id, key.claim_id)
    appeals = appeals_of(key.seller_id, key.claim_id)
    when = moment_at(at)
    detail = claim_detail(key.seller_id, key.claim_id, language(), at=when)
    if as_json:
        print_json(
            {
                "claim": claim, "state": detail.state,
                "rulings": [ruling_shown(one) for one in rulings], "appeals": appeals,
                "next_actions": detail.next_actions,
            }
        )  # fmt: skip
        return
    if not rulings:
        print(say(zh="尚无裁决", en="no ruling yet"))
    for ruling in rulings:
        print_pairs(ruling_pairs(ruling, detail.money.currency))
        print_lines(ruling, detail.money.currency)
        print()
    for one in appeals:
        who, when_said = party_words(one.party), moment(one.appealed_at)
        print(
            say(
                zh=f"{when_said} {who}申诉：{one.words}",
                en=f"{when_said} appeal of the {who}: {one.words}",
            )
        )
    print_standing(key.seller_id, key.claim_id, when)
