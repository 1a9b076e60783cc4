"""`xiaobao up`: the consoles on this machine, and every clock fired when it is due."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.house import open_for_command

app = typer.Typer()
DEFAULT_PORT = 8868


@app.command()
def up(
    *,
    port: Annotated[
        int, typer.Option(min=1, max=65_535, help="端口 · port of the consoles")
    ] = DEFAULT_PORT,
) -> None:
    """启动控制台，直到 Ctrl-C · serve the consoles until Ctrl-C"""
    open_for_command()
    from xiaobao.cli.serving import serve

    serve(port)
