"""`xiaobao exits`: what is in the way and until when; apply, decide, follow."""

import typer

from xiaobao.cli.exits import leaving, showing

app = typer.Typer(
    help="退保：核对、申请、审核、查看 · exits: check, apply, decide, follow", no_args_is_help=True
)
for part in (leaving, showing):
    app.registered_commands += part.app.registered_commands
