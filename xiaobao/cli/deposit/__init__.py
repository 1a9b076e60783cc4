"""`xiaobao deposit`: what is asked for and why, money in, cover, every posting."""

import typer

from xiaobao.cli.deposit import covering, money_in
from xiaobao.cli.deposit.money_in import minor_of

app = typer.Typer(
    help="保证金：核定、缴存、保险、查看、明细 · deposits: quote, lodge, cover, show, statement",
    no_args_is_help=True,
)
for part in (money_in, covering):
    app.registered_commands += part.app.registered_commands

__all__ = ["app", "minor_of"]
