"""`xiaobao lab`: history written as columns, and a policy pack tried on all of it."""

import typer

from xiaobao.cli.lab.compare import compare
from xiaobao.cli.lab.export import export
from xiaobao.cli.lab.replay import replay
from xiaobao.cli.lab.reports import reports

app = typer.Typer(
    help="政策实验室：导出、比较、重算历史 · the lab: history exported, packs compared, replayed",
    no_args_is_help=True,
)
app.command("export")(export)
app.command("compare")(compare)
app.command("replay")(replay)
app.command("reports")(reports)
