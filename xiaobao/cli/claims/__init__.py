"""`xiaobao claims`: file, answer, offer, show evidence, withdraw, suspend; show one, list many."""

from __future__ import annotations

import typer

from xiaobao.cli.claims import asking, moving, showing

app = typer.Typer(
    help="维权：提出、答复、协商、举证、撤回、查看 · file, answer, offer, evidence, show, list",
    no_args_is_help=True,
)
for one in (asking.app, moving.app, showing.app):
    app.registered_commands.extend(one.registered_commands)
