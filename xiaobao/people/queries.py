"""Questions about people: who has which role, what was written down, whose link it is."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.core.signing import BadSignature, Signer

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.problems import Problem
from xiaobao.people.facts import (
    Duty,
    Event,
    EventRow,
    Intent,
    LookRow,
    Membership,
    Person,
    Role,
)
from xiaobao.people.terms import DutyTerms

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

# Links are signed as well: whoever can write to the database still makes none.
SIGNER = Signer(salt="xiaobao.people.invitation")


class PersonUnknown(Problem):
    """Nobody has an account of this name."""

    code = "person_unknown"
    status: ClassVar[int] = 404
    zh = "name 字段：没有名为“{name}”的账号；xiaobao people list 列出所有账号"
    en = "name: nobody is called '{name}'; `xiaobao people list` lists every account"


def roles_of(user_id: int) -> frozenset[tuple[int, Role]]:
    """The roles that a person has now: (seller_id, role)."""
    rows = sets.fetch_rows(
        "SELECT seller_id, role FROM people_member WHERE user_id = %s AND ended_at IS NULL",
        [user_id],
    )
    return frozenset((row[0], Role(row[1])) for row in rows)


def zone_of(user_id: int) -> str:
    """The name of the time zone that a person chose; empty where they chose none."""
    rows = sets.fetch_rows("SELECT zone FROM people_zone WHERE user_id = %s", [user_id])
    return str(rows[0][0]) if rows else ""


BY_NAME: Order[Person] = Order((Part("u.username", "text"),), lambda row: (row.name,))


def people(
    *,
    place: Place | None = None,
    limit: int = 50,
    seller_id: int | None = None,
    role: Role | None = None,
) -> list[Person]:
    """Accounts by name, with the roles they have now; of a shop's or a role's alone if named."""
    return _people(
        "((%(seller)s::bigint IS NULL AND %(role)s::int IS NULL) OR "
        "EXISTS (SELECT FROM people_member m WHERE m.user_id = u.id AND m.ended_at IS NULL "
        "AND m.seller_id = coalesce(%(seller)s::bigint, m.seller_id) "
        "AND m.role = coalesce(%(role)s::int, m.role)))",
        {"limit": limit, "seller": seller_id, "role": None if role is None else int(role)},
        place,
    )


def person_named(name: str) -> Person:
    """An account whatever the case of its name, as signing in finds it.

    :raises PersonUnknown: if there is none
    """
    found = _people("upper(u.username) = upper(%(name)s)", {"name": name, "limit": 1})
    if not found:
        raise PersonUnknown(name=name)
    return found[0]


def _people(where: str, params: dict[str, object], place: Place | None = None) -> list[Person]:
    rows = sets.fetch_rows(
        "SELECT u.id, u.username, left(u.password, 1) <> '!' FROM auth_user u "
        f"WHERE {where}{BY_NAME.after(place)}{BY_NAME.by(place)} LIMIT %(limit)s",
        params | BY_NAME.params(place),
    )
    roles: dict[int, list[Membership]] = {row[0]: [] for row in rows}
    for user_id, seller_id, role, since_at in sets.fetch_rows(
        "SELECT user_id, seller_id, role, since_at FROM people_member "
        "WHERE user_id = ANY(%s::bigint[]) AND ended_at IS NULL ORDER BY seller_id, role",
        [list(roles)],
    ):
        roles[user_id].append(Membership(seller_id, Role(role), since_at))
    found = [Person(row[0], row[1], row[2], tuple(roles[row[0]])) for row in rows]
    return straight(found, place)


BY_HAPPENING: Order[EventRow] = Order(
    (
        Part("e.happened_at", "ts", is_descending=True),
        Part("e.event_id", "uuid", is_descending=True),
    ),
    lambda row: (row.at, row.key),
)


def events(
    *, before: datetime | None = None, place: Place | None = None, limit: int = 50
) -> list[EventRow]:
    """What happened to accounts, the latest first; those before a moment, or at a place."""
    rows = sets.fetch_rows(
        "SELECT e.seller_id, u.username, e.event, e.role, e.by, e.happened_at, e.event_id "
        "FROM people_event e JOIN auth_user u ON u.id = e.user_id "
        "WHERE (%(before)s::timestamptz IS NULL OR e.happened_at < %(before)s)"
        f"{BY_HAPPENING.after(place)}{BY_HAPPENING.by(place)} LIMIT %(limit)s",
        {"before": before, "limit": limit} | BY_HAPPENING.params(place),
    )
    found = [
        EventRow(row[0], row[1], Event(row[2]), Role(row[3]) if row[3] else None, *row[4:])
        for row in rows
    ]
    return straight(found, place)


BY_LOOKING: Order[LookRow] = Order(
    (Part("l.looked_at", "ts", is_descending=True), Part("l.look_id", "uuid", is_descending=True)),
    lambda row: (row.at, row.key),
)


def looks(
    *, before: datetime | None = None, place: Place | None = None, limit: int = 50
) -> list[LookRow]:
    """Who of the staff, and which buyers, saw whose personal data, the latest first."""
    rows = sets.fetch_rows(
        "SELECT l.seller_id, coalesce(u.username, ''), l.role, l.page, l.looked_at, l.look_id "
        "FROM people_look l LEFT JOIN auth_user u ON u.id = l.user_id "
        "WHERE (%(before)s::timestamptz IS NULL OR l.looked_at < %(before)s)"
        f"{BY_LOOKING.after(place)}{BY_LOOKING.by(place)} LIMIT %(limit)s",
        {"before": before, "limit": limit} | BY_LOOKING.params(place),
    )
    return straight(
        [LookRow(row[0], row[1], Role(row[2]) if row[2] else None, *row[3:]) for row in rows],
        place,
    )


def invited(link: str, *, at: datetime) -> Person | None:
    """Whose link it is, while it can still be opened."""
    invitation_id = fingerprint(link)
    if invitation_id is None:
        return None
    found = _people(
        "u.id = (SELECT user_id FROM people_invitation WHERE invitation_id = %(link)s "
        "AND opened_at IS NULL AND until_at > %(at)s)",
        {"link": invitation_id, "at": at, "limit": 1},
    )
    return found[0] if found else None


def fingerprint(link: str) -> UUID | None:
    """What is kept of a link; nothing of one that this house did not sign."""
    try:
        secret = SIGNER.unsign(link)
    except BadSignature:
        return None
    return UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16])


@cache
def _duties_told() -> dict[str, Any]:
    text = files("xiaobao.people.packs").joinpath("duties.toml").read_text("utf-8")
    return tomllib.loads(text)


def apart_for() -> timedelta:
    """For how long whoever made an account may be who acts by it."""
    return timedelta(days=_duties_told()["apart"]["days"])


def makers_of(user_ids: Collection[int], *, since: datetime) -> dict[int, set[int]]:
    """Who invited each of these persons or gave them a role since then; not the operator.

    And who made those, and so on: whoever made an account may act by all that it made.
    """
    rows = sets.fetch_rows(
        "WITH RECURSIVE step AS ("
        "SELECT user_id, by_user_id FROM people_event WHERE event = ANY(%(making)s::int[]) "
        "AND by_user_id NOT IN (0, user_id) AND happened_at > %(since)s"
        "), made AS ("
        "SELECT user_id, by_user_id FROM step WHERE user_id = ANY(%(users)s::bigint[]) "
        "UNION SELECT made.user_id, step.by_user_id FROM made "
        "JOIN step ON step.user_id = made.by_user_id"
        ") SELECT user_id, by_user_id FROM made WHERE by_user_id <> user_id",
        {
            "users": list(user_ids), "since": since,
            "making": [int(Event.INVITED), int(Event.GIVEN)],
        },
    )  # fmt: skip
    made: dict[int, set[int]] = {}
    for user_id, by_user_id in rows:
        made.setdefault(user_id, set()).add(by_user_id)
    return made


@cache
def duties() -> dict[Duty, DutyTerms]:
    """What takes two persons, with whose word that is."""
    return {
        Duty[row["name"].upper()]: DutyTerms(
            row["name"], row["always"], row.get("from_minor", {}), row["zh"], row["en"],
            row["source_zh"], row["source_en"], row["certainty"],
        )
        for row in _duties_told()["duty"]
    }  # fmt: skip


BY_SIGNING: Order[Intent] = Order(
    (Part("made_at", "ts"), Part("intent_id", "uuid")), lambda row: (row.made_at, row.intent_id)
)


def intents(
    *,
    at: datetime,
    duties: Collection[Duty] = tuple(Duty),
    intent_id: UUID | None = None,
    place: Place | None = None,
    limit: int = 100,
) -> list[Intent]:
    """What waits for a second person, the oldest first."""
    rows = sets.fetch_rows(
        "SELECT seller_id, intent_id, duty, subject, words, amount_minor, currency, by_user_id, "
        "by, made_at, until_at FROM people_intent WHERE ended_at IS NULL AND until_at > %(at)s "
        "AND duty = ANY(%(duties)s::int[]) AND intent_id = coalesce(%(one)s::uuid, intent_id)"
        f"{BY_SIGNING.after(place)}{BY_SIGNING.by(place)} LIMIT %(limit)s",
        {
            "at": at, "duties": [int(one) for one in duties], "one": intent_id, "limit": limit,
            **BY_SIGNING.params(place),
        },
    )  # fmt: skip
    return straight([Intent(row[0], row[1], Duty(row[2]), *row[3:]) for row in rows], place)
