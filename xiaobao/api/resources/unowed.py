"""Money that left unowed: what is open, and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from django.http import HttpRequest
from ninja import Path as NinjaPath
from ninja import Router, Status
from pydantic import Field

from xiaobao.api.asking import needs, person_in
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import (
    NO_NUL,
    Amount,
    Asked,
    Code,
    Moment,
    Money,
    Page,
    Told,
    minor_of,
    money,
    name_of,
)
from xiaobao.sellers import queries as sellers
from xiaobao.work.clock import now
from xiaobao.work.unowed import BY_ENDING, StepKind, unowed_listed, unowed_numbered
from xiaobao.work.writing_off import ask_back, book_back, write_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.work.unowed import UnowedRow

router = Router(tags=["books"])
Number = Annotated[
    str, NinjaPath(description="the payment's number, as bills and differences know it")
]
Said = Annotated[str, Field(max_length=500, pattern=NO_NUL)]


class UnowedStepTold(Told):
    step: Annotated[str, Code(StepKind)]
    ref: str
    amount: Money
    at: Moment
    by: str
    words: str


class UnowedTold(Told):
    """`open` is by how much the account holds less than the books say."""

    number: str
    seller: str
    amount: Money
    open: Money
    at: Moment
    steps: list[UnowedStepTold]


class UnowedListed(Page):
    unowed: list[UnowedTold]


class UnowedStepAsked(Asked):
    """`asked` needs `ref` and `words`, `back` an `amount` and `ref`, `written_off` `words`."""

    step: Annotated[str, Code(StepKind)]
    ref: Annotated[str, Field(max_length=100, pattern=NO_NUL)] = ""
    amount: Amount | None = None
    words: Said = ""
    by: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""


@router.get("/unowed", **needs("books:read"), response=UnowedListed,
            summary="Money that left unowed, and is not settled, the latest first")  # fmt: skip
def unowed(
    request: HttpRequest, settled: bool = False, cursor: Cursor = "", limit: Limit = 100  # noqa: ARG001
) -> UnowedListed:  # fmt: skip
    """With `settled` those that are, too."""
    found = unowed_listed(is_settled=settled, place=BY_ENDING.place(cursor), limit=limit + 1)
    rows, after = page_of(found, BY_ENDING, limit)
    return UnowedListed(unowed=_told(rows), next=after)


@router.post("/unowed/{number}", **needs("unowed:write"), response={201: UnowedTold},
             summary="Ask money back, book what came back, or write it off")  # fmt: skip
def settle(
    request: HttpRequest, number: Number, asked: UnowedStepAsked
) -> Status[UnowedTold]:  # fmt: skip
    """What is written off the guarantee fund bears; large sums two persons sign for.

    They sign in the console. What comes back is booked against a line of an account bill that was
    handed in: `ref` is that line's own number, and no line is booked for more than came in by it.
    """
    by, at = person_in(request, asked.by), now()
    if asked.step == name_of(StepKind.ASKED):
        row = ask_back(number, ref=asked.ref, words=asked.words, by=by, at=at)
    elif asked.step == name_of(StepKind.BACK):
        minor = minor_of(asked.amount, unowed_numbered(number).currency)
        row = book_back(number, minor, ref=asked.ref, words=asked.words, by=by, at=at)
    else:
        row = write_off(number, words=asked.words, by=by, at=at)
    return Status(201, _told([row])[0])


def _told(rows: Sequence[UnowedRow]) -> list[UnowedTold]:
    names = sellers.names_of(np.array(sorted({one.seller_id for one in rows}), np.int64))
    return [
        UnowedTold(
            number=one.number, seller=names.get(one.seller_id, ""),
            amount=money(one.amount_minor, one.currency),
            open=money(one.open_minor, one.currency), at=one.at,
            steps=[
                UnowedStepTold(
                    step=name_of(step.kind), ref=step.ref,
                    amount=money(step.amount_minor, one.currency), at=step.at, by=step.by,
                    words=step.words,
                )
                for step in one.steps
            ],
        )
        for one in rows
    ]  # fmt: skip
