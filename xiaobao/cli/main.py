"""The `xiaobao` command: finds the command asked for, prepares Django, and ends with a status.

0 is done, 1 is refused or a failing check, 2 is a command that cannot be understood.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from typer._click.exceptions import ClickException

from xiaobao import __version__
from xiaobao.cli import usage
from xiaobao.cli.commands import COMMANDS
from xiaobao.cli.output import LANGUAGES, choose_language, say

if TYPE_CHECKING:
    from collections.abc import Sequence


# Typer turns Ctrl-C into this status and says nothing.
STOPPED = 130


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
    usage.lay_out_help()
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
        status = build(command)(list(arguments), prog_name="xiaobao", standalone_mode=False)
    except ClickException as trouble:
        return usage.end(trouble)
    except SystemExit as done:
        return _status_of(done)
    except KeyboardInterrupt:
        return _stopped()
    except Exception as trouble:  # noqa: BLE001  the outermost frame of a door
        from xiaobao.cli import ending

        return ending.end(trouble, as_json="--json" in arguments)
    # What a command returns is nothing; what is returned for it is how it ended early.
    return _stopped() if status == STOPPED else int(status or 0)


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
    return done.code if isinstance(done.code, int) else int(done.code is not None)


def _stopped() -> int:
    from xiaobao.cli import ending

    return ending.end_stopped()


def main() -> None:
    """The entry point of the `xiaobao` program."""
    sys.exit(run_command(sys.argv[1:]))
