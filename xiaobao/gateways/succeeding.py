"""One gateway takes over from another: what the old one knows it goes on with, to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.gateways.payments import Direction, Query, Result, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from xiaobao.gateways.payments import Answer, BillLine, Movement, PaymentGateway


class SucceedingGateway:
    """Whatever the old one was once asked to move is never asked of the new one.

    It might move the same money again.
    """

    def __init__(self, old: PaymentGateway, new: PaymentGateway) -> None:
        self._old, self._new = old, new
        self.name, self.known_after_us = new.name, new.known_after_us

    def now_us(self) -> int:
        return max(self._old.now_us(), self._new.now_us())

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        asks = (self._old.transfer_out, self._new.transfer_out)
        return self._shared(movements, Direction.OUT, asks)

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._shared(movements, Direction.IN, (self._old.collect, self._new.collect))

    def give_up(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._shared(movements, Direction.IN, (self._old.give_up, self._new.give_up))

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        answers = [a for a in self._old.query(asked) if a.result is not Result.NOT_FOUND]
        known = {answer.id for answer in answers}
        unheard = [one for one in asked if one.id not in known]
        # What has to do with a sum frozen at the old one is no matter of the new one.
        olds = self._frozen_at_old(unheard)
        left = [one for one in unheard if one.of not in olds]
        told = self._old.query([one for one in unheard if one.of in olds]) if olds else []
        return [*answers, *told, *(self._new.query(left) if left else [])]

    def bill(self) -> list[BillLine]:
        return [*self._old.bill(), *self._new.bill()]

    def _shared(
        self, movements: Sequence[Movement], direction: Direction,
        asks: tuple[Callable[[Sequence[Movement]], list[Answer]], ...],
    ) -> list[Answer]:  # fmt: skip
        """Each movement is asked of the old one where that knows it, else of the new one."""
        known = self._known(movements, direction)
        answers: list[Answer] = []
        for ask, is_old in zip(asks, (True, False), strict=True):
            share = [one for one in movements if (one.id in known) is is_old]
            if share:
                answers += ask(share)
        return answers

    def _known(self, movements: Sequence[Movement], direction: Direction) -> set[UUID]:
        asked = [Query.about(one, direction) for one in movements]
        known = {a.id for a in self._old.query(asked) if a.result is not Result.NOT_FOUND}
        olds = self._frozen_at_old([one for one in movements if one.id not in known])
        return known | {one.id for one in movements if one.of in olds}

    def _frozen_at_old(self, ones: Sequence[Movement | Query]) -> set[UUID | None]:
        """Of the sums that these take from or let go of, those that the old one froze."""
        asked = {
            one.of: Query(one.of, one.at_us, Direction.IN, 0, 1, one.seller_id, way=Way.FROZEN)
            for one in ones
            if one.of is not None
        }
        told = self._old.query(list(asked.values())) if asked else []
        return {answer.id for answer in told if answer.result is not Result.NOT_FOUND}
