"""What is done about people: accounts, roles, invitations, looks, two signatures."""

from xiaobao.people.acts.accounts import (
    add_look,
    add_member,
    add_person,
    enter,
    grant,
    invite,
    revoke,
    set_password,
)
from xiaobao.people.acts.problems import (
    IntentOver,
    IntentStands,
    InvitationSpent,
    LastAdministrator,
    NameTaken,
    NameUnusable,
    NotYourOwn,
    PasswordWeak,
    RoleMisplaced,
    RolesConflict,
    SamePerson,
)
from xiaobao.people.acts.signing import countersign, propose, refuse_intent, takes_two

__all__ = [
    "IntentOver",
    "IntentStands",
    "InvitationSpent",
    "LastAdministrator",
    "NameTaken",
    "NameUnusable",
    "NotYourOwn",
    "PasswordWeak",
    "RoleMisplaced",
    "RolesConflict",
    "SamePerson",
    "add_look",
    "add_member",
    "add_person",
    "countersign",
    "enter",
    "grant",
    "invite",
    "propose",
    "refuse_intent",
    "revoke",
    "set_password",
    "takes_two",
]
