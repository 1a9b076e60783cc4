"""`xiaobao replay`: decisions made again by the very rules, and compared byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import moment_from, open_for_command
from xiaobao.cli.output import Json, print_json, print_pairs, print_table, say
from xiaobao.kernel.calendars import day_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.replays import summed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from xiaobao.kernel.replays import Replayed

app = typer.Typer()
DIFFERS = 1
# Of one kind; all are in the JSON.
MOST_SHOWN = 20


class DecisionUnknown(Problem):
    """Nothing that was decided has this name."""

    code = "decision_unknown"
    status = 404
    zh = (
        "DECISION：没有名为“{decision}”的决定。赔付、违约等按事由（UUID）指名，见 xiaobao deposit "
        "statement；大众评审按其编号（UUID）；报价按 卖家@时间，退保按 卖家#序号，违规按名称，"
        "扣分按 卖家/类别/日期 指名；全部重算：xiaobao replay --all"
    )
    en = (
        "DECISION: nothing decided is called '{decision}'. Name breaches and payments by their "
        "cause (a UUID, see xiaobao deposit statement), juries by their reference (a UUID), "
        "quotes as SELLER@TIME, exits as SELLER#NUMBER, violations by name, "
        "points as SELLER/CLASS/DAY; "
        "to replay everything: xiaobao replay --all"
    )


@dataclass(frozen=True)
class Kind:
    """One kind of decision: its words, all of them made again, and one found by its name."""

    zh: str
    en: str
    everything: Callable[[], Iterator[Replayed]]
    one: Callable[[str], Replayed | None]


def kinds() -> dict[str, Kind]:
    """Every kind of decision that is stored. A room adds its own here: one line."""
    from xiaobao.advances import queries as advances
    from xiaobao.deposits.queries import replayed_quotes
    from xiaobao.exits.queries import replayed_exits
    from xiaobao.hearings import queries as hearings
    from xiaobao.orders.queries import replayed_breach, replayed_breaches
    from xiaobao.violations import queries as violations

    return {
        "breach": Kind("违约", "breach", replayed_breaches, _by_cause(replayed_breach)),
        "quote": Kind("报价", "quote", replayed_quotes, _quote),
        "compensation": Kind(
            "赔付",
            "compensation",
            advances.replayed_compensations,
            _by_cause(advances.replayed_compensation),
        ),
        "recovery": Kind(
            "追偿", "recovery", advances.replayed_recoveries, _by_cause(advances.replayed_recovery)
        ),
        "reversal": Kind(
            "冲正", "reversal", advances.replayed_reversals, _by_cause(advances.replayed_reversal)
        ),
        "ruling": Kind(
            "裁决", "ruling", hearings.replayed_rulings, _by_cause(hearings.replayed_ruling)
        ),
        "jury_draw": Kind(
            "评审员抽签", "jury draw", hearings.replayed_draws, _by_cause(hearings.replayed_draw)
        ),
        "jury_answer": Kind(
            "大众评审答复",
            "jury answer",
            hearings.replayed_answers,
            _by_cause(hearings.replayed_answer),
        ),
        "violation": Kind(
            "违规", "violation", violations.replayed_violations, violations.replayed_violation
        ),
        "exit": Kind("退保", "exit", replayed_exits, _exit),
        "points": Kind("扣分", "points", violations.replayed_nights, _night),
    }


def _by_cause(find: Callable[[UUID], Replayed | None]) -> Callable[[str], Replayed | None]:
    """For decisions that are named by their cause."""
    from uuid import UUID

    def one(name: str) -> Replayed | None:
        try:
            cause = UUID(name)
        except ValueError:
            return None
        return find(cause)

    return one


def _quote(name: str) -> Replayed | None:
    """A quote by seller and moment."""
    from xiaobao.deposits.queries import replayed_quote

    seller, is_there, moment = name.rpartition("@")
    if not is_there:
        return None
    try:
        quoted_at = moment_from(moment)
    except typer.BadParameter:
        return None
    return replayed_quote(seller, quoted_at)


def _exit(name: str) -> Replayed | None:
    """All checks of an exit by seller and number."""
    from xiaobao.exits.queries import replayed_exit

    seller, _, number = name.rpartition("#")
    return replayed_exit(seller, int(number)) if seller and number.isdecimal() else None


def _night(name: str) -> Replayed | None:
    """A night's count of points by seller, class and day."""
    from xiaobao.promises.facts import PointsClass
    from xiaobao.violations.queries import replayed_night

    seller, _, rest = name.rpartition("/")
    seller, _, points_class = seller.rpartition("/")
    known = {one.name.lower(): one for one in PointsClass}
    try:
        day = date.fromisoformat(rest)
    except ValueError:
        return None
    return (
        replayed_night(seller, known[points_class], day_of(day)) if points_class in known else None
    )


@app.command()
def replay(
    decision: Annotated[
        str | None,
        typer.Argument(metavar="[DECISION]", help="事由、卖家@时间 · a cause, SELLER@TIME"),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="重算每一个决定 · every decision ever stored")
    ] = False,
    as_json: Json = False,
) -> None:
    """按原规则重算决定并逐字节比较，不同则以 1 结束 · decide again, compare every byte"""
    if everything == (decision is not None):
        raise typer.BadParameter(
            say(zh="给出一个决定，或 --all", en="name one decision, or --all"),
            param_hint="DECISION",
        )
    open_for_command()
    known = kinds()
    if decision is None:
        found = {name: summed(name, kind.everything()) for name, kind in known.items()}
    else:
        found = {
            name: made for name, kind in known.items() if (made := kind.one(decision)) is not None
        }
        if not found:
            raise DecisionUnknown(decision=decision)
    is_same = all(made.is_same for made in found.values())
    if as_json:
        print_json({"ok": is_same, "kinds": found})
    else:
        _print(known, found, is_one=decision is not None)
    if not is_same:
        raise typer.Exit(DIFFERS)


def _print(known: dict[str, Kind], found: dict[str, Replayed], *, is_one: bool) -> None:
    words = {name: say(zh=known[name].zh, en=known[name].en) for name in found}
    if is_one:
        for name, made in found.items():
            print_pairs(
                [
                    (say(zh="决定", en="decision"), words[name]),
                    (say(zh="所存 SHA-256", en="stored, SHA-256"), made.stored_sha256),
                    (say(zh="重算 SHA-256", en="made again, SHA-256"), made.made_sha256),
                ]
            )
    else:
        print_table(
            [say(zh="决定", en="decision"), say(zh="重算", en="made again"),
             say(zh="不同", en="different"), say(zh="其他规则版本", en="other rules")],
            [[words[name], made.looked, len(made.differences), len(made.other_rules)]
             for name, made in found.items()],
        )  # fmt: skip
    for made in found.values():
        for one in made.differences[:MOST_SHOWN]:
            print(
                say(
                    zh=f"{one.reference}：{one.name} 所存 {one.stored}，重算 {one.made}",
                    en=f"{one.reference}: {one.name} is {one.stored}, made again {one.made}",
                )
            )
        for reference in made.other_rules[:MOST_SHOWN]:
            print(
                say(
                    zh=f"{reference}：由本版本所没有的规则版本作出，请用当时的版本重算",
                    en=f"{reference}: made by rules this release does not carry: use its own",
                )
            )
    if all(made.is_same for made in found.values()):
        print(say(zh="逐字节相同", en="the same, byte for byte"))
