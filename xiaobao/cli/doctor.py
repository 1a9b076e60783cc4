"""`xiaobao doctor`: what runs where, in which version; pending clocks; broken invariants."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import typer

from xiaobao import __version__
from xiaobao.cli.house import database_place, now, open_for_command
from xiaobao.cli.output import (
    Json,
    language,
    moment,
    moment_of_us,
    note,
    print_json,
    print_pairs,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer()
FAILING = 1
PACKAGES = ("django", "numpy", "psycopg", "pyarrow")
# With less than this the embedded database may soon have no room to write.
LITTLE_SPACE = 2 * 1024**3
BROKEN_SHOWN = 20
CLOCKS = {
    "orders": "履约",
    "claims": "维权",
    "hearings": "裁决",
    "deposits": "保证金",
    "lodgements": "缴存",
    "payouts": "赔付",
    "violations": "违规",
}


@app.command("doctor")
def doctor(*, as_json: Json = False) -> None:
    """检查运行状况 · look at what is running and whether the books are sound"""
    open_for_command()
    told = {
        "xiaobao": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "database": _database(),
        "home": _home(),
        "markets": _markets(),
        "sellers": _sellers(),
        "orders": _orders(),
        "payouts": _payouts(),
        "clocks": _clocks(),
        "figures_failing": _figures_failing(),
    }
    from xiaobao.work.checking import check_money

    broken = check_money()
    warnings = _warnings(told)
    if as_json:
        print_json({**told, "broken": broken, "warnings": warnings})
    else:
        print_pairs(_lines(told))
        for words in warnings:
            note(say(zh=f"注意：{words}", en=f"mind: {words}"))
        for one in broken[:BROKEN_SHOWN]:
            note(one.says(language()))
        note(_verdict(len(broken)))
    raise typer.Exit(FAILING if broken else 0)


def _verdict(broken: int) -> str:
    if broken:
        return say(
            zh=f"账本有 {broken} 处不变量被破坏",
            en=f"{broken} invariants of the ledger are broken",
        )
    return say(zh="账本的全部不变量成立", en="every invariant of the ledger holds")


def _database() -> dict[str, Any]:
    from xiaobao.database.connections import is_embedded
    from xiaobao.database.sets import fetch_rows

    [(server, size, role, started, users)] = fetch_rows(
        "SELECT current_setting('server_version'), pg_database_size(current_database()), "
        "current_user::text, pg_postmaster_start_time(), (SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid())"
    )
    [(migration,)] = fetch_rows("SELECT count(*) FROM django_migrations")
    return {
        "place": database_place(),
        "is_embedded": is_embedded(),
        "server_version": server,
        "bytes": size,
        "role": role,
        "started_at": started,
        "other_connections": users,
        "migrations": migration,
    }


def _home() -> dict[str, Any]:
    from xiaobao.database.places import places

    home = places().home
    return {
        "path": str(home),
        "free_bytes": shutil.disk_usage(home).free if home.exists() else None,
        "crash_files": sorted(file.name for file in home.glob("crash-*.log")),
    }


def _markets() -> list[dict[str, Any]]:
    from xiaobao.promises import queries

    latest = {pack.market_id: pack for pack in queries.packs()}
    return [
        {
            "name": market.name,
            "currency": market.currency,
            "zone": market.zone,
            "pack": latest[market.market_id].name,
            "pack_version": latest[market.market_id].version,
            "published_at": latest[market.market_id].published_at,
        }
        for market in queries.markets()
    ]


def _sellers() -> dict[str, int]:
    from xiaobao.sellers import queries

    return {state.name.lower(): count for state, count in queries.counts_by_standing().items()}


def _orders() -> Any:
    from xiaobao.orders import queries

    return queries.counts()


def _payouts() -> dict[str, int]:
    from xiaobao.advances import queries

    counts: dict[str, int] = {}
    for total in queries.payout_totals():
        state = total.state.name.lower()
        counts[state] = counts.get(state, 0) + total.count
    return counts


def _clocks() -> dict[str, Any]:
    """When each kind of clock runs out next, and whether that is already past."""
    from xiaobao.advances import queries as advances
    from xiaobao.claims import queries as claims
    from xiaobao.deposits import queries as deposits
    from xiaobao.hearings import queries as hearings
    from xiaobao.kernel.clocks import us_of
    from xiaobao.orders import queries as orders
    from xiaobao.violations import queries as violations

    asked: dict[str, Callable[[], int | None]] = {
        "orders": orders.next_due_us,
        "claims": claims.next_due_us,
        "hearings": hearings.next_due_us,
        "deposits": deposits.next_due_us,
        "lodgements": deposits.next_lodgement_query_us,
        "payouts": advances.next_due_us,
        "violations": violations.next_due_us,
    }
    now_us = us_of(now())
    clocks: dict[str, Any] = {}
    for name, next_due in asked.items():
        due = next_due()
        clocks[name] = {
            "next_due_at": None if due is None else moment_of_us(due),
            "is_due": due is not None and due <= now_us,
        }
    return clocks


def _figures_failing() -> list[dict[str, Any]]:
    """Figures over all of history that raise whenever they are reckoned."""
    from xiaobao.work.figures import failing_figures

    return [one._asdict() for one in failing_figures()]


def _warnings(told: dict[str, Any]) -> list[str]:
    warnings = []
    free = told["home"]["free_bytes"]
    if free is not None and free < LITTLE_SPACE:
        place = told["home"]["path"]
        warnings.append(
            say(zh=f"{place} 所在磁盘剩余空间不足 2 GiB", en=f"less than 2 GiB is free at {place}")
        )
    crashes = told["home"]["crash_files"]
    if crashes:
        warnings.append(
            say(zh=f"有 {len(crashes)} 个崩溃记录，最近的是 {crashes[-1]}",
                en=f"there are {len(crashes)} crash files, the latest is {crashes[-1]}")
        )  # fmt: skip
    due = [name for name, clock in told["clocks"].items() if clock["is_due"]]
    if due:
        warnings.append(
            say(zh=f"有到期未触发的时钟（{'、'.join(due)}）；请运行 `xiaobao run`",
                en=f"clocks are due ({', '.join(due)}); run `xiaobao run`")
        )  # fmt: skip
    for one in told["figures_failing"]:
        name, since, said = one["name"], moment(one["since_at"]), one["said"]
        warnings.append(
            say(zh=f"统计数“{name}”自 {since} 起无法重算：{said}",
                en=f"the figure '{name}' could not be reckoned since {since}: {said}")
        )  # fmt: skip
    return warnings


def _lines(told: dict[str, Any]) -> list[tuple[str, str]]:
    """What people read: one line per thing looked at."""
    database, home = told["database"], told["home"]
    orders = told["orders"]
    packages = ", ".join(f"{name} {number}" for name, number in told["packages"].items())
    lines = [
        ("xiaobao", f"{told['xiaobao']} · Python {told['python']} · {packages}"),
        (say(zh="数据库", en="database"), database["place"]),
        ("PostgreSQL", f"{database['server_version']} · {database['bytes'] / 1e6:,.1f} MB"),
        (say(zh="数据目录", en="home"), home["path"]),
        (
            say(zh="订单", en="orders"),
            say(
                zh=f"{orders.orders:,}；事实 {orders.facts:,}；有矛盾 {orders.orders_flagged:,}；"
                f"违约 {orders.breaches:,}；运行中的时钟 {orders.clocks_open:,}",
                en=f"{orders.orders:,}; facts {orders.facts:,}; flagged "
                f"{orders.orders_flagged:,}; breaches {orders.breaches:,}; clocks running "
                f"{orders.clocks_open:,}",
            ),
        ),
        (say(zh="卖家", en="sellers"), _counted(_in_words(told["sellers"]))),
        (say(zh="赔付", en="payouts"), _counted(told["payouts"])),
    ]
    for market in told["markets"]:
        words = (
            f"{market['pack']} {market['pack_version']} · {market['currency']} · {market['zone']}"
        )
        lines.append((say(zh=f"市场 {market['name']}", en=f"market {market['name']}"), words))
    for name, clock in told["clocks"].items():
        due = clock["next_due_at"] or say(zh="无", en="none")
        words = CLOCKS[name] if language() == "zh" else name
        lines.append((say(zh=f"下一个时钟：{words}", en=f"next clock: {words}"), due))
    return lines


def _in_words(standings: dict[str, int]) -> dict[str, int]:
    from xiaobao.sellers.facts import STANDING_WORDS, Standing

    words = {name: STANDING_WORDS[Standing[name.upper()]] for name in standings}
    return {say(zh=words[name][0], en=words[name][1]): n for name, n in standings.items() if n}


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "0"
