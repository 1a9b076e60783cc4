"""Who may hold what together; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.people.facts import SHOP_ROLES, STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from xiaobao.people.terms import DutyTerms


def is_misplaced(role: Role, seller_id: int) -> bool:
    """A shop's role belongs to a shop, a role of the staff to none."""
    return (role in SHOP_ROLES) != (seller_id != STAFF)


def is_conflict(held: AbstractSet[tuple[int, Role]], seller_id: int) -> bool:
    """Who decides on shops for the marketplace has no role in one."""
    return any((of == STAFF) != (seller_id == STAFF) for of, _ in held)


def is_last_administrator(administrators: AbstractSet[int], user_id: int, role: Role) -> bool:
    """Without any, only the operator at the machine could ever make one again."""
    return role is Role.ADMINISTRATOR and administrators == {user_id}


def are_apart(first: int, second: int, makers: Mapping[int, AbstractSet[int]]) -> bool:
    """Whether two persons are two: neither made the other's account, nor one third person both.

    `makers` are those who lately invited a person or gave them a role, and who made those; what
    an account does may be done by whoever made it.
    """
    of_first, of_second = makers.get(first, set()), makers.get(second, set())
    return second not in of_first and first not in of_second and not of_first & of_second


def takes_two(terms: DutyTerms, amount_minor: int, currency: str) -> bool:
    """Always, or from an amount on; of a currency that nobody listed every amount does."""
    return terms.is_always or amount_minor >= terms.from_minor.get(currency, 0)
