"""What takes two persons: one signs first, another signs with them or refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from xiaobao.people import queries, rules, store
from xiaobao.people.acts.problems import (
    IntentOver,
    IntentStands,
    NotApart,
    SamePerson,
    SignerLeft,
)
from xiaobao.people.facts import DUTY_ROLES, STAFF, Actor, Intent

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.people.facts import Duty

SIGNED_FOR = timedelta(days=3)


def takes_two(duty: Duty, amount_minor: int = 0, currency: str = "") -> bool:
    """Whether a second person has to sign."""
    return rules.takes_two(queries.duties()[duty], amount_minor, currency)


@transaction.atomic
def propose(
    duty: Duty, seller_id: int, subject: str, *, by: Actor, at: datetime, words: str = "",
    amount_minor: int = 0, currency: str = "",
) -> Intent:  # fmt: skip
    """Sign for something first: it is done once another person signs too.

    :raises IntentStands: where somebody did already
    """
    one = Intent(
        seller_id, uuid4(), duty, subject, words, amount_minor, currency, by.user_id, by.name,
        at, at + SIGNED_FOR,
    )  # fmt: skip
    if not store.add_intent(one):
        raise IntentStands
    return one


@transaction.atomic
def countersign(intent_id: UUID, *, by: Actor, at: datetime) -> Intent:
    """Sign as the second person; what was signed for is done by the caller, in one transaction.

    :raises IntentOver: where nothing waits
    :raises SamePerson: where they signed first
    :raises SignerLeft: where either of them does not have the role any more
    :raises NotApart: where they are not two persons for all that is known
    """
    return _end(intent_id, by=by, is_signed=True, at=at)


@transaction.atomic
def refuse_intent(intent_id: UUID, *, by: Actor, at: datetime) -> Intent:
    """Refuse to sign, or take back what one signed first: nothing is done.

    :raises IntentOver: where nothing waits
    """
    return _end(intent_id, by=by, is_signed=False, at=at)


def _end(intent_id: UUID, *, by: Actor, is_signed: bool, at: datetime) -> Intent:
    found = queries.intents(at=at, intent_id=intent_id)
    if not found:
        raise IntentOver
    if is_signed:
        _check_two(found[0], by)
    if not store.end_intent(found[0], by=by, is_signed=is_signed, at=at):
        raise IntentOver
    return found[0]


def _check_two(one: Intent, second: Actor) -> None:
    if one.by_user_id == second.user_id:
        raise SamePerson
    duty = (STAFF, DUTY_ROLES[one.duty])
    for user_id, name in ((one.by_user_id, one.by), (second.user_id, second.name)):
        if duty not in queries.roles_of(user_id):
            raise SignerLeft(name=name)
    # Lately before the first signed, and until now.
    makers = queries.makers_of(
        (one.by_user_id, second.user_id), since=one.made_at - queries.apart_for()
    )
    if not rules.are_apart(one.by_user_id, second.user_id, makers):
        raise NotApart(days=queries.apart_for().days)
