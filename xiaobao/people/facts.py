"""Shapes of people: roles, a person with what they may do, and what was written down of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

STAFF = 0  # the seller_id of those who work for the marketplace


class Role(IntEnum):
    """What a person is: the first two in a shop, the others on the marketplace's staff."""

    OWNER = 1
    CLERK = 2
    ADJUDICATOR = 11
    POLICY = 12
    FINANCE = 13
    SUPERVISOR = 14
    ADMINISTRATOR = 15


SHOP_ROLES = (Role.OWNER, Role.CLERK)
STAFF_ROLES = tuple(role for role in Role if role not in SHOP_ROLES)
# zh, en
ROLE_WORDS = {
    Role.OWNER: ("店主", "owner"),
    Role.CLERK: ("店员", "clerk"),
    Role.ADJUDICATOR: ("小二", "adjudicator"),
    Role.POLICY: ("规则", "policy owner"),
    Role.FINANCE: ("财务", "finance"),
    Role.SUPERVISOR: ("监管", "supervisor"),
    Role.ADMINISTRATOR: ("管理员", "administrator"),
}


class Event(IntEnum):
    """What happens to a person's account."""

    GIVEN = 1
    TAKEN = 2
    INVITED = 3
    ENTERED = 4


EVENT_WORDS = {
    Event.GIVEN: ("给予角色", "role given"),
    Event.TAKEN: ("收回角色", "role taken away"),
    Event.INVITED: ("发出邀请链接", "link of invitation made"),
    Event.ENTERED: ("设定密码", "password set"),
}


class Duty(IntEnum):
    """What may take two persons; names are those of `packs/duties.toml`."""

    ANNOUNCE_PACK = 1
    APPROVE_EXIT = 2
    WRITE_OFF = 3


# Whose duty each is: both who sign have the role, when the second does.
DUTY_ROLES = {
    Duty.ANNOUNCE_PACK: Role.POLICY, Duty.APPROVE_EXIT: Role.ADJUDICATOR,
    Duty.WRITE_OFF: Role.FINANCE,
}  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """Who does it; `user_id` 0 is the operator at the machine itself."""

    user_id: int
    name: str


@dataclass(frozen=True)
class Membership:
    """One role that a person has now."""

    seller_id: int
    role: Role
    since_at: datetime


@dataclass(frozen=True)
class Person:
    """An account with the roles it has now."""

    user_id: int
    name: str
    has_password: bool
    roles: tuple[Membership, ...]


@dataclass(frozen=True)
class EventRow:
    """One thing that happened to an account; `role` is None where it was about no role."""

    seller_id: int
    name: str
    event: Event
    role: Role | None
    by: str
    at: datetime
    key: UUID


@dataclass(frozen=True)
class LookRow:
    """Somebody of the staff saw a page with others' personal data; without a role, a buyer did."""

    seller_id: int
    name: str
    role: Role | None
    page: str
    at: datetime
    key: UUID


@dataclass(frozen=True)
class Intent:
    """What one person signed for, and a second has yet to sign for or to refuse."""

    seller_id: int
    intent_id: UUID
    duty: Duty
    subject: str
    words: str
    amount_minor: int
    currency: str
    by_user_id: int
    by: str
    made_at: datetime
    until_at: datetime
