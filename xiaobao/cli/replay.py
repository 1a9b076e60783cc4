"""`xiaobao replay`: decisions made again by the very rules, and compared byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import open_for_command
from xiaobao.cli.output import Json, print_json, print_pairs, print_table, say
from xiaobao.kernel.replays import summed

if TYPE_CHECKING:
    from xiaobao.kernel.replays import Replayed
    from xiaobao.work.decisions import Kind

app = typer.Typer()
DIFFERS = 1
# Of one kind; all are in the JSON.
MOST_SHOWN = 20


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
    from xiaobao.work.decisions import kinds, replayed

    known = kinds()
    if decision is None:
        found = {name: summed(name, kind.everything()) for name, kind in known.items()}
    else:
        found = replayed(decision)
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
