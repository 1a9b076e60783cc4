"""`xiaobao claims`: file, answer, offer, show evidence, withdraw, rule, appeal; show, list."""

from __future__ import annotations

import typer

from xiaobao.cli.claims import asking, exporting, moving, ruling, showing

app = typer.Typer(
    help="维权：提出、答复、协商、举证、裁决、申诉、查看 · file, answer, rule, appeal, show",
    no_args_is_help=True,
)
for one in (asking.app, moving.app, ruling.app, showing.app, exporting.app):
    app.registered_commands.extend(one.registered_commands)
