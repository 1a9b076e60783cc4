"""`xiaobao import`: real orders in, each kind of file by its own command."""

from __future__ import annotations

import typer

from xiaobao.cli.imports import bills, olist, orders, platforms

app = typer.Typer()
for one in (orders.app, platforms.app, bills.app, olist.app):
    app.registered_commands.extend(one.registered_commands)
