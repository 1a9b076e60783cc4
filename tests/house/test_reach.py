"""Whatever commands and consoles can do the API can, or the table in docs/api.md says why not."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from django.urls import get_resolver

from tests.house.sources import HOUSE, REPOSITORY
from xiaobao.api.frame import _checks_of_posts
from xiaobao.api.root import api
from xiaobao.cli.commands import COMMANDS
from xiaobao.cli.main import build
from xiaobao.database.opening import prepare_django

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = REPOSITORY / "docs" / "api.md"
ROOMS = (
    "people", "outbox", "promises", "sellers", "orders", "deposits", "advances", "claims",
    "hearings", "violations", "exits", "evidence", "ledger", "supervision",
)  # fmt: skip
# Verbs that no call of the API does, by why.
NOT_BY_THE_API = {
    "clocks do it, when they are due": """
        advances.recover_debts advances.settle_due_breaches advances.sweep_penalties
        claims.move_due_claims deposits.ask_takings deposits.climb_ladder
        deposits.look_later deposits.move_due_instalments deposits.tell_of_ends
        deposits.quote_due deposits.releases_due deposits.rename_takings
        exits.carry_out_forced_exits
        exits.mark_late_consults exits.move_due_exits exits.release_due_reserves
        hearings.look_at_claims ledger.expire_holds orders.find_breaches outbox.record_attempts
        orders.lapse_reports
        outbox.take sellers.tell_of_version violations.count_points violations.end_penalties
        evidence.sweep_unfinished violations.expect_looks violations.finish_forced_exits
        violations.look_for_violations
        violations.move_due_violations violations.record_violations supervision.count_weeks
        supervision.expect_weeks
    """,
    "other verbs do it, as a part of theirs": """
        advances.advanced_under advances.compensate advances.reverse_compensation
        advances.stop_payouts claims.backing_of claims.call_jury claims.check_appeal
        claims.check_jury claims.check_ruling claims.hold_clocks claims.leave_to_person
        claims.mark_appealed claims.mark_closed claims.mark_owed_in_goods claims.mark_paid
        claims.mark_ruled claims.prepare_shown claims.take_jury_answer deposits.call_back_takings
        deposits.check_shortfalls deposits.keep_frozen exits.transfer_instead exits.send_back
        exits.hold_desk
        deposits.draw_cover deposits.reserve_frozen deposits.return_cover
        deposits.release_settlement deposits.withhold_settlement evidence.end_case
        evidence.facts_prepared evidence.prepare
        evidence.record_prepared evidence.record_snapshot
        evidence.record_view evidence.reopen_case evidence.seal_dossier evidence.signing_key
        evidence.submit_all exits.force_out ledger.open_books ledger.post
        ledger.post_with_others orders.ask_hold orders.count_paid orders.hold_clocks
        orders.hold_orders outbox.tell sellers.activate sellers.end_enrolment
        sellers.invite_sellers sellers.join sellers.lift_restriction sellers.move_sellers
        sellers.restrict_sellers sellers.sign_agreement
    """,
    "the gateway's answers do it": """
        advances.claim_due_payouts advances.mark_sent_again advances.record_payout_answers
        deposits.begin_calling_off deposits.claim_due_takings deposits.confirm_lodgements
        deposits.confirm_releases deposits.fail_lodgements deposits.fail_what_did_not_come
        deposits.let_go_of_frozen deposits.look_soon
        deposits.lose_frozen deposits.mark_lodgements_unknown
        deposits.record_takings deposits.send_takings_again
        exits.claim_due_refunds exits.mark_sent_again exits.record_refund_answers
    """,
    "persons sign in, sign for and look; no program does": """
        people.add_buyers_look people.add_look people.add_member people.add_person
        people.check_password
        people.choose_zone people.countersign people.enter
        people.grant people.invite people.propose people.refuse_intent people.revoke
        people.set_password
    """,
    "a person inspects, and says what was seen": """
        supervision.close_inspection supervision.open_inspection supervision.record_findings
    """,
    "the operator does it, at the machine": """
        evidence.lift_hold evidence.place_hold evidence.read_original evidence.seal
        evidence.stamp_log evidence.submit_evidence orders.record_facts_apart
        promises.publish_pack
    """,
}  # fmt: skip


def rows() -> list[list[str]]:
    """The cells of the table: what, commands, consoles' pages, calls."""
    text = TABLE.read_text("utf-8").partition("## What each door can do")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[1:]]


def quoted(place: int) -> list[str]:
    return [one for row in rows() for one in re.findall(r"`([^`]+)`", row[place])]


def commands() -> Iterator[str]:
    for name in COMMANDS:
        whole: Any = typer.main.get_command(build(name))
        yield from _under(whole.commands[name], name)


def _under(command: Any, name: str) -> Iterator[str]:
    if not hasattr(command, "commands"):
        yield name
    for below, one in getattr(command, "commands", {}).items():
        yield from _under(one, f"{name} {below}")


@pytest.fixture(autouse=True, scope="module")
def prepared() -> None:
    """Addresses lead to pages, and these to models."""
    prepare_django()


def pages(patterns: Any) -> Iterator[str]:
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from pages(one.url_patterns)
        elif inspect.unwrap(one.callback).__module__.startswith("xiaobao.web") and one.name:
            yield one.name


def test_the_table_names_every_command_page_and_call_and_nothing_else() -> None:
    assert all(len(row) == 4 for row in rows())
    assert all(re.search(r"`|\w{4}", row[3]) for row in rows()), "a call, or why there is none"
    assert sorted(quoted(1)) == sorted(commands())
    assert sorted(quoted(2)) == sorted(set(pages(get_resolver().url_patterns)))
    calls = [
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    ]
    assert sorted(quoted(3)) == sorted(calls)


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for one in patterns:
        route = f"{before}{one.pattern}"
        yield from routes(one.url_patterns, route) if hasattr(one, "url_patterns") else [route]


def test_every_post_is_looked_at_before_a_kept_answer_is_told() -> None:
    checked = _checks_of_posts()
    assert set(checked) <= set(routes(get_resolver().url_patterns))
    described = api.get_openapi_schema()["paths"].values()
    assert len(checked) == sum("post" in by_method for by_method in described)
    assert [route for route, checks in checked.items() if len(checks) != 1] == []


def verbs(room: str) -> set[str]:
    acts = importlib.import_module(f"xiaobao.{room}.acts")
    names = getattr(acts, "__all__", None) or [
        name for name, one in vars(acts).items()
        if inspect.isfunction(one) and one.__module__ == acts.__name__
    ]  # fmt: skip
    return {
        f"{room}.{name}" for name in names
        if inspect.isroutine(getattr(acts, name)) and not name.startswith("_")
    }  # fmt: skip


def named_in(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The verbs that a file names, and the files of `work` that it imports from."""
    found: set[str] = set()
    works: set[str] = set()
    rooms: dict[str, str] = {}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    for node in [one for one in imports if (one.module or "").startswith("xiaobao.")]:
        _, room, *inside = str(node.module).split(".")
        for name in node.names:
            if name.name == "acts" and not inside:
                rooms[name.asname or name.name] = room
            elif inside[:1] == ["acts"]:
                found.add(f"{room}.{name.name}")
            elif room == "work":
                works |= {"/".join(inside), "/".join([*inside, name.name])}
    for one in ast.walk(tree):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            found |= {f"{rooms[one.value.id]}.{one.attr}"} if one.value.id in rooms else set()
    return found, works


def reached() -> set[str]:
    """The verbs that files of the API name, and those that files of `work` they call name."""
    found: set[str] = set()
    works: set[str] = set()
    for file in (HOUSE / "api").rglob("*.py"):
        mine, behind = named_in(ast.parse(file.read_text("utf-8")))
        found |= mine
        works |= behind
    for one in works:
        file = HOUSE / "work" / f"{one}.py"
        if file.exists():
            found |= named_in(ast.parse(file.read_text("utf-8")))[0]
    return found


def test_every_verb_is_done_by_a_call_or_the_list_says_why_not() -> None:
    missing = {verb for room in ROOMS for verb in verbs(room)} - reached()
    allowed = [verb for so_many in NOT_BY_THE_API.values() for verb in so_many.split()]
    assert len(allowed) == len(set(allowed)), "a verb has one reason"
    assert sorted(missing) == sorted(allowed)
