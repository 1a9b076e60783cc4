"""The numbers of supervision: as the pack of the house has them, and as weeks were judged."""

from __future__ import annotations

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files

from xiaobao.database import sets
from xiaobao.supervision.terms import JudgedBy, PairTerms, TermWords, WatchTerms


@cache
def _text() -> str:
    return files("xiaobao.supervision.packs").joinpath("watch.toml").read_text("utf-8")


@cache
def terms_in_words() -> tuple[TermWords, ...]:
    return tuple(TermWords(name=name, **given) for name, given in tomllib.loads(_text()).items())


@cache
def watch_terms() -> WatchTerms:
    return WatchTerms(**{one.name: one.amount for one in terms_in_words()})


@cache
def judged_by_now() -> JudgedBy:
    """What a week that is judged now is judged by."""
    numbers = {one.name: one.amount for one in terms_in_words()}
    return JudgedBy(sha256(_text().encode()).hexdigest(), numbers)


@cache
def pair_terms() -> PairTerms:
    told = tomllib.loads(
        files("xiaobao.supervision.packs").joinpath("pairs.toml").read_text("utf-8")
    )
    return PairTerms(**{name: one["amount"] for name, one in told.items()})


def judged_by(market_id: int, week: int | None) -> JudgedBy | None:
    """What a week was judged by; None where it was judged before that was kept, or not at all."""
    rows = sets.fetch_rows(
        "SELECT sha256, numbers FROM supervision_judged_by WHERE market_id = %s AND week = %s",
        [market_id, week],
    )
    return JudgedBy(*rows[0]) if rows else None
