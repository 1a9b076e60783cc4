"""Packs compared over all of history, and kept: asked for, reckoned beside the clocks, read."""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from dataclasses import dataclass, fields
from datetime import datetime  # noqa: TC003  a row's own type
from enum import IntEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.database.sets import execute, fetch_rows, one_snapshot
from xiaobao.kernel.problems import Problem
from xiaobao.lab.comparing import Asked, compare
from xiaobao.lab.history.stored import StoredHistory
from xiaobao.lab.reports.figures import labels_of
from xiaobao.promises import queries as promises
from xiaobao.work.drafts import folder_of

if TYPE_CHECKING:
    from xiaobao.promises.facts import Draft, Market

Figures = dict[str, Any]
# A report has tables of months, promises and sizes and fifty cases: far below this, whatever the
# history's size. Whoever asks about hundreds of years gets it as a file.
MOST_BYTES = 4 * 2**20


class State(IntEnum):
    """How far a comparison is."""

    WAITING = 1
    KEPT = 2
    FAILED = 3


class ReportTooLarge(Problem):
    """The figures are larger than what is kept."""

    code = "comparison_too_large"
    status = 422
    zh = "比较结果有 {bytes} 字节，最多留存 {most} 字节：用 --html 或 --json 写成文件"
    en = (
        "the comparison has {bytes} bytes, at most {most} are kept: write it to a file with "
        "--html or --json"
    )
    page_zh = "比较结果太大（最多留存 {most} 字节）；请由系统运维人员另行写成文件"
    page_en = (
        "the comparison is too large (at most {most} bytes are kept); the operator can have it "
        "written to a file"
    )


class ComparisonUnknown(Problem):
    """Nothing is kept under this name."""

    code = "comparison_unknown"
    status = 404
    zh = "没有比较“{comparison}”：xiaobao lab reports 列出全部"
    en = "no comparison '{comparison}': xiaobao lab reports lists all"


@dataclass(frozen=True)
class Comparison:
    """One comparison, without its figures; moments and labels not known yet are empty."""

    comparison: UUID
    asked_at: datetime
    made_at: datetime | None
    market_id: int
    state: State
    asked_by: str
    engine: str
    new_label: str
    new_sha256: str
    old_label: str
    sha256: str
    why: tuple[str, str]  # it failed


_COLUMNS = """SELECT comparison, asked_at, made_at, market_id, state, asked_by, engine, new_label,
    new_sha256, old_label, sha256, why_zh, why_en FROM work_comparison """


def ask_for(draft: Draft, *, by: str, at: datetime) -> Comparison:
    """Have a draft compared with what is in force; asked again while it waits, it waits once."""
    execute(
        "INSERT INTO work_comparison (comparison, asked_at, market_id, state, asked_by, engine, "
        "new_label, new_sha256, old_label, sha256, figures, why_zh, why_en) "
        "VALUES (%s, %s, %s, %s, %s, 'local', %s, %s, '', '', '', '', '') "
        "ON CONFLICT DO NOTHING",
        [_named(f"{draft.sha256} asked {at.isoformat()}"), at, draft.market_id, State.WAITING, by,
         f"{draft.name}@{draft.version}", draft.sha256],
    )  # fmt: skip
    return of_pack(draft.sha256)[0]


def reckon_asked(at: datetime) -> int:
    """Reckon whatever waits, one after another; return how many were reckoned.

    Cut off anywhere it still waits; where two reckon the same, the first to be ready is kept.
    """
    done = 0
    while waiting := _select("WHERE state = %s ORDER BY asked_at LIMIT 1", [State.WAITING]):
        _reckon(waiting[0], at)
        done += 1
    return done


def _reckon(one: Comparison, at: datetime) -> None:
    market = promises.market_of(one.market_id)
    files = _files_of(market, one.new_sha256)
    try:
        with folder_of(files) as folder:
            found = over_history(market, folder)
        body = _body_of(found)
    except Problem as problem:
        told = [State.FAILED, at, "", "", "", problem.beside("zh"), problem.beside("en")]
    else:
        told = [State.KEPT, at, labels_of(found)["old"], _sha256(body), body, "", ""]
    execute(
        "UPDATE work_comparison SET state = %s, made_at = %s, old_label = %s, sha256 = %s, "
        "figures = %s, why_zh = %s, why_en = %s WHERE comparison = %s AND state = %s",
        [*told, one.comparison, State.WAITING],
    )


def over_history(market: Market, pack: str) -> Figures:
    """A pack against what is in force, over all that the database holds of a market."""
    # Whoever asks inside a transaction sees what it sees.
    is_inside = transaction.get_connection().in_atomic_block
    with nullcontext() if is_inside else one_snapshot():
        return compare(StoredHistory.of_size(market.name), Asked(new=pack), progress=_quietly)


def _quietly(done: int, total: int, words: str) -> None:
    """Nobody is there to be told."""


def _files_of(market: Market, sha256: str) -> dict[str, str]:
    drafts = [one for one in promises.drafts(market.name) if one.sha256 == sha256]
    assert drafts, "only drafts are asked for, and no draft is forgotten"
    return promises.draft_files(drafts[-1].draft_id)


def keep(found: Figures, *, engine: str, by: str, at: datetime) -> Comparison:
    """Keep a comparison that was made; the same figures once.

    :raises ReportTooLarge: if they are larger than what is kept
    """
    body, labels = _body_of(found), labels_of(found)
    name = _named(f"figures {_sha256(body)}")
    execute(
        "INSERT INTO work_comparison (comparison, asked_at, made_at, market_id, state, asked_by, "
        "engine, new_label, new_sha256, old_label, sha256, figures, why_zh, why_en) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '') ON CONFLICT DO NOTHING",
        [name, at, at, promises.market(found["market"]).market_id, State.KEPT, by, engine,
         labels["new"], found["packs"]["new"]["sha256"], labels["old"], _sha256(body), body],
    )  # fmt: skip
    return comparison_named(name)


BY_ASKING: Order[Comparison] = Order(
    (Part("asked_at", "ts", is_descending=True), Part("comparison", "uuid")),
    lambda row: (row.asked_at, row.comparison),
)


def comparisons(most: int = 100, *, place: Place | None = None) -> list[Comparison]:
    """The latest first."""
    found = _select(
        f"WHERE true{BY_ASKING.after(place)}{BY_ASKING.by(place)} LIMIT %(most)s",
        {"most": most} | BY_ASKING.params(place),
    )
    return straight(found, place)


def of_pack(new_sha256: str, most: int = 20) -> list[Comparison]:
    """Those of a pack's content, the latest first: kept, waiting or failed."""
    return _select(
        "WHERE new_sha256 = %s ORDER BY asked_at DESC, comparison LIMIT %s", [new_sha256, most]
    )


def comparison_named(name: UUID) -> Comparison:
    """:raises ComparisonUnknown: if there is none"""
    found = _select("WHERE comparison = %s", [name])
    if not found:
        raise ComparisonUnknown(comparison=name)
    return found[0]


def figures_in(name: UUID) -> Figures:
    """The figures as they were kept.

    :raises ComparisonUnknown: if there are none
    """
    rows = fetch_rows(
        "SELECT figures FROM work_comparison WHERE comparison = %s AND state = %s",
        [name, State.KEPT],
    )
    if not rows:
        raise ComparisonUnknown(comparison=name)
    figures: Figures = json.loads(rows[0][0])
    return figures


def _select(where: str, params: list[Any] | dict[str, Any]) -> list[Comparison]:
    names = [field.name for field in fields(Comparison)][:-1]
    found = []
    for *row, zh, en in fetch_rows(_COLUMNS + where, params):
        told: dict[str, Any] = dict(zip(names, row, strict=True))
        found.append(Comparison(**told | {"state": State(told["state"]), "why": (zh, en)}))
    return found


def _body_of(found: Figures) -> str:
    """:raises ReportTooLarge: if it is larger than what is kept"""
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    size = len(body.encode())
    if size > MOST_BYTES:
        raise ReportTooLarge(bytes=size, most=MOST_BYTES)
    return body


def _sha256(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _named(words: str) -> UUID:
    return UUID(bytes=hashlib.sha256(words.encode()).digest()[:16])
