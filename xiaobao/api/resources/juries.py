"""Juries: jurors and their tests, a panel drawn for a claim, sealed and opened votes, results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import Field

from xiaobao.api.asking import needs, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import (
    NAME,
    NO_NUL,
    Asked,
    Code,
    Moment,
    Name,
    Page,
    Shop,
    Told,
    Words,
    name_of,
)
from xiaobao.claims import queries as claims
from xiaobao.hearings import acts, queries
from xiaobao.hearings.facts import JurorKind, Outcome, Vote
from xiaobao.kernel.references import id_of
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from xiaobao.hearings.facts import JurorRow, PanelRow

router = Router(tags=["juries"])
AT = "/sellers/{name:seller}/claims/{name:claim}"
VoteCode = Annotated[str, Code(Vote)]
KindOfJuror = Annotated[str, Code(JurorKind)]
JurorNamed = Annotated[str, Path(max_length=NAME, pattern=NO_NUL)]


class JurorAsked(Asked):
    juror: Name
    kind: KindOfJuror


class JurorTold(Told):
    """A juror, with how many known cases they judged, and how many rightly."""

    juror: str
    juror_id: str = Field(description="stands in what a sealed vote is the hash of")
    kind: KindOfJuror
    cases: int
    right: int
    joined_at: Moment
    left_at: Moment | None


class JurorsTold(Page):
    jurors: list[JurorTold]


class CaseAsked(Asked):
    """A case whose right answer is known, to test jurors on."""

    case: Name
    right: VoteCode
    words: Words = ""


class CaseTold(Told):
    case: str


class TestAsked(Asked):
    """How a juror judges a known case."""

    case: Name
    vote: VoteCode


class TestTold(Told):
    juror: str
    case: str
    is_right: bool


class SealAsked(Asked):
    """A vote as its hash alone: what a juror's own program makes of panel, vote and secret."""

    juror: Name
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class VoteAsked(Asked):
    """The vote that was sealed, with the secret it was sealed with, and reasons."""

    juror: Name
    vote: VoteCode
    salt: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    words: Words


class SeatTold(Told):
    """One juror's seat; votes are told once all of them are in, or their time is over."""

    juror: str
    kind: KindOfJuror
    weight_bps: int
    sealed_at: Moment | None
    opened_at: Moment | None
    vote: VoteCode | None
    words: str


class PanelTold(Told):
    """A panel: who was drawn, by which seed, until when they seal and open, what they came to."""

    panel: UUID
    seed: str
    called_at: Moment
    seal_until: Moment
    open_until: Moment
    quorum: int
    is_binding: bool
    is_answered: bool
    outcome: Annotated[str, Code(Outcome)] | None = Field(
        description="none while votes come in, and where they decide nothing: staff rule then"
    )
    uphold_bps: int
    reject_bps: int
    seats: list[SeatTold]


class PanelsTold(Told):
    panels: list[PanelTold]


@router.get("/jurors", **needs("juries:read"), response=JurorsTold,
            summary="Everybody who ever was a juror, by name")  # fmt: skip
def jurors(request: HttpRequest, cursor: Cursor = "", limit: Limit = 100) -> JurorsTold:  # noqa: ARG001
    found = queries.jurors_listed(place=queries.BY_NAME.place(cursor), limit=limit + 1)
    rows, after = page_of(found, queries.BY_NAME, limit)
    return JurorsTold(jurors=[_juror(one) for one in rows], next=after)


@router.post("/jurors", **needs("juries:write"), response={201: JurorTold},
             summary="Add a juror")  # fmt: skip
def add(request: HttpRequest, asked: JurorAsked) -> Status[JurorTold]:  # noqa: ARG001
    acts.add_juror(asked.juror, JurorKind[asked.kind.upper()], at=now())
    return Status(201, _named(asked.juror))


@router.post("/jurors/{name:juror}/end", **needs("juries:write"), response=JurorTold,
             summary="Draw a juror no more")  # fmt: skip
def end(request: HttpRequest, juror: JurorNamed) -> JurorTold:  # noqa: ARG001
    acts.end_juror(juror, at=now())
    return _named(juror)


@router.post("/jurors/{name:juror}/tests", **needs("juries:write"), response=TestTold,
             summary="A juror judges a known case")  # fmt: skip
def judge(request: HttpRequest, juror: JurorNamed, asked: TestAsked) -> TestTold:  # noqa: ARG001
    is_right = acts.judge_known_case(juror, asked.case, Vote[asked.vote.upper()], at=now())
    return TestTold(juror=juror, case=asked.case, is_right=is_right)


@router.post("/known-cases", **needs("juries:write"), response={201: CaseTold},
             summary="Add a case whose right answer is known")  # fmt: skip
def add_case(request: HttpRequest, asked: CaseAsked) -> Status[CaseTold]:  # noqa: ARG001
    acts.add_known_case(asked.case, Vote[asked.right.upper()], words=asked.words, at=now())
    return Status(201, CaseTold(case=asked.case))


@router.get(f"{AT}/juries", **needs("juries:read"), response=PanelsTold,
            summary="Juries that a claim was put to")  # fmt: skip
def panels(request: HttpRequest, seller: Shop, claim: str) -> PanelsTold:
    key = claims.claim_named(claim, shop_in(request, seller).name)
    return PanelsTold(
        panels=[_told(one) for one in queries.panels_of(key.seller_id, key.claim_id)]
    )


@router.post(f"{AT}/jury", **needs("rulings:write"), response={201: PanelTold},
             summary="Put a claim to a jury, drawn by lot")  # fmt: skip
def call(request: HttpRequest, seller: Shop, claim: str) -> Status[PanelTold]:
    """Nobody can try lots: the seed follows from the case and the log as they stood."""
    key = claims.claim_named(claim, shop_in(request, seller).name)
    panel = acts.call_panel(key.seller_id, key.claim_id, key=act_key(request), at=now())
    return Status(201, _told(panel))


@router.post(f"{AT}/jury/seals", **needs("juries:write"), response=PanelTold,
             summary="Hand in a sealed vote")  # fmt: skip
def seal(request: HttpRequest, seller: Shop, claim: str, asked: SealAsked) -> PanelTold:
    """Its hash: SHA-256 of `panel|juror_id|VOTE|secret`, the vote in capitals."""
    key = claims.claim_named(claim, shop_in(request, seller).name)
    return _told(acts.seal_vote(
        key.seller_id, key.claim_id, juror=asked.juror, sha256=asked.sha256, at=now()
    ))  # fmt: skip


@router.post(f"{AT}/jury/votes", **needs("juries:write"), response=PanelTold,
             summary="Open a sealed vote, with reasons")  # fmt: skip
def open_one(request: HttpRequest, seller: Shop, claim: str, asked: VoteAsked) -> PanelTold:
    key = claims.claim_named(claim, shop_in(request, seller).name)
    return _told(acts.open_vote(
        key.seller_id, key.claim_id, juror=asked.juror, vote=Vote[asked.vote.upper()],
        salt=asked.salt, words=asked.words, at=now(),
    ))  # fmt: skip


def _named(juror: str) -> JurorTold:
    (row,) = queries.jurors(id_of(juror))
    return _juror(row)


def _juror(row: JurorRow) -> JurorTold:
    return JurorTold(
        juror=row.name, juror_id=str(row.juror_id), kind=name_of(row.kind), cases=row.cases,
        right=row.right, joined_at=row.joined_at, left_at=row.left_at,
    )  # fmt: skip


def _told(panel: PanelRow) -> PanelTold:
    tally = panel.tally
    return PanelTold(
        panel=panel.reference, seed=str(panel.seed), called_at=panel.called_at,
        seal_until=panel.seal_until, open_until=panel.open_until, quorum=panel.quorum,
        is_binding=panel.is_binding, is_answered=tally is not None,
        outcome=None if tally is None or tally.outcome is None else name_of(tally.outcome),
        uphold_bps=0 if tally is None else tally.uphold_bps,
        reject_bps=0 if tally is None else tally.reject_bps,
        seats=[
            SeatTold(
                juror=one.name, kind=name_of(one.kind), weight_bps=one.weight_bps,
                sealed_at=one.sealed_at, opened_at=one.opened_at,
                # Who sees how others vote votes with them.
                vote=None if tally is None or one.vote is None else name_of(one.vote),
                words=one.words if tally is not None else "",
            )
            for one in panel.seats
        ],
    )  # fmt: skip
