"""The first of two signatures: asked for by the console where the thing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.kernel.problems import Problem
from xiaobao.people import acts
from xiaobao.web.gates import visitor_of
from xiaobao.web.telling import tell, tell_problem
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.people.facts import Duty


def sign_first(
    request: HttpRequest, duty: Duty, seller_id: int, subject: str, *, words: str = "",
    amount_minor: int = 0, currency: str = "",
) -> None:  # fmt: skip
    """Write down who signs for it; another person finds it under what is to be signed."""
    try:
        acts.propose(
            duty, seller_id, subject, words=words, amount_minor=amount_minor, currency=currency,
            by=visitor_of(request).actor, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(
            request,
            zh="已签署；须由另一人在“待联签”中联签后才会执行",
            en="signed; it is done once another person signs too, under 'to be signed'",
        )
