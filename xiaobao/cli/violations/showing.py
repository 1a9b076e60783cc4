"""One violation whole, lists of them, and where a seller stands: points, penalties, open ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_pairs, print_table, say
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.violations.facts import (
        OpenViolation,
        PenaltyRow,
        TallyRow,
        ViolationDetail,
        Words,
    )

app = typer.Typer()

ViolationName = Annotated[
    str, typer.Argument(metavar="VIOLATION", help="违规的名称 · the violation's name")
]
SellerOf = Annotated[
    str | None,
    typer.Option("--seller", metavar="SELLER", help="卖家，名称重复时 · where names are shared"),
]


def spoken(words: Words) -> str:
    return say(zh=words.zh, en=words.en)


@app.command("list")
def list_violations(
    *,
    seller: Annotated[str | None, typer.Option(help="只看一个卖家 · of one seller")] = None,
    state: Annotated[str | None, typer.Option(help="状态，如 appealed · one state")] = None,
    kind: Annotated[str | None, typer.Option(help="种类，如 counterfeit · one kind")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多 · at most")] = 100,
    as_json: Json = False,
) -> None:
    """违规列表，最新的在前 · violations, the newest first"""
    from xiaobao.violations.facts import (
        CLASS_WORDS,
        EFFECT_WORDS,
        KIND_WORDS,
        STATE_WORDS,
        State,
        ViolationKind,
    )

    of_state = None if state is None else named(State, state, "--state")
    of_kind = None if kind is None else named(ViolationKind, kind, "--kind")
    open_for_command()
    from xiaobao.sellers.queries import seller_named
    from xiaobao.violations.queries import counts_by_state, violations_listed

    seller_id = None if seller is None else seller_named(seller).seller_id
    rows = violations_listed(seller_id=seller_id, state=of_state, kind=of_kind, limit=limit)
    counts = counts_by_state()
    if as_json:
        print_json({"counts": counts, "violations": rows})
        return
    print_table(
        [say(zh="违规", en="violation"), say(zh="卖家", en="seller"), say(zh="种类", en="kind"),
         say(zh="类别", en="class"), say(zh="扣分", en="points"), say(zh="罚金", en="money"),
         say(zh="状态", en="state"), say(zh="时间", en="recorded"), ""],
        [
            [r.violation, r.seller, spoken(KIND_WORDS[r.kind]),
             spoken(CLASS_WORDS[r.points_class]), r.points,
             money(r.penalty_minor, r.currency) if r.penalty_minor else "",
             spoken(STATE_WORDS[r.state]), moment(r.recorded_at), spoken(EFFECT_WORDS[r.effect])]
            for r in rows
        ],
    )  # fmt: skip
    print(
        "  ".join(f"{spoken(STATE_WORDS[one])} {count}" for one, count in counts.items() if count)
        or say(zh="还没有违规", en="no violations yet")
    )


@app.command()
def show(violation: ViolationName, *, seller: SellerOf = None, as_json: Json = False) -> None:
    """一条违规的全部：事实、依据、扣分、经过 · one violation: facts, clause, points, events"""
    open_for_command()
    from xiaobao.violations.queries import violation_detail, violation_named

    detail = violation_detail(violation_named(violation, seller))
    if as_json:
        print_json(detail)
        return
    print_detail(detail)


def print_detail(detail: ViolationDetail) -> None:
    """A violation as people read it."""
    from xiaobao.violations.facts import (
        CLASS_WORDS,
        EFFECT_WORDS,
        EVENT_WORDS,
        KIND_WORDS,
        SOURCE_WORDS,
        STATE_WORDS,
    )

    row = detail.row
    print_pairs(
        [
            (say(zh="违规", en="violation"), row.violation),
            (say(zh="卖家", en="seller"), row.seller),
            (say(zh="种类", en="kind"), spoken(KIND_WORDS[row.kind])),
            (say(zh="类别", en="class"), spoken(CLASS_WORDS[row.points_class])),
            (say(zh="来源", en="found by"), spoken(SOURCE_WORDS[row.source])),
            (say(zh="状态", en="state"), spoken(STATE_WORDS[row.state])),
            (say(zh="扣分", en="points"), f"{row.points} · {spoken(EFFECT_WORDS[row.effect])}"),
            (say(zh="三振", en="strikes"), str(row.strikes)),
            (say(zh="此前同类", en="of the kind before"), str(detail.earlier)),
            (say(zh="罚金", en="penalty money"), _money(row.penalty_minor, row.currency,
                                                      is_waived=row.is_waived)),
            (say(zh="其中冻结", en="of it held"), money(row.held_minor, row.currency)),
            (say(zh="其中已收", en="of it taken"), money(row.taken_minor, row.currency)),
            (say(zh="可申诉至", en="may be appealed until"), moment(row.appeal_until)),
            (say(zh="平台须复核于", en="to be decided by"),
             moment(row.decide_by) if row.decide_by else "-"),
            (say(zh="条款", en="clause"),
             f"{row.clause} {say(zh=detail.clause_zh, en=detail.clause_en)}"),
            (say(zh="事实", en="words"), row.words),
        ]
    )  # fmt: skip
    print_table(
        ["#", say(zh="事件", en="event"), say(zh="谁", en="who"), say(zh="时间", en="at"),
         say(zh="说明", en="words")],
        [[e.seq, spoken(EVENT_WORDS[e.event]), e.by, moment(e.happened_at), e.words]
         for e in detail.events],
    )  # fmt: skip


def _money(minor: int, currency: str, *, is_waived: bool) -> str:
    waived = say(zh="（平台逾期，不再收取）", en=" (the platform was late: not taken)")
    return money(minor, currency) + (waived if is_waived else "")


@app.command()
def points(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家 · the seller's name")],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """卖家的扣分、处罚与未了事项 · a seller's points, penalties, and what is open until when"""
    open_for_command()
    from xiaobao.sellers.queries import seller_named
    from xiaobao.violations import queries

    row, when = seller_named(seller), now() if at is None else at
    tallies = queries.tallies_of(row.seller_id, at=when)
    penalties = queries.penalties_of(row.seller_id)
    left_open = queries.open_violations_of(row.seller_id, at=when)
    exits = queries.forced_exits_of(row.seller_id)
    if as_json:
        print_json(
            {
                "seller": seller, "points": tallies, "penalties": penalties, "open": left_open,
                "forced_exits": exits,
            }
        )  # fmt: skip
        return
    _print_points(tallies)
    _print_penalties(penalties)
    _print_open(left_open, row.currency)
    for one in exits:
        from xiaobao.violations.facts import FORCED_EXIT_WORDS

        word = spoken(FORCED_EXIT_WORDS[one.state])
        due = moment(one.due_at)
        print(say(zh=f"强制退保：{word}，执行日 {due}", en=f"forced exit: {word}, due {due}"))


def _print_points(tallies: Sequence[TallyRow]) -> None:
    from xiaobao.violations.facts import CLASS_WORDS

    print_table(
        [say(zh="类别", en="class"), say(zh="扣分", en="points"),
         say(zh="今日新增", en="added since"), say(zh="三振", en="strikes"),
         say(zh="下一阶梯", en="next rung at")],
        [[spoken(CLASS_WORDS[t.points_class]), t.points, t.added_today, t.strikes,
          "-" if t.next_at_points is None else t.next_at_points] for t in tallies],
    )  # fmt: skip


def _print_penalties(penalties: Sequence[PenaltyRow]) -> None:
    from xiaobao.violations.facts import PENALTY_WORDS

    print_table(
        [say(zh="处罚", en="penalty"), say(zh="起", en="from"), say(zh="止", en="until"),
         say(zh="状态", en="state"), say(zh="公示于", en="published"),
         say(zh="条款", en="clause")],
        [[say(zh="、".join(p.measures_zh), en=", ".join(p.measures_en)), moment(p.begins_at),
          moment(p.ends_at), spoken(PENALTY_WORDS[p.state]), moment(p.published_at), p.clause]
         for p in penalties],
    )  # fmt: skip


def _print_open(rows: Sequence[OpenViolation], currency: str) -> None:
    print_table(
        [say(zh="未了事项", en="open"), say(zh="违规", en="violation"), say(zh="冻结", en="held"),
         say(zh="何时了结", en="clears")],
        [[say(zh=r.zh, en=r.en), r.violation, money(r.held_minor, currency),
          moment(moment_of(r.clears_us))] for r in rows],
    )  # fmt: skip
