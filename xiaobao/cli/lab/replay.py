"""`xiaobao lab replay`: all that rules decided, replayed and set beside what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from xiaobao.cli.house import open_for_command
from xiaobao.cli.lab.naming import MarketName, market_of
from xiaobao.cli.output import Json, print_json, print_table, say
from xiaobao.cli.progress import progress

if TYPE_CHECKING:
    from xiaobao.lab.happened.beside import Beside, Difference

DIFFERS = 1
SHOWN = 20


def replay(*, market: MarketName = None, as_json: Json = False) -> None:
    """用当时有效的规则包重算全部历史，与实际结果逐项比较；有差别则以 1 结束

    Replay all of history under the packs in force, and compare every outcome; 1 if any differs.
    """
    open_for_command()
    from xiaobao.database.sets import one_snapshot
    from xiaobao.lab.happened.beside import beside
    from xiaobao.lab.history.stored import StoredHistory

    name = market_of(market)
    with progress(say(zh="重算", en="replaying")) as tell, one_snapshot():
        counts, differences = beside(StoredHistory.of_size(name), progress=tell)
    is_same = all(one.differ == 0 for one in counts)
    if as_json:
        print_json({"ok": is_same, "outcomes": counts, "differences": differences})
    else:
        _print(counts, differences)
    if not is_same:
        raise typer.Exit(DIFFERS)


def _print(counts: list[Beside], differences: list[Difference]) -> None:
    print_table(
        [say(zh="由规则决定的结果", en="decided by rules"), say(zh="实际", en="happened"),
         say(zh="重算", en="replayed"), say(zh="相同", en="the same"),
         say(zh="不同", en="different")],
        [[say(zh=one.zh, en=one.en), f"{one.happened:,}", f"{one.replayed:,}", f"{one.same:,}",
          f"{one.differ:,}"] for one in counts],
    )  # fmt: skip
    for one in differences[:SHOWN]:
        was, becomes = one.happened, one.replayed
        print(
            say(
                zh=f"{one.outcome} {one.seller} {one.named}：实际 {was}，重算 {becomes}",
                en=f"{one.outcome} {one.seller} {one.named}: was {was}, replayed {becomes}",
            )
        )
    if not differences:
        print(say(zh="逐分相同", en="the same, to the last fen"))
