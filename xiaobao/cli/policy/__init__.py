"""`xiaobao policy`: packs shown, linted, compared; consulted on, announced, kept; and answered."""

from __future__ import annotations

import typer

from xiaobao.cli.policy import answering, lifecycle, packs

app = typer.Typer(
    help="规则包：查看、检查、比较、征求意见、公示、撤回、下载；影响、接受、反对 · "
    "policy packs: show, lint, diff, consult, announce, withdraw, download, accept, object",
    no_args_is_help=True,
)
for one in (packs.app, lifecycle.app, answering.app):
    app.registered_commands.extend(one.registered_commands)
