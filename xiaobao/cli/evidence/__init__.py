"""`xiaobao evidence`: hand in, list, show, prove, hold; seal the log, check all of it."""

from __future__ import annotations

import typer

from xiaobao.cli.evidence import log, pieces

app = typer.Typer(
    help="证据：提交、查看、证明、保全、封存、检查 · add, show, prove, hold, seal, check",
    no_args_is_help=True,
)
for one in (pieces.app, log.app):
    app.registered_commands.extend(one.registered_commands)
