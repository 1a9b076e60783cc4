"""`xiaobao supervision`: shops by rate, signals, inspections, own clocks and quarterly report."""

from __future__ import annotations

import typer

from xiaobao.cli.supervision import inspecting, reporting, watching

app = typer.Typer(
    help="监管：违约率、信号、抽查、平台自身时限 · breach rates, signals, inspections, own clocks",
    no_args_is_help=True,
)
for one in (watching.app, inspecting.app, reporting.app):
    app.registered_commands.extend(one.registered_commands)
