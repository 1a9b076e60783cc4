"""Who may do what in the consoles: roles, members, and the visitor of one request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING
from uuid import uuid4

from xiaobao.database import sets

if TYPE_CHECKING:
    from datetime import datetime

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


@dataclass(frozen=True)
class Visitor:
    """Who is asking; `user_id` 0 is a stranger."""

    user_id: int = 0
    name: str = ""
    memberships: frozenset[tuple[int, Role]] = frozenset()

    @property
    def is_stranger(self) -> bool:
        return self.user_id == 0

    @property
    def shops(self) -> list[int]:
        return sorted({seller for seller, _ in self.memberships if seller != STAFF})

    @property
    def staff_roles(self) -> list[Role]:
        return sorted(role for seller, role in self.memberships if seller == STAFF)

    def has(self, role: Role, seller_id: int = STAFF) -> bool:
        return (seller_id, role) in self.memberships


def visitor(user_id: int, name: str) -> Visitor:
    """A signed-in person with the roles they have now."""
    rows = sets.fetch_rows(
        "SELECT seller_id, role FROM web_member WHERE user_id = %s AND ended_at IS NULL", [user_id]
    )
    return Visitor(user_id, name, frozenset((row[0], Role(row[1])) for row in rows))


def add_member(user_id: int, role: Role, seller_id: int = STAFF, *, at: datetime) -> None:
    """Give a person a role; one that they had before is theirs again."""
    sets.execute(
        "INSERT INTO web_member (seller_id, user_id, role, since_at) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (seller_id, user_id, role) DO UPDATE SET since_at = excluded.since_at, "
        "ended_at = NULL WHERE web_member.ended_at IS NOT NULL",
        [seller_id, user_id, int(role), at],
    )


def add_look(user_id: int, role: Role, seller_id: int, page: str, *, at: datetime) -> None:
    """Write down that somebody of the staff saw a page with others' personal data unmasked."""
    sets.execute(
        "INSERT INTO web_look (seller_id, look_id, user_id, role, looked_at, page) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [seller_id, uuid4(), user_id, int(role), at, page],
    )


def end_member(user_id: int, role: Role, seller_id: int = STAFF, *, at: datetime) -> None:
    """Take a role away."""
    sets.execute(
        "UPDATE web_member SET ended_at = %s WHERE seller_id = %s AND user_id = %s AND role = %s "
        "AND ended_at IS NULL",
        [at, seller_id, user_id, int(role)],
    )
