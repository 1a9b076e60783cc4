"""A claim for other systems: as PayPal's or Stripe's dispute, or as ERC-1497 evidence."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.claims.naming import ClaimName, SellerOf, moment_at
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, print_json, say, write_private
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.gateways.disputes.case import Case

app = typer.Typer()


class Shape(StrEnum):
    """Whose shape it takes."""

    PAYPAL = "paypal"
    STRIPE = "stripe"
    ERC1497 = "erc1497"


class ExportNotWritable(Problem):
    """The file asked for cannot be written."""

    code = "claim_export_not_writable"
    status = 422
    zh = "--out：无法写入 {file}：{reason}；请换一个还没有文件的可写位置"
    en = "--out: cannot write {file}: {reason}; name a place that can be written, with no file yet"


@app.command()
def export(
    claim: ClaimName,
    *,
    shape: Annotated[Shape, typer.Option("--format", help="格式 · whose shape it takes")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="写到哪里 · where to write it")
    ] = None,
    seller: SellerOf = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """以其他系统的格式导出一宗维权 · a claim as PayPal, Stripe or ERC-1497 write theirs"""
    open_for_command()
    told = _shape_of(shape)(_case(claim, seller, at))
    if out is None:
        print_json(told)
        return
    try:
        write_private(out, (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode())
    except OSError as trouble:
        raise ExportNotWritable(file=out, reason=trouble.strerror) from trouble
    if as_json:
        print_json({"file": out, "format": shape.value})
    else:
        print(say(zh=f"已写入 {out}", en=f"written to {out}"))


def _case(claim: str, seller: str | None, at: Any) -> Case:
    from xiaobao.claims.queries import claim_page
    from xiaobao.evidence.facts import Viewer
    from xiaobao.evidence.queries import pieces_of
    from xiaobao.gateways.disputes.case import Case
    from xiaobao.hearings.queries import rulings_of
    from xiaobao.orders.queries import order_of

    detail = claim_page(claim, "en", seller=seller, at=moment_at(at))
    key = detail.seller_id, detail.claim_id
    return Case(
        detail, pieces_of(*key, viewer=Viewer.STAFF), rulings_of(*key),
        order_of(detail.seller, detail.order),
    )  # fmt: skip


def _shape_of(shape: Shape) -> Callable[[Case], dict[str, Any]]:
    from xiaobao.gateways.disputes import erc1497, paypal, stripe

    return {
        Shape.PAYPAL: paypal.as_dispute,
        Shape.STRIPE: stripe.as_dispute,
        Shape.ERC1497: erc1497.as_bundle,
    }[shape]
