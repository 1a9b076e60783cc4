"""In a generated marketplace the rules change once: consulted on, announced, and objected to.

Late shipping is to cost a tenth more from some days after the last one lived, so nothing that is
lived is judged by it. Sellers comment, are told what it changes for them, and a few object.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.kernel.references import id_of
from xiaobao.lab.generate.plans import MARKET
from xiaobao.promises import acts as promises
from xiaobao.promises import queries as promises_now
from xiaobao.promises.packs import read_files
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Standing
from xiaobao.work import comparisons
from xiaobao.work.noticing import tell_announced
from xiaobao.work.wishes import ANSWERED_DAYS, CONSULTED_DAYS, consults_on, objectors

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import Plan

_STAFF = "staff"
_CHANGED = "late_shipment"
# A tenth more: no more than an ordinary change.
_MORE_BPS = 11_000
_WHOLE_BPS = 10_000
# A week of notice, and the day itself.
_NOTICE_DAYS = 8
# Whoever looks on after the last day sees the clock of the notice run.
_RUNS_ON_DAYS = 5
_INSIDE = (Standing.ACTIVE, Standing.RESTRICTED)


class Change(NamedTuple):
    """A row of compensation that is to cost a tenth more from a day on."""

    begins: date
    kind: str


def announce(market: Marketplace, day: int, at: datetime) -> None:
    """What becomes of the change on this morning."""
    consulted = consults_on(market.plan)
    if consulted is None:
        return
    if day == consulted:
        _consult(market, at)
    elif day == consulted + CONSULTED_DAYS:
        _announce(market.plan, at)
    elif day == consulted + ANSWERED_DAYS:
        version = effect_of(market.plan).isoformat()
        for seller_id, name in _inside(market):
            sellers.object_to_version(seller_id, version, by=name, at=at)


def _consult(market: Marketplace, at: datetime) -> None:
    """Put it to consultation; who will object says so at once, and gets a reply."""
    with tempfile.TemporaryDirectory() as folder:
        promises.consult_on(_first_written(market.plan, Path(folder)), by=_STAFF, at=at)
    version = effect_of(market.plan).isoformat()
    for _, name in _inside(market):
        said = promises.comment_on(MARKET, version, words="旺季在即，承担不起", by=name, at=at)
        promises.reply_to(said, words="推迟到旺季之后生效", by=_STAFF, at=at)


def _announce(plan: Plan, at: datetime) -> None:
    market_id = promises_now.market(MARKET).market_id
    touched = sellers_now.market_sellers(market_id)
    with tempfile.TemporaryDirectory() as folder:
        path = _first_written(plan, Path(folder))
        # Whoever announces has seen what it would have come to so far.
        found = comparisons.over_history(promises_now.market(MARKET), path)
        comparisons.keep(found, engine="local", by=_STAFF, at=at)
        promises.announce_pack(path, by=_STAFF, at=at, sellers=touched)
    tell_announced(at)


def _inside(market: Marketplace) -> list[tuple[int, str]]:
    """Those who object and are in the guarantee still, by id and name."""
    names = [market.shop_names[shop] for shop in objectors(market)]
    known = [(id_of(name), name) for name in names]
    return [
        one for one in known
        if int(sellers_now.standing(np.array([one[0]])).state[0]) in _INSIDE
    ]  # fmt: skip


def effect_of(plan: Plan) -> date:
    """Some days after the last one lived; later than the first pack, and after its notice."""
    consulted = consults_on(plan)
    assert consulted is not None, "asked only where something is announced"
    first: date = tomllib.loads(read_files(MARKET)["pack.toml"])["notice"]["effective"]
    lived = max(plan.days + _RUNS_ON_DAYS, consulted + CONSULTED_DAYS + _NOTICE_DAYS)
    return max(plan.first_day + timedelta(days=lived), first + timedelta(days=1))


def _first_written(plan: Plan, folder: Path) -> str:
    consulted = consults_on(plan)
    assert consulted is not None, "asked only where something is announced"
    return written(plan, folder, plan.first_day + timedelta(days=consulted + CONSULTED_DAYS))


def written(plan: Plan, folder: Path, announced: date, *more: Change) -> str:
    """The market's first pack with the change and what comes after it, in a folder; its path."""
    changes = (Change(effect_of(plan), _CHANGED), *more)
    files = read_files(MARKET)
    effect = changes[-1].begins.isoformat()
    said = {"announced": announced.isoformat(), "effective": effect, "is_major": "false"}
    head = re.sub(
        r"^version = .*$", f'version = "{effect}"', files["pack.toml"], count=1, flags=re.MULTILINE
    )
    for field, value in said.items():
        head = re.sub(rf"^{field} = .*$", f"{field} = {value}", head, flags=re.MULTILINE)
    files["pack.toml"] = head
    for one in changes:
        files["compensation.csv"] = _dearer(files["compensation.csv"], one)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def _dearer(table: str, change: Change) -> str:
    """The table, and the last row of its kind once more from a day on, a tenth dearer."""
    names = next(line for line in table.splitlines() if line.startswith("key,")).split(",")
    last = [line for line in table.splitlines() if line.startswith(f"{change.kind},")][-1]
    row = dict(zip(names, last.split(","), strict=True))
    rate = int(row["rate_bps"]) * _MORE_BPS // _WHOLE_BPS
    row |= {"begins": change.begins.isoformat(), "rate_bps": str(rate)}
    row |= {"source": "house:announced in the demo", "certainty": "low"}
    return table.rstrip("\n") + "\n" + ",".join(row.values()) + "\n"
