"""Draw the codes that each call of the API can be answered with, beside those of every call."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tests.house.raised import House
from tests.house.sources import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = HOUSE / "api" / "codes.toml"
# Codes that no call can be answered with, though an act that it does could end so, by why.
NEVER = {
    "claim_name_shared": "a call names the shop beside the claim",
    "violation_name_shared": "a call names the shop beside the violation",
    "seller_unknown": "the shop of a call was found before anything is done about it",
    "deposit_seller_unknown": "as above",
    "violation_seller_unknown": "as above",
}
# A market is there for good: only a call that names one can name another.
ONLY_WHERE_NAMED = {"market_unknown": "market"}
# Where the market is named in what the library does not read: packs, and many facts.
NAMED_WITHIN = {"POST /facts", "POST /drafts", "POST /drafts/{market}/{version}/announcement"}


def views() -> Iterator[tuple[str, str, Any]]:
    """Every call: its method, its address, and how the library knows it."""
    from xiaobao.api.resources import RESOURCES

    for router in RESOURCES:
        for path, view in router.path_operations.items():
            for call in view.operations:
                for method in call.methods:
                    yield method, re.sub(r"\{\w+:", "{", path), call


def draw_codes() -> str:
    from tests.house.plates import problems
    from xiaobao.api.answering import ANY, POST
    from xiaobao.api.asking import ScopeMissing

    every: dict[str, Any] = {f"{one.__module__}:{one.__name__}": one for one in problems()}
    calls = sorted(views(), key=lambda one: (one[1], one[0]))
    house = House({call.view_func.__module__ for _, _, call in calls})
    lines = [
        "# Drawn by `make map`; do not edit by hand.",
        "# By call and status: what it can be answered with beside what any call can.",
    ]
    for method, address, call in calls:
        name = f"{method} {address}"
        unit = f"{call.view_func.__module__}:{call.view_func.__name__}"
        raised = {every[one] for one in house.raised(unit, every)}
        raised -= {*ANY, *POST, ScopeMissing}
        told = sorted((one.status, one.code) for one in raised if _can_be(one.code, name, call))
        lines += ["", f'["{name}"]']
        for status, group in groupby(told, key=itemgetter(0)):
            codes = ", ".join(f'"{code}"' for _, code in group)
            lines.append(f"{status} = [{codes}]")
    return "\n".join(lines) + "\n"


def _can_be(code: str, name: str, call: Any) -> bool:
    if code in NEVER:
        return False
    named = ONLY_WHERE_NAMED.get(code)
    return named is None or name in NAMED_WITHIN or named in _asked_by(call)


def _asked_by(call: Any) -> set[str]:
    """The names of what a call takes, in path, query and body."""
    found: set[str] = set()
    for model in call.models:
        for name, one in model.model_fields.items():
            found |= {name, *getattr(one.annotation, "model_fields", {})}
    return found
