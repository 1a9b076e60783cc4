"""Shapes that resources share: money, words, names, files handed in, and what they stand for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from ninja import Path as NinjaPath
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
)
from pydantic_core import core_schema

from xiaobao.kernel.money import MINOR_DIGITS, MOST_MINOR
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import IntEnum

NAME, WORDS = 200, 4000
# PostgreSQL takes no NUL in any text.
NO_NUL = r"^[^\x00]*$"


class Asked(BaseModel):
    """What is sent to us: nothing is guessed, and nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True)


def _whole(value: object) -> object:
    """JSON knows one kind of number: 1250.0 is as whole as 1250."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) <= MOST_MINOR
    return int(value) if is_whole else value  # type: ignore[call-overload]


Whole = Annotated[StrictInt, BeforeValidator(_whole)]


def _currency(code: str) -> str:
    if code not in MINOR_DIGITS:
        known = "、".join(MINOR_DIGITS), ", ".join(MINOR_DIGITS)
        raise ValueError(f"应为以下货币之一：{known[0]}", f"this must be one of: {known[1]}")
    return code


Currency = Annotated[
    StrictStr, AfterValidator(_currency), Field(json_schema_extra={"enum": sorted(MINOR_DIGITS)})
]
Moment = datetime
# Names as outsiders give them; PostgreSQL takes no NUL, and blanks around a name are mistakes.
# The pattern is one that ECMAScript and Rust read alike: of blanks they do not have the same.
_MARK = r"[^\s\x00-\x1f\x7f-\x9f\ufeff]"
Name = Annotated[
    StrictStr,
    Field(min_length=1, max_length=NAME, pattern=f"^{_MARK}(.*{_MARK})?$"),
]
Words = Annotated[StrictStr, Field(max_length=WORDS, pattern=NO_NUL)]
Version = Annotated[StrictStr, Field(min_length=1, max_length=NAME, pattern=NO_NUL)]


Shop = Annotated[
    str, NinjaPath(description="the seller's name; `~1` stands for a slash, `~0` for a tilde")
]


class Money(Asked):
    """An amount in minor units (fen, cents) and its ISO 4217 currency."""

    amount: Annotated[Whole, Field(ge=-MOST_MINOR, le=MOST_MINOR, examples=[1250])]
    currency: Currency = Field(examples=["CNY"])


class Amount(Asked):
    """An amount that somebody asks for or pays: nothing or more, in minor units."""

    amount: Annotated[Whole, Field(ge=0, le=MOST_MINOR, examples=[1250])]
    currency: Currency = Field(examples=["CNY"])


class CurrencyOfAnother(Problem):
    code = "currency_of_another"
    status: ClassVar[int] = 422
    zh = "currency 字段：该卖家的账本是 {kept}，不是 {given}；请用 {kept}"
    en = "currency: this seller's book is kept in {kept}, not in {given}; use {kept}"


def money(minor: int, currency: str) -> Money:
    return Money(amount=int(minor), currency=currency)


def minor_of(given: Amount | None, currency: str) -> int:
    """The minor units of an amount; 0 where none is given.

    :raises CurrencyOfAnother: where it is in another currency than the book
    """
    if given is None:
        return 0
    if given.currency != currency:
        raise CurrencyOfAnother(kept=currency, given=given.currency)
    return given.amount


def name_of(code: IntEnum) -> str:
    """A code as the API writes it."""
    return code.name.lower()


class Code:
    """Says of a text that it is one of a room's codes, in lower case."""

    def __init__(self, codes: type[IntEnum], *, but: Sequence[IntEnum] = ()) -> None:
        self.names = [name_of(code) for code in codes if code not in but]

    def __get_pydantic_core_schema__(self, _source: Any, _go_on: Any) -> Any:
        return core_schema.literal_schema(self.names)


class Page(Told):
    """One page of a list; `next` is the cursor of the one after it, and absent on the last."""

    next: str | None = None
