"""The numbers of supervision, as the house's own pack has them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from xiaobao.supervision.terms import TermWords, WatchTerms


@cache
def terms_in_words() -> tuple[TermWords, ...]:
    text = files("xiaobao.supervision.packs").joinpath("watch.toml").read_text("utf-8")
    return tuple(TermWords(name=name, **given) for name, given in tomllib.loads(text).items())


@cache
def watch_terms() -> WatchTerms:
    return WatchTerms(**{one.name: one.amount for one in terms_in_words()})
