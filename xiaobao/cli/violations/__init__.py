"""`xiaobao violations`: record, appeal, decide; list, show, points, and the public register."""

from __future__ import annotations

import typer

from xiaobao.cli.violations import doing, register, showing

app = typer.Typer(
    help="违规：记录、申诉、复核、查看、公示 · record, appeal, decide, show, register",
    no_args_is_help=True,
)
for one in (doing.app, showing.app, register.app):
    app.registered_commands.extend(one.registered_commands)
