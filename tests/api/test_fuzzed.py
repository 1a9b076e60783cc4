"""The whole description under fire: every call, every role, all checks; nothing breaks.

Bounded here; long by hand, saying what was tried:

    XIAOBAO_FUZZ=200 pytest -rP tests/api/test_fuzzed.py
"""

from __future__ import annotations

import os
import sys
import uuid
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import RejectedPositiveData

from tests.api.conftest import ROLES, served
from tests.claims.making import SHOP
from xiaobao.api import frame
from xiaobao.api.root import api

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller

EXAMPLES = int(os.environ.get("XIAOBAO_FUZZ", "1"))
# By default what is wrong is sent as the platform alone, who may send the most.
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
STEPS = 8
TOLD = {"order": "A", "buyer": "buyer", "market": "cn", "item": None, "category": "general"}
LED_TO = {
    name for path in api.get_openapi_schema()["paths"].values() for call in path.values()
    for one in call["responses"].values() for name in one.get("links", {})
}  # fmt: skip
# What is there: else hardly a call would get past the names in its path.
THERE = {"seller": SHOP, "claim": "C1", "order": "A", "market": "cn", "number": 1}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "other shop"])
def test_nothing_breaks_and_nothing_is_undocumented(
    calling: Callable[[str], Caller], role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "CALLS_WITHOUT_TOKEN", 10**6)
    claim = {"claim": "C1", "order": "A", "buyer": "buyer", "kind": "not_as_described"}
    assert calling("platform").post(f"/sellers/{SHOP}/claims", claim).status_code == 201
    caller = calling(role)
    load_all_checks()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)
    wrong: list[str] = []
    tried: Counter[str] = Counter()
    found: Any
    for found in schema.get_all_operations():
        operation = found.ok()
        # Without its scope a call is refused, whatever it says: test_described asks that of all.
        needed = [one["oauth2"] for one in operation.definition.raw.get("security", [])]
        held = set(caller.token["scope"].split())
        if needed and not any(set(scopes) <= held for scopes in needed):
            continue
        tried["calls"] += 1
        for mode in MODES if role == "platform" or EXAMPLES > 1 else MODES[:1]:
            tried[mode.value] += _try(operation, mode, caller, wrong)
    sys.stdout.write(f"{role}: {dict(tried)}\n")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    "role", ["platform", "shop", "adjudicator", "policy", "finance", "supervisor"]
)
def test_what_answers_name_can_be_called(calling: Callable[[str], Caller], role: str) -> None:
    """Call after call along the links of the description, each with what the last was answered."""
    caller = calling(role)
    load_all_checks()
    scopes = set(caller.token["scope"].split())
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served).include(
        lambda context: _is_linked(context.operation.definition.raw, scopes)
    )
    schema.config.generation.update(modes=[GenerationMode.POSITIVE])
    followed: list[str] = []
    links: Counter[str] = Counter()
    wrong: list[str] = []

    class Machine(_SameWorld, schema.as_state_machine()):  # type: ignore[misc]
        is_linked = False

        def step(self, input: Any) -> Any:  # noqa: A002  as it is called there
            self.is_linked = input.transition is not None and input.is_applied
            if self.is_linked:
                links[input.transition.id] += 1
            return super().step(input)

        def before_call(self, case: Any) -> None:
            links["cases"] += 1
            if not self.is_linked:
                _tell_what_is_there(case)
            case.headers = {
                **(case.headers or {}), **caller.headers(), "Idempotency-Key": uuid.uuid4().hex,
            }  # fmt: skip

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            if self.is_linked and response.status_code < 300:
                followed.append(case.operation.label)
            try:
                super().validate_response(response, case, **more)
            except FailureGroup as group:
                # A chain may hold what is ill formed: whether that is refused is asked above.
                wrong.extend(_said(group, case, response, may_be_refused=True))

    Machine.run(
        settings=settings(
            max_examples=3 * EXAMPLES,
            deadline=None,
            stateful_step_count=STEPS,
            database=None,
            phases=[Phase.generate],
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
    )
    cases = links.pop("cases")
    sys.stdout.write(
        f"{role}: {cases} cases, {links.total()} of them along {len(links)} links, "
        f"{len(followed)} of which went through\n"
    )
    assert wrong == [], "\n".join(wrong)
    assert followed, "no call followed from another's answer"


class _SameWorld:
    """Each chain begins in the same world: what it is answered decides what comes next."""

    def setup(self) -> None:
        self.mark = transaction.savepoint()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)


def _try(operation: Any, mode: GenerationMode, caller: Caller, wrong: list[str]) -> int:
    """Call one operation a few times, and keep what any check finds wrong; how many times."""
    checks, times = CHECKS.get_all(), 0

    @seed(7)
    @settings(
        max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        nonlocal times
        times += 1
        _aim(case, mode)
        case.headers = {**(case.headers or {}), **caller.headers()}
        response = case.call()
        try:
            case.validate_response(response, checks=checks)
        except FailureGroup as group:
            wrong.extend(_said(group, case, response))

    with suppress(Unsatisfiable):  # some calls take nothing that could be wrong
        one()
    return times


def _said(
    group: FailureGroup, case: Any, response: Any, *, may_be_refused: bool = False
) -> list[str]:
    """What is wrong with an answer, but where a rule of the house refuses what was well formed."""
    return [
        f"{case.operation.label} {type(one).__name__} {one} {case.body!r} {case.path_parameters} "
        f"{case.query} {case.headers} {response.status_code} {response.text[:300]}"
        for one in group.exceptions
        if not (isinstance(one, RejectedPositiveData) and (may_be_refused or _by_a_rule(response)))
    ]


def _aim(case: Any, mode: GenerationMode) -> None:
    """Two times in three at what is there, and under a key of its own."""
    given = case.path_parameters or {}
    if mode is GenerationMode.POSITIVE:
        if sum(len(str(value)) for value in given.values()) % 3:
            case.path_parameters = {**given, **{n: v for n, v in THERE.items() if n in given}}
        if "Idempotency-Key" in (case.headers or {}):
            case.headers = {**case.headers, "Idempotency-Key": uuid.uuid4().hex}


def _is_linked(call: dict[str, Any], scopes: set[str]) -> bool:
    """Whether a call may be made, and leads on or is led to."""
    ways = [set(one["oauth2"]) for one in call.get("security", [])] or [set()]
    leads = any("links" in one for one in call["responses"].values())
    return any(needed <= scopes for needed in ways) and (leads or call["operationId"] in LED_TO)


def _tell_what_is_there(case: Any) -> None:
    """So that something comes of what begins a chain: orders, buyers and markets there are."""
    given = case.path_parameters or {}
    case.path_parameters = {**given, **{n: v for n, v in THERE.items() if n in given}}
    if isinstance(case.body, dict):
        case.body |= {name: value for name, value in TOLD.items() if name in case.body}


def _by_a_rule(response: Any) -> bool:
    """Whether what was well formed was refused for what it says, as rules of the house do."""
    code = response.json().get("code")
    return code not in {"request_invalid", "body_unreadable", "content_unsupported"}
