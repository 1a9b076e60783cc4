"""`xiaobao hearings`: who waits for a ruling, what was ruled and why, the jury."""

from __future__ import annotations

import typer

from xiaobao.cli.hearings import jury, reports, showing

app = typer.Typer(
    help="裁决：队列、裁决与理由、大众评审 · the queue, rulings with reasons, the jury",
    no_args_is_help=True,
)
app.registered_commands.extend(showing.app.registered_commands)
app.registered_commands.extend(reports.app.registered_commands)
app.add_typer(jury.app, name="jury")
