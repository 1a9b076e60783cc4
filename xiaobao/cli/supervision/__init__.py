"""`xiaobao supervision`: shops by rate, signals, inspections, the platform's own clocks."""

from __future__ import annotations

import typer

from xiaobao.cli.supervision import inspecting, watching

app = typer.Typer(
    help="监管：违约率、信号、抽查、平台自身时限 · breach rates, signals, inspections, own clocks",
    no_args_is_help=True,
)
for one in (watching.app, inspecting.app):
    app.registered_commands.extend(one.registered_commands)
