"""The `xiaobao` command: finds the command asked for, prepares Django, and ends with a status.

0 is done, 1 is refused or a failing check, 2 is a command that cannot be understood.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao import __version__
from xiaobao.cli.output import LANGUAGES, choose_language, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _demo() -> typer.Typer:
    from xiaobao.cli import demo

    return demo.app


def _up() -> typer.Typer:
    from xiaobao.cli import up

    return up.app


def _import() -> typer.Typer:
    from xiaobao.cli import imports

    return imports.app


def _run() -> typer.Typer:
    from xiaobao.cli import run

    return run.app


def _sellers() -> typer.Typer:
    from xiaobao.cli import sellers

    return sellers.app


def _items() -> typer.Typer:
    from xiaobao.cli import items

    return items.app


def _deposit() -> typer.Typer:
    from xiaobao.cli import deposit

    return deposit.app


def _policy() -> typer.Typer:
    from xiaobao.cli import policy

    return policy.app


def _ledger() -> typer.Typer:
    from xiaobao.cli import ledger

    return ledger.app


def _claims() -> typer.Typer:
    from xiaobao.cli import claims

    return claims.app


def _hearings() -> typer.Typer:
    from xiaobao.cli import hearings

    return hearings.app


def _exits() -> typer.Typer:
    from xiaobao.cli import exits

    return exits.app


def _violations() -> typer.Typer:
    from xiaobao.cli import violations

    return violations.app


def _evidence() -> typer.Typer:
    from xiaobao.cli import evidence

    return evidence.app


def _dossier() -> typer.Typer:
    from xiaobao.cli import dossier

    return dossier.app


def _replay() -> typer.Typer:
    from xiaobao.cli import replay

    return replay.app


def _verify() -> typer.Typer:
    from xiaobao.cli import verify

    return verify.app


def _lab() -> typer.Typer:
    from xiaobao.cli import lab

    return lab.app


def _doctor() -> typer.Typer:
    from xiaobao.cli import doctor

    return doctor.app


@dataclass(frozen=True)
class Entry:
    """One command or group: how it is loaded, and its words in the help."""

    load: Callable[[], typer.Typer]
    zh: str
    en: str
    is_group: bool = True
    needs_house: bool = True  # models, and so Django's settings


# In the order of the help.
COMMANDS = {
    "demo": Entry(
        _demo,
        "从零生成一个市场，逐日运转，打印结果",
        "generate a marketplace, live it day by day, print what happened",
        is_group=False,
    ),
    "up": Entry(
        _up, "启动控制台与到期任务", "serve the consoles, and fire what is due", is_group=False
    ),
    "import": Entry(_import, "导入真实订单", "bring real orders in"),
    "run": Entry(
        _run,
        "触发到某一时刻为止所有到期的时钟",
        "fire every clock that is due up to a time",
        is_group=False,
    ),
    "sellers": Entry(_sellers, "卖家：加入、列表、查看", "sellers: enrol, list, show"),
    "items": Entry(_items, "消保商品：标记、取消、撤销", "covered items: mark, unmark, undo"),
    "deposit": Entry(
        _deposit, "保证金：报价、缴存、明细", "deposits: quote, lodge, show, statement"
    ),
    "policy": Entry(_policy, "规则包：检查、发布、查看", "policy packs: lint, publish, show"),
    "ledger": Entry(_ledger, "账本：检查、试算平衡", "the ledger: check, trial balance"),
    "claims": Entry(
        _claims,
        "维权：提出、答复、协商、举证、裁决、申诉、查看",
        "claims: file, answer, offer, rule, appeal, show, list",
    ),
    "hearings": Entry(
        _hearings, "裁决：队列、裁决与理由、大众评审", "hearings: queue, rulings, the jury"
    ),
    "exits": Entry(_exits, "退保：核对、申请、审核、查看", "exits: check, apply, decide, follow"),
    "violations": Entry(
        _violations,
        "违规：记录、申诉、复核、扣分、公示",
        "violations: record, appeal, decide, points, register",
    ),
    "evidence": Entry(
        _evidence, "证据：提交、查看、封存、检查", "evidence: add, show, prove, hold, seal, check"
    ),
    "dossier": Entry(
        _dossier,
        "一宗维权的卷宗：一个签名的档案",
        "everything of one claim in one signed archive",
        is_group=False,
    ),
    "replay": Entry(
        _replay,
        "按原规则重算决定，逐字节比较",
        "make decisions again by the very rules, and compare every byte",
        is_group=False,
    ),
    "verify": Entry(
        _verify,
        "离线核对一份卷宗，指出第一处错误",
        "check a dossier offline, and name the first thing that is wrong",
        is_group=False,
        needs_house=False,
    ),
    "lab": Entry(
        _lab, "政策实验室：导出历史、比较规则包", "the lab: export history, compare packs over it"
    ),
    "doctor": Entry(
        _doctor,
        "运行状况：版本、待触发的时钟、被破坏的不变量",
        "versions, pending clocks, broken invariants: is all well?",
        is_group=False,
    ),
}


def build(asked: str | None) -> typer.Typer:
    """The command tree, with only the command `asked` for loaded: help stays quick."""
    app = typer.Typer(
        name="xiaobao",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        # Plain help: three times as quick, and the same in a pipe.
        rich_markup_mode=None,
        help=say(
            zh="消保：以资金和证据守护的承诺", en="Xiaobao: promises kept with money, on evidence"
        ),
    )
    app.callback()(_global_options)
    for name, entry in COMMANDS.items():
        words = say(zh=entry.zh, en=entry.en)
        if name != asked:
            app.command(name, help=words)(_not_loaded)
        elif entry.is_group:
            group = entry.load()
            group.rich_markup_mode = None
            app.add_typer(group, name=name, help=words, no_args_is_help=True)
        else:
            only = entry.load().registered_commands[0].callback
            assert only is not None, f"{name} has no command"
            app.command(name, help=words)(only)
    return app


def _not_loaded() -> None:
    raise AssertionError("a command ran that was not the one found in the arguments")


def _print_version(asked: bool) -> None:
    if asked:
        print(f"xiaobao {__version__}")
        raise typer.Exit


def _global_options(
    *,
    lang: Annotated[
        str | None, typer.Option(metavar="|".join(LANGUAGES), help="语言 · language")
    ] = None,
    version: Annotated[  # noqa: ARG001  answered by its callback
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="版本 · print the version"
        ),
    ] = False,
) -> None:
    if lang is not None and lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r}: zh | en", param_hint="--lang")


def _before_command(arguments: Sequence[str]) -> tuple[str | None, str | None]:
    """The command's name and the language asked for, where the arguments name them."""
    lang = None
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            lang = next(words, None)
        elif word.startswith("--lang="):
            lang = word.removeprefix("--lang=")
        elif not word.startswith("-"):
            return word, lang
    return None, lang


def run_command(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit status."""
    command, lang = _before_command(arguments)
    choose_language(lang)
    try:
        if command in COMMANDS and COMMANDS[command].needs_house:
            _prepare()
        build(command)(list(arguments), prog_name="xiaobao")
    except SystemExit as done:
        return _status_of(done)
    except KeyboardInterrupt:
        return _stopped()
    except Exception as trouble:  # noqa: BLE001  the outermost frame of a door
        from xiaobao.cli import ending

        return ending.end(trouble, as_json="--json" in arguments)
    return 0


def _prepare() -> None:
    """Let models be imported.

    :raises DatabaseUrlUnreadable: where `DATABASE_URL` is no address
    """
    import psycopg

    from xiaobao.database.opening import prepare_django

    try:
        prepare_django()
    except (psycopg.Error, ValueError) as trouble:
        from xiaobao.cli.ending import DatabaseUrlUnreadable

        raise DatabaseUrlUnreadable from trouble


def _status_of(done: SystemExit) -> int:
    # Typer turns Ctrl-C into this status and says nothing.
    if done.code == 130:  # noqa: PLR2004
        return _stopped()
    return done.code if isinstance(done.code, int) else int(done.code is not None)


def _stopped() -> int:
    from xiaobao.cli import ending

    return ending.end_stopped()


def main() -> None:
    """The entry point of the `xiaobao` program."""
    sys.exit(run_command(sys.argv[1:]))
