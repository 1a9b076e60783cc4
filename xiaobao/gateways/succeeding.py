"""One gateway takes over from another: what the old one knows it goes on with, to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.gateways.payments import Direction, Query, Result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from xiaobao.gateways.payments import Answer, BillLine, Movement, PaymentGateway


class SucceedingGateway:
    """Whatever the old one was once asked to move is never asked of the new one.

    It might move the same money again.
    """

    def __init__(self, old: PaymentGateway, new: PaymentGateway) -> None:
        self._old, self._new = old, new
        self.name = new.name

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._moved(movements, Direction.OUT)

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._moved(movements, Direction.IN)

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        answers = [a for a in self._old.query(asked) if a.result is not Result.NOT_FOUND]
        known = {answer.id for answer in answers}
        left = [one for one in asked if one.id not in known]
        return answers + (self._new.query(left) if left else [])

    def bill(self) -> list[BillLine]:
        return [*self._old.bill(), *self._new.bill()]

    def _moved(self, movements: Sequence[Movement], direction: Direction) -> list[Answer]:
        known = self._known(movements, direction)
        answers: list[Answer] = []
        for gateway, is_old in ((self._old, True), (self._new, False)):
            share = [one for one in movements if (one.id in known) is is_old]
            if share:
                move = gateway.transfer_out if direction is Direction.OUT else gateway.collect
                answers += move(share)
        return answers

    def _known(self, movements: Sequence[Movement], direction: Direction) -> set[UUID]:
        asked = [Query.about(one, direction) for one in movements]
        return {a.id for a in self._old.query(asked) if a.result is not Result.NOT_FOUND}
