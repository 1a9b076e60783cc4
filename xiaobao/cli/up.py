"""`xiaobao up`: the consoles on this machine, and every clock fired when it is due."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.house import open_for_command
from xiaobao.cli.output import Json  # noqa: TC001  typer reads the annotation

app = typer.Typer()
DEFAULT_PORT = 8868


@app.command()
def up(
    *,
    port: Annotated[
        int, typer.Option(min=1, max=65_535, help="端口 · port of the consoles")
    ] = DEFAULT_PORT,
    as_json: Json = False,
) -> None:
    """启动控制台，直到 Ctrl-C；--json 在可以访问时打印一行地址 · serve until Ctrl-C"""
    open_for_command()
    from xiaobao.cli.serving import serve

    serve(port, as_json=as_json)
