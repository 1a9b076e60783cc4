"""Violations: recorded, appealed, decided; points, penalties, and the public register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import AwareDatetime, Field, StrictBool

from xiaobao.api.asking import caller_in, check_review, needs, person_in, seller_in, shop_in
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import (
    NO_NUL,
    Asked,
    Code,
    Moment,
    Money,
    Name,
    Page,
    Shop,
    Told,
    Whole,
    Words,
)

from xiaobao.api.shapes import money, name_of  # isort: skip
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import Effect, Event, PenaltyState, Source, State
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from xiaobao.violations.facts import ViolationKey, ViolationRow

router = Router(tags=["violations"])
AT = "/sellers/{name:seller}/violations"
By = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
StateCode = Annotated[str, Code(State)]
ClassCode = Annotated[str, Code(PointsClass)]


class ViolationAsked(Asked):
    """A violation that an inspection or staff found; `violation` is its name for ever."""

    violation: Name
    kind: Annotated[str, Code(ViolationKind)]
    source: Literal["inspection", "staff"] = "staff"
    happened_at: AwareDatetime | None = None
    incident: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    units: Annotated[Whole, Field(ge=1, le=1_000_000)] = 1
    is_corrected: StrictBool = False
    words: Words = ""
    by: By = ""


class AppealAsked(Asked):
    words: Annotated[Words, Field(min_length=1)]


class DecisionAsked(Asked):
    """Another person than who recorded it decides, with reasons."""

    decision: Literal["uphold", "revoke"]
    words: Annotated[Words, Field(min_length=1)]
    by: By = ""


class ViolationTold(Told):
    violation: str
    seller: str
    kind: Annotated[str, Code(ViolationKind)]
    points_class: ClassCode
    source: Annotated[str, Code(Source)]
    state: StateCode
    effect: Annotated[str, Code(Effect)]
    points: int
    strikes: int
    penalty: Money
    held: Money
    taken: Money
    units: int
    is_corrected: bool
    words: str
    clause: str
    happened_at: Moment
    recorded_at: Moment
    appeal_until: Moment
    decide_by: Moment | None


class ViolationsTold(Page):
    violations: list[ViolationTold]


class ViolationEventTold(Told):
    seq: int
    event: Annotated[str, Code(Event)]
    state: StateCode
    by: str
    words: str
    happened_at: Moment


class ViolationWhole(ViolationTold):
    clause_zh: str
    clause_en: str
    events: list[ViolationEventTold]


class TallyTold(Told):
    points_class: ClassCode
    points: int
    added_today: int
    strikes: int
    next_at_points: int | None


class PenaltyTold(Told):
    points_class: ClassCode
    points: int
    penalty: Money
    state: Annotated[str, Code(PenaltyState)]
    begins_at: Moment
    ends_at: Moment
    measures_zh: list[str]
    measures_en: list[str]
    clause: str


class StandingTold(Told):
    """Points of each class, and every penalty, the newest first."""

    points: list[TallyTold]
    penalties: list[PenaltyTold]


@router.get(AT, **needs("violations:read"), response=ViolationsTold,
            summary="Violations of a seller, the newest first")  # fmt: skip
def listed(
    request: HttpRequest, seller: Shop, state: StateCode | None = None, cursor: Cursor = "",
    limit: Limit = 100,
) -> ViolationsTold:  # fmt: skip
    return _page(shop_in(request, seller).seller_id, state, cursor, limit)


@router.get("/violations", **needs("violations:read"), response=ViolationsTold,
            summary="Violations of every seller, the newest first")  # fmt: skip
def all_violations(
    request: HttpRequest, state: StateCode | None = None, cursor: Cursor = "", limit: Limit = 100
) -> ViolationsTold:
    """For staff; a shop's own client sees its own."""
    caller = caller_in(request)
    return _page(caller.seller_id if caller.is_of_shop else None, state, cursor, limit)


def _page(seller_id: int | None, state: str | None, cursor: str, limit: int) -> ViolationsTold:
    found = queries.violations_listed(
        seller_id=seller_id, state=None if state is None else State[state.upper()],
        place=queries.BY_RECORDING.place(cursor), limit=limit + 1,
    )  # fmt: skip
    rows, after = page_of(found, queries.BY_RECORDING, limit)
    return ViolationsTold(violations=[_told(one) for one in rows], next=after)


@router.get("/sellers/{name:seller}/points", **needs("violations:read"), response=StandingTold,
            summary="Points and penalties of a seller")  # fmt: skip
def points(request: HttpRequest, seller: Shop) -> StandingTold:
    row = shop_in(request, seller)
    return StandingTold(
        points=[
            TallyTold(
                points_class=name_of(one.points_class), points=one.points,
                added_today=one.added_today, strikes=one.strikes,
                next_at_points=one.next_at_points,
            )
            for one in queries.tallies_of(row.seller_id, at=now())
        ],
        penalties=[
            PenaltyTold(
                points_class=name_of(one.points_class), points=one.points,
                penalty=money(one.penalty_minor, one.currency), state=name_of(one.state),
                begins_at=one.begins_at, ends_at=one.ends_at, measures_zh=list(one.measures_zh),
                measures_en=list(one.measures_en), clause=one.clause,
            )
            for one in queries.penalties_of(row.seller_id)
        ],
    )  # fmt: skip


@router.get(f"{AT}/{{name:violation}}", **needs("violations:read"), response=ViolationWhole,
            summary="One violation whole")  # fmt: skip
def one_violation(request: HttpRequest, seller: Shop, violation: str) -> ViolationWhole:
    row = shop_in(request, seller)
    return _whole(queries.violation_named(violation, row.name), shows_staff=_is_staff(request))


@router.post(AT, **needs("violations:write"), response={201: ViolationWhole},
             summary="Record a violation")  # fmt: skip
def record(request: HttpRequest, seller: Shop, asked: ViolationAsked) -> Status[ViolationWhole]:
    """Its seller is told, and may appeal."""
    row = shop_in(request, seller)
    acts.record_violation(
        row.seller_id, asked.violation, kind=ViolationKind[asked.kind.upper()],
        source=Source[asked.source.upper()], by=person_in(request, asked.by), at=now(),
        happened_at=asked.happened_at, incident=asked.incident, units=asked.units,
        is_corrected=asked.is_corrected, words=asked.words,
    )  # fmt: skip
    key = queries.violation_named(asked.violation, row.name)
    return Status(201, _whole(key, shows_staff=True))


@router.post(f"{AT}/{{name:violation}}/appeal", **needs("violations:appeal"),
             response=ViolationWhole, summary="The seller appeals")  # fmt: skip
def appeal(
    request: HttpRequest, seller: Shop, violation: str, asked: AppealAsked
) -> ViolationWhole:
    """Another person decides; penalties run on meanwhile."""
    row = shop_in(request, seller)
    key = queries.violation_named(violation, row.name)
    acts.appeal_violation(key, by=seller_in(request, row), words=asked.words, at=now())
    return _whole(key, shows_staff=_is_staff(request))


@router.post(f"{AT}/{{name:violation}}/decision", **needs("violations:write"),
             response=ViolationWhole, summary="Uphold or revoke a violation")  # fmt: skip
def decide(
    request: HttpRequest, seller: Shop, violation: str, asked: DecisionAsked
) -> ViolationWhole:
    row = shop_in(request, seller)
    key = queries.violation_named(violation, row.name)
    # An appeal decides nothing, whichever program brought it.
    events = queries.violation_detail(key).events
    check_review(request, [one.by for one in events if one.event != Event.APPEAL])
    acts.decide_violation(
        key, is_upheld=asked.decision == "uphold", by=person_in(request, asked.by),
        words=asked.words, at=now(),
    )  # fmt: skip
    return _whole(key, shows_staff=True)


def _is_staff(request: HttpRequest) -> bool:
    return not caller_in(request).is_of_shop


def _told(row: ViolationRow) -> ViolationTold:
    def of(minor: int) -> Money:
        return money(minor, row.currency)

    return ViolationTold(
        violation=row.violation, seller=row.seller, kind=name_of(row.kind),
        points_class=name_of(row.points_class), source=name_of(row.source),
        state=name_of(row.state), effect=name_of(row.effect), points=row.points,
        strikes=row.strikes, penalty=of(row.penalty_minor), held=of(row.held_minor),
        taken=of(row.taken_minor), units=row.units, is_corrected=row.is_corrected,
        words=row.words, clause=row.clause, happened_at=row.happened_at,
        recorded_at=row.recorded_at, appeal_until=row.appeal_until, decide_by=row.decide_by,
    )  # fmt: skip


def _whole(key: ViolationKey, *, shows_staff: bool) -> ViolationWhole:
    found = queries.violation_detail(key)
    return ViolationWhole(
        **_told(found.row).model_dump(), clause_zh=found.clause_zh, clause_en=found.clause_en,
        events=[
            ViolationEventTold(
                seq=one.seq, event=name_of(one.event), state=name_of(one.state),
                by=one.by if shows_staff else "", words=one.words, happened_at=one.happened_at,
            )
            for one in found.events
        ],
    )  # fmt: skip
