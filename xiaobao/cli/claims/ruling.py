"""An adjudicator rules; a party appeals."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.claims.naming import (
    By,
    ClaimName,
    Files,
    Key,
    Photos,
    SellerOf,
    Words,
    handed_from,
    key_of,
    moment_at,
    party_of,
)
from xiaobao.cli.claims.printing import print_ruling, print_standing
from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, print_json, say

app = typer.Typer()
Minor = Annotated[int | None, typer.Option(metavar="MINOR", min=0)]


@app.command("rule")
def rule_one(
    claim: ClaimName,
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="裁决人 · who rules")],
    uphold: Annotated[bool, typer.Option("--uphold", help="按建议支持 · as proposed")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="不支持 · rejected")] = False,
    refund: Minor = None,
    freight: Minor = None,
    compensation: Minor = None,
    punitive: Minor = None,
    ground: Annotated[
        str | None, typer.Option(metavar="CODE", help="理由编码，如 not_delivered · coded reason")
    ] = None,
    fraud: Annotated[
        bool, typer.Option("--fraud", help="认定买家欺诈，须 --reject · fraud of the buyer")
    ] = False,
    words: Words = "",
    departure: Annotated[
        str, typer.Option(metavar="WORDS", help="与建议不同的理由 · why not as proposed")
    ] = "",
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """裁决并立即执行：--uphold、--reject 或给出金额 · rule, carried out at once"""
    from xiaobao.hearings.facts import Ground, Verdict

    sums = {
        "refund_minor": refund, "freight_minor": freight, "compensation_minor": compensation,
        "punitive_minor": punitive,
    }  # fmt: skip
    has_sums = any(amount is not None for amount in sums.values())
    if uphold + reject + has_sums != 1:
        raise typer.BadParameter(
            say(
                zh="--uphold、--reject 与金额（--refund 等）选其一",
                en="give --uphold, --reject, or sums (--refund …)",
            ),
            param_hint="--uphold",
        )
    verdict = Verdict.UPHOLD if uphold else Verdict.REJECT if reject else Verdict.AMOUNTS
    code = None if ground is None else named(Ground, ground, "--ground")
    open_for_command()
    from xiaobao.hearings import acts

    when, named_claim = moment_at(at), key_of(claim, seller)
    ruling = acts.rule_claim(
        named_claim.seller_id, named_claim.claim_id, verdict=verdict, by=by, ground=code,
        is_fraud=fraud, words=words, departure=departure, key=key, at=when,
        **{name: amount or 0 for name, amount in sums.items()},
    )  # fmt: skip
    print_ruling(claim, ruling, when, as_json=as_json)


@app.command("appeal")
def appeal_one(
    claim: ClaimName,
    *,
    by: By,
    words: Annotated[str, typer.Option(metavar="WORDS", help="申诉理由 · why")],
    photo: Photos = None,
    evidence: Files = None,
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """凭新信息申诉，由另一人复核 · appeal with something new; another person reviews it"""
    party, handed = party_of(by), handed_from(photo, evidence)
    open_for_command()
    from xiaobao.hearings import acts

    when, named_claim = moment_at(at), key_of(claim, seller)
    done = acts.appeal_claim(
        named_claim.seller_id, named_claim.claim_id, by=party, words=words, handed=handed,
        key=key, at=when,
    )  # fmt: skip
    if as_json:
        print_json({"claim": claim, "appeal": done})
        return
    print(
        say(
            zh=f"维权 {claim}：第 {done.number} 次申诉，针对第 {done.round} 次裁决",
            en=f"claim {claim}: appeal {done.number}, of ruling {done.round}",
        )
    )
    print_standing(named_claim.seller_id, named_claim.claim_id, when)
