"""Who of the staff signs first for what takes two; whoever looks on may be the second."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from xiaobao.people import acts as people
from xiaobao.people import queries as people_now
from xiaobao.people.facts import DUTY_ROLES, Actor, Duty

if TYPE_CHECKING:
    from datetime import datetime

FINANCE = "财务-林"
_NAMES = {Duty.ANNOUNCE_PACK: "规则-周", Duty.WRITE_OFF: FINANCE}
# Whoever holds the machine.
_OPERATOR = Actor(0, "operator")


def first_signer(duty: Duty, at: datetime) -> Actor:
    """A person with the duty's role; made when first asked for, and knows no password."""
    name = _NAMES[duty]
    with suppress(people.NameTaken):
        people.add_person(name, DUTY_ROLES[duty], by=_OPERATOR, at=at)
    return Actor(people_now.person_named(name).user_id, name)
