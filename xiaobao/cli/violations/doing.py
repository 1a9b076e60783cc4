"""A violation is recorded, appealed by its seller, and decided by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, print_json, say
from xiaobao.cli.violations.showing import SellerOf, ViolationName, print_detail

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.violations.facts import ViolationKey

app = typer.Typer()

By = Annotated[str, typer.Option("--by", metavar="PERSON", help="谁 · who does this")]
Reasons = Annotated[str, typer.Option("--words", metavar="WORDS", help="理由 · the reasons")]


@app.command()
def record(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家 · the seller's name")],
    violation: ViolationName,
    *,
    kind: Annotated[str, typer.Option(help="种类，如 counterfeit、fake_trade · what was done")],
    by: By,
    source: Annotated[str, typer.Option(help="inspection, staff")] = "staff",
    happened: Moment = None,
    incident: Annotated[
        str, typer.Option(help="同一事件的名称：在规定天数内只计一次 · counts once in some days")
    ] = "",
    units: Annotated[int, typer.Option(help="涉及多少订单或商品 · orders or items")] = 1,
    corrected: Annotated[
        bool, typer.Option("--corrected", help="卖家已自行改正 · mended by the seller")
    ] = False,
    words: Annotated[str, typer.Option(metavar="WORDS", help="事实 · what was found")] = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """记录一条违规并通知卖家 · record a violation; its seller is told and may appeal"""
    from xiaobao.violations.facts import Source, ViolationKind

    of_kind = named(ViolationKind, kind, "--kind")
    of_source = named(Source, source, "--source")
    if of_source not in {Source.INSPECTION, Source.STAFF}:
        raise typer.BadParameter("inspection, staff", param_hint="--source")
    open_for_command()
    from xiaobao.sellers.queries import seller_named
    from xiaobao.violations import acts, queries

    moment = now() if at is None else at
    recorded = acts.record_violation(
        seller_named(seller).seller_id, violation, kind=of_kind, source=of_source, by=by,
        at=moment, happened_at=happened, incident=incident, units=units, is_corrected=corrected,
        words=words,
    )  # fmt: skip
    key = queries.violation_named(violation, seller)
    _print_done(key, is_new=recorded.recorded > 0, as_json=as_json)


@app.command()
def appeal(
    violation: ViolationName,
    *,
    words: Reasons,
    by: By = "seller",
    seller: SellerOf = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """卖家申诉：由另一人在时限内复核，处罚不中止 · appeal: another person decides"""
    key = _key_of(violation, seller)
    from xiaobao.violations import acts

    acts.appeal_violation(key, by=by, words=words, at=_moment(at))
    _print_done(key, is_new=True, as_json=as_json)


@app.command()
def decide(
    violation: ViolationName,
    *,
    words: Reasons,
    by: By,
    uphold: Annotated[bool, typer.Option("--uphold", help="维持 · the violation stands")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="撤销 · all of it is undone")] = False,
    seller: SellerOf = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """另一人维持或撤销 · another person upholds or revokes a violation"""
    if uphold == revoke:
        raise typer.BadParameter(
            say(zh="写 --uphold 或 --revoke 之一", en="give one of --uphold and --revoke")
        )
    key = _key_of(violation, seller)
    from xiaobao.violations import acts

    acts.decide_violation(key, is_upheld=uphold, by=by, words=words, at=_moment(at))
    _print_done(key, is_new=True, as_json=as_json)


def _key_of(violation: str, seller: str | None) -> ViolationKey:
    open_for_command()
    from xiaobao.violations.queries import violation_named

    return violation_named(violation, seller)


def _moment(at: datetime | None) -> datetime:
    return now() if at is None else at


def _print_done(key: ViolationKey, *, is_new: bool, as_json: bool) -> None:
    from xiaobao.violations.queries import violation_detail

    detail = violation_detail(key)
    if as_json:
        print_json({"violation": detail.row, "is_new": is_new})
        return
    print_detail(detail)
    if not is_new:
        print(say(zh="（此前已记录）", en="(recorded before)"))
