"""Accounts are made, roles given and taken away, people invited; every time written down."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from xiaobao.people import queries, rules, store
from xiaobao.people.acts.problems import (
    InvitationSpent,
    LastAdministrator,
    NameTaken,
    NameUnusable,
    NotYourOwn,
    PasswordWeak,
    RoleMisplaced,
    RolesConflict,
)
from xiaobao.people.facts import STAFF, Actor, Event

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from xiaobao.people.facts import Role


@transaction.atomic
def add_person(
    name: str, role: Role, seller_id: int = STAFF, *, by: Actor, at: datetime
) -> int:  # fmt: skip
    """Make an account with one role; nobody can sign in to it until its password is set.

    :raises NameUnusable: where no account can be called so
    :raises NameTaken: where one is, whatever the case of the letters
    :raises RoleMisplaced: where the role and the shop do not belong together
    """
    users = get_user_model()
    name = users.normalize_username(name)
    try:
        users._meta.get_field("username").run_validators(name)  # noqa: SLF001  Django's own way
    except ValidationError as trouble:
        raise NameUnusable(name=name) from trouble
    if not name:
        raise NameUnusable(name=name)
    if users.objects.filter(username__iexact=name).exists():
        raise NameTaken(name=name)
    user_id = store.add_user(name)
    _give(user_id, name, role, seller_id, by=by, at=at)
    return user_id


@transaction.atomic
def grant(name: str, role: Role, seller_id: int = STAFF, *, by: Actor, at: datetime) -> bool:
    """Give a person a role, and say if they did not have it.

    :raises PersonUnknown: where nobody is called so
    :raises NotYourOwn: where they ask for themselves
    :raises RoleMisplaced: where the role and the shop do not belong together
    :raises RolesConflict: where they would work for a shop and for the marketplace
    """
    person = queries.person_named(name)
    if person.user_id == by.user_id:
        raise NotYourOwn
    store.user_of(person.user_id)  # two who give at once wait in a row
    return _give(person.user_id, person.name, role, seller_id, by=by, at=at)


def _give(
    user_id: int, name: str, role: Role, seller_id: int, *, by: Actor, at: datetime
) -> bool:  # fmt: skip
    if rules.is_misplaced(role, seller_id):
        raise RoleMisplaced
    if rules.is_conflict(queries.roles_of(user_id), seller_id):
        raise RolesConflict(name=name)
    is_new = store.add_member(user_id, role, seller_id, at=at)
    if is_new:
        store.add_event(user_id, Event.GIVEN, role=role, seller_id=seller_id, by=by, at=at)
    return is_new


@transaction.atomic
def revoke(name: str, role: Role, seller_id: int = STAFF, *, by: Actor, at: datetime) -> bool:
    """Take a role away, and say if they had it; their next page already knows.

    :raises PersonUnknown: where nobody is called so
    :raises NotYourOwn: where they ask for themselves
    :raises LastAdministrator: where nobody would be left to give roles
    """
    person = queries.person_named(name)
    if person.user_id == by.user_id:
        raise NotYourOwn
    if rules.is_last_administrator(store.hold_administrators(), person.user_id, role):
        raise LastAdministrator(name=person.name)
    had = store.end_member(person.user_id, role, seller_id, at=at)
    if had:
        store.add_event(person.user_id, Event.TAKEN, role=role, seller_id=seller_id, by=by, at=at)
    return had


@transaction.atomic
def invite(name: str, *, by: Actor, at: datetime, until: datetime) -> str:
    """A link by which a person sets their password, once; links made before lead nowhere.

    :raises PersonUnknown: where nobody is called so
    """
    person = queries.person_named(name)
    link = queries.SIGNER.sign(secrets.token_urlsafe(24))
    invitation_id = queries.fingerprint(link)
    assert invitation_id is not None, "a link that was just signed is not known as ours"
    store.add_invitation(invitation_id, person.user_id, at=at, until=until)
    store.add_event(person.user_id, Event.INVITED, by=by, at=at)
    return link


@transaction.atomic
def enter(link: str, password: str, *, at: datetime) -> int:
    """Set the password of the account that a link is for; other sessions of it end.

    :raises InvitationSpent: where the link was opened before, ran out, or never was
    :raises PasswordWeak: where the password can be guessed; the link still opens
    """
    invitation_id = queries.fingerprint(link)
    user_id = None if invitation_id is None else store.spend_invitation(invitation_id, at=at)
    if user_id is None:
        raise InvitationSpent
    user = store.user_of(user_id)
    _set_password(user_id, password, by=Actor(user_id, user.get_username()), at=at)
    return user_id


def choose_zone(user_id: int, zone: str, *, at: datetime) -> None:
    """Moments are shown to this person in that zone from the next page on."""
    store.set_zone(user_id, zone, at=at)


# Why the library takes no such password, in our words: its own are not in every language.
_WEAK = {
    "password_too_short": (
        "太短，至少 12 个字符", "it is too short; use at least 12 characters"
    ),
    "password_too_common": (
        "太常见，请换一个不易猜到的", "it is too common; use one that nobody guesses"
    ),
    "password_too_similar": ("与用户名太像，请换一个", "it is too like the name; use another"),
}  # fmt: skip


@transaction.atomic
def set_password(name: str, password: str, *, by: Actor, at: datetime) -> None:
    """Set a person's password, as an operator at the machine does for whoever sits beside them.

    :raises PersonUnknown: where nobody is called so
    :raises PasswordWeak: where the password can be guessed
    """
    _set_password(queries.person_named(name).user_id, password, by=by, at=at)


def check_password(password: str, user: User | None) -> None:
    """See that nobody guesses it, least of all who knows what the account is called.

    :raises PasswordWeak: where somebody may
    """
    try:
        validate_password(password, user)
    except ValidationError as trouble:
        found = [_WEAK[str(one.code)] for one in trouble.error_list]
        raise PasswordWeak(
            why_zh="；".join(zh for zh, _ in found), why_en="; ".join(en for _, en in found)
        ) from trouble


def _set_password(user_id: int, password: str, *, by: Actor, at: datetime) -> None:
    user = store.user_of(user_id)
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    store.add_event(user_id, Event.ENTERED, by=by, at=at)


def add_member(user_id: int, role: Role, seller_id: int = STAFF, *, at: datetime) -> None:
    """Give an account a role that nobody had to ask for: those of the generated marketplace."""
    store.add_member(user_id, role, seller_id, at=at)


def add_look(user_id: int, role: Role, seller_id: int, page: str, *, at: datetime) -> None:
    """Write down that somebody of the staff saw a page with others' personal data unmasked."""
    store.add_look(user_id, role, seller_id, page, at=at)


def add_buyers_look(seller_id: int, page: str, *, at: datetime) -> None:
    """Write down that the buyer of a claim was told who the seller is; buyers have no account."""
    store.add_look(0, None, seller_id, page, at=at)
