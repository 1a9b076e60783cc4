"""`xiaobao lab`: history written as columns, and a policy pack tried on all of it."""

import typer

from xiaobao.cli.lab.compare import compare
from xiaobao.cli.lab.export import export

app = typer.Typer(
    help="政策实验室：导出历史、比较规则包 · the lab: export history, compare packs over it",
    no_args_is_help=True,
)
app.command("export")(export)
app.command("compare")(compare)
