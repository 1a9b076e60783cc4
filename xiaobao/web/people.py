"""The visitor of one request, with the roles they have at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.people.acts import add_look, add_member
from xiaobao.people.facts import DUTY_ROLES, ROLE_WORDS, SHOP_ROLES, STAFF, Actor, Role
from xiaobao.people.queries import roles_of

# What every page says of people, in one place.
__all__ = [
    "ROLE_WORDS", "SHOP_ROLES", "STAFF", "Role", "Visitor", "add_look", "add_member", "visitor",
]  # fmt: skip


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
    def owned(self) -> set[int]:
        return {seller for seller, role in self.memberships if role is Role.OWNER}

    @property
    def staff_roles(self) -> list[Role]:
        return sorted(role for seller, role in self.memberships if seller == STAFF)

    @property
    def may_sign(self) -> bool:
        """Whether what takes two persons may wait for them."""
        return any(self.has(role) for role in DUTY_ROLES.values())

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, self.name)

    def has(self, role: Role, seller_id: int = STAFF) -> bool:
        return (seller_id, role) in self.memberships


def visitor(user_id: int, name: str) -> Visitor:
    """A signed-in person with the roles they have now."""
    return Visitor(user_id, name, roles_of(user_id))
