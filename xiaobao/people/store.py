"""The only code that writes or locks this room's tables; it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.auth import get_user_model

from xiaobao.database import sets
from xiaobao.people.facts import STAFF, Role

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.contrib.auth.models import User

    from xiaobao.people.facts import Actor, Event, Intent


def add_user(name: str) -> int:
    """A new account that nobody can sign in to yet."""
    user = get_user_model()(username=name)
    user.set_unusable_password()
    user.save()
    return int(user.pk)


def user_of(user_id: int) -> User:
    found: User = get_user_model().objects.select_for_update().get(pk=user_id)
    return found


def set_zone(user_id: int, zone: str, *, at: datetime) -> None:
    sets.execute(
        "INSERT INTO people_zone (user_id, zone, chosen_at) VALUES (%s, %s, %s) "
        "ON CONFLICT (user_id) DO UPDATE SET zone = excluded.zone, chosen_at = excluded.chosen_at",
        [user_id, zone, at],
    )


def add_member(user_id: int, role: Role, seller_id: int, *, at: datetime) -> bool:
    """Give a person a role; one that they had before is theirs again. Says if it is new."""
    return bool(
        sets.execute(
            "INSERT INTO people_member (seller_id, user_id, role, since_at) "
            "VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (seller_id, user_id, role) DO UPDATE SET since_at = excluded.since_at, "
            "ended_at = NULL WHERE people_member.ended_at IS NOT NULL",
            [seller_id, user_id, int(role), at],
        )
    )


def end_member(user_id: int, role: Role, seller_id: int, *, at: datetime) -> bool:
    """Take a role away; says if they had it."""
    return bool(
        sets.execute(
            "UPDATE people_member SET ended_at = %s WHERE seller_id = %s AND user_id = %s "
            "AND role = %s AND ended_at IS NULL",
            [at, seller_id, user_id, int(role)],
        )
    )


def hold_administrators() -> set[int]:
    """The administrators of now, locked: two who take each other's role away wait in a row."""
    rows = sets.fetch_rows(
        "SELECT user_id FROM people_member WHERE seller_id = %s AND role = %s "
        "AND ended_at IS NULL ORDER BY user_id FOR UPDATE",
        [STAFF, int(Role.ADMINISTRATOR)],
    )
    return {row[0] for row in rows}


def add_event(
    user_id: int, event: Event, *, by: Actor, at: datetime, role: int = 0, seller_id: int = STAFF
) -> None:
    sets.execute(
        "INSERT INTO people_event (seller_id, event_id, user_id, event, role, by_user_id, by, "
        "happened_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [seller_id, uuid4(), user_id, int(event), role, by.user_id, by.name, at],
    )


def add_look(
    user_id: int, role: Role | None, seller_id: int, page: str, *, at: datetime
) -> None:  # fmt: skip
    sets.execute(
        "INSERT INTO people_look (seller_id, look_id, user_id, role, looked_at, page) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [seller_id, uuid4(), user_id, int(role or 0), at, page],
    )


def add_invitation(invitation_id: UUID, user_id: int, *, at: datetime, until: datetime) -> None:
    """A new link; those before it lead nowhere any more."""
    sets.execute(
        "UPDATE people_invitation SET until_at = %s "
        "WHERE user_id = %s AND opened_at IS NULL AND until_at > %s",
        [at, user_id, at],
    )
    sets.execute(
        "INSERT INTO people_invitation (invitation_id, user_id, made_at, until_at) "
        "VALUES (%s, %s, %s, %s)",
        [invitation_id, user_id, at, until],
    )


def spend_invitation(invitation_id: UUID, *, at: datetime) -> int | None:
    """Whose link it is; it opens once."""
    rows = sets.fetch_rows(
        "UPDATE people_invitation SET opened_at = %s WHERE invitation_id = %s "
        "AND opened_at IS NULL AND until_at > %s RETURNING user_id",
        [at, invitation_id, at],
    )
    return int(rows[0][0]) if rows else None


def add_intent(one: Intent) -> bool:
    """What one person signs for; what ran out before makes room. False where one stands."""
    sets.execute(
        "UPDATE people_intent SET ended_at = until_at WHERE seller_id = %s AND duty = %s "
        "AND subject = %s AND ended_at IS NULL AND until_at <= %s",
        [one.seller_id, int(one.duty), one.subject, one.made_at],
    )
    return bool(
        sets.execute(
            "INSERT INTO people_intent (seller_id, intent_id, duty, subject, words, "
            "amount_minor, currency, by_user_id, by, made_at, until_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [one.seller_id, one.intent_id, int(one.duty), one.subject, one.words,
             one.amount_minor, one.currency, one.by_user_id, one.by, one.made_at, one.until_at],
        )
    )  # fmt: skip


def end_intent(one: Intent, *, by: Actor, is_signed: bool, at: datetime) -> bool:
    """Once: of two who end it at once only one does."""
    return bool(
        sets.execute(
            "UPDATE people_intent SET ended_at = %s, ended_by = %s, is_signed = %s "
            "WHERE seller_id = %s AND intent_id = %s AND ended_at IS NULL AND until_at > %s",
            [at, by.name, is_signed, one.seller_id, one.intent_id, at],
        )
    )
