"""Every command that a next action names is one that there is."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimState, Mark, Party
from xiaobao.claims.rules.next_actions import Standing, next_actions
from xiaobao.cli import claims, hearings
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    import typer


def commands_of(app: typer.Typer, group: str) -> set[str]:
    mine = {
        f"{group} {one.name or getattr(one.callback, '__name__', '')}"
        for one in app.registered_commands
    }
    for inner in app.registered_groups:
        assert inner.typer_instance is not None
        mine |= commands_of(inner.typer_instance, f"{group} {inner.name}")
    return mine


def test_next_actions_name_commands_that_are_there() -> None:
    known = commands_of(claims.app, "claims") | commands_of(hearings.app, "hearings")
    named = set()
    for state, marks in itertools.product(ClaimState, (Mark(0), Mark.CURED, Mark.WITH_RETURN)):
        standing = Standing(
            state, marks, 0, FAR_US, FAR_US, FAR_US, FAR_US, FAR_US, 10,
            frozenset({Party.BUYER, Party.SELLER}), "", "",
        )  # fmt: skip
        for one in next_actions(standing):
            named |= set(one.commands)
    assert {"claims rule", "claims appeal", "hearings jury show", "claims answer"} <= named
    assert named <= known
