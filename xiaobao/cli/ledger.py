"""`xiaobao ledger`: check every law of the books, total them, read one, write all of them out."""

from __future__ import annotations

import csv
from datetime import UTC
from pathlib import Path  # noqa: TC003  typer reads the annotation
from typing import TYPE_CHECKING, Annotated, Any, TextIO
from zoneinfo import ZoneInfo

import numpy as np
import typer

from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from xiaobao.ledger.facts import Account
    from xiaobao.ledger.queries import Line

app = typer.Typer(
    help="账本：检查、试算平衡、流水、导出 · the ledger: check, trial balance, statement, export",
    no_args_is_help=True,
)
FAILED = 1
COLUMNS = [
    "seller_id", "seq", "at", "currency", "op", "source", "target", "amount_minor",
    "source_after_minor", "target_after_minor", "why", "cause", "leg", "hold",
]  # fmt: skip


class BookUnknown(Problem):
    """No seller of that name has a book."""

    code = "ledger_book_unknown"
    status = 404
    zh = "seller：卖家“{seller}”没有账本；请核对名称，或先让其加入：xiaobao sellers enrol"
    en = (
        "seller: '{seller}' has no book; check the name, or enrol the seller: "
        "xiaobao sellers enrol"
    )


class FileNotWritable(Problem):
    """The file asked for cannot be written."""

    code = "file_not_writable"
    status = 422
    zh = "无法写入 {file}：{reason}；请换一个可写的位置"
    en = "cannot write {file}: {reason}; name a place that can be written to"


@app.command()
def check(*, as_json: Json = False) -> None:
    """检查账本的每条规律；有违反则以 1 结束 · check every law; ends with 1 where one is broken"""
    from xiaobao.work.checking import LAWS, check_money

    open_for_command()
    broken = check_money()
    if as_json:
        print_json({"ok": not broken, "laws": sorted(LAWS), "broken": broken})
    elif broken:
        print_table(
            [say(zh="规律", en="law"), say(zh="违反之处", en="what is broken")],
            [[b.law, say(zh=b.says("zh"), en=b.says("en"))] for b in broken],
        )
    else:
        count = len(LAWS)
        print(say(zh=f"账本无误：{count} 条规律全部成立", en=f"sound: all {count} laws hold"))
    if broken:
        raise typer.Exit(FAILED)


@app.command("trial-balance")
def trial_balance(*, as_json: Json = False) -> None:
    """各账户在全部账本中的合计 · each account summed over all books, by currency"""
    from xiaobao.ledger import queries

    open_for_command()
    rows = queries.trial_balance()
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, 0) + row.sum_minor
    if as_json:
        print_json({"accounts": rows, "total_minor": totals})
        return
    shown = [
        [row.currency, _account(row.account), str(row.books), money(row.sum_minor, row.currency)]
        for row in rows
    ]
    shown += [[c, say(zh="合计", en="total"), "", money(total, c)] for c, total in totals.items()]
    print_table(
        [say(zh="币种", en="currency"), say(zh="账户", en="account"), say(zh="账本", en="books"),
         say(zh="合计", en="sum")],
        shown,
    )  # fmt: skip


def _account(account: Account) -> str:
    from xiaobao.ledger.rules import account_words

    return account_words(account, say(zh="zh", en="en"))


def _account_named(text: str | None) -> Account | None:
    from xiaobao.ledger.facts import Account

    if text is None:
        return None
    names = [account.name.lower() for account in Account]
    if text.lower() not in names:
        raise typer.BadParameter(" | ".join(names), param_hint="--account")
    return Account[text.upper()]


@app.command()
def statement(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")],
    *,
    account: Annotated[
        str | None, typer.Option(metavar="ACCOUNT", help="只看一个账户 · one account only")
    ] = None,
    before: Annotated[
        int | None, typer.Option(metavar="SEQ", help="此序号之前 · lines before this number")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="行数 · how many lines")] = 50,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """一个卖家的账本，最近的在前 · a seller's book, newest line first"""
    from xiaobao.kernel.references import id_of
    from xiaobao.ledger import queries

    chosen = _account_named(account)
    open_for_command()
    seller_id = id_of(seller)
    currency = queries.currency_of(seller_id)
    if currency is None:
        raise BookUnknown(seller=seller)
    found = (
        queries.balances(np.array([seller_id]))
        if at is None
        else queries.balance_at(seller_id, at)
    ).as_dict()
    balances = {name: int(column[0]) for name, column in found.items() if name != "seller_id"}
    seq = balances.pop("seq")
    lines = queries.statement(
        seller_id, chosen, before if at is None else min(before or seq + 1, seq + 1), limit
    )
    if as_json:
        print_json({"seller": seller, "currency": currency, "seq": seq,
                    "balances_minor": balances, "lines": lines})  # fmt: skip
        return
    print_table(
        [say(zh="账户", en="account"), say(zh="余额", en="balance")],
        [[_account_shown(name), money(amount, currency)] for name, amount in balances.items()],
        title=seller,
    )
    print_table(*_shown(lines, chosen, currency))


def _account_shown(name: str) -> str:
    from xiaobao.ledger.facts import Account

    return _account(Account[name.upper()])


def _shown(
    lines: list[Line], account: Account | None, currency: str
) -> tuple[list[str], list[list[str]]]:
    """A statement as a table: of one account with its changes, of a book with both balances."""
    from xiaobao.ledger.rules import op_words, why_words

    language = say(zh="zh", en="en")
    head = ["#", say(zh="时间", en="at"), say(zh="事由", en="why"), say(zh="类型", en="kind"),
            say(zh="转出", en="from"), say(zh="转入", en="to")]  # fmt: skip
    rows = [
        [str(line.seq), moment(line.at), why_words(line.why, language),
         op_words(line.op, language), _account(line.source), _account(line.target)]
        for line in lines
    ]  # fmt: skip
    if account is None:
        head += [say(zh="金额", en="amount"), say(zh="转出后", en="from after"),
                 say(zh="转入后", en="to after")]  # fmt: skip
        amounts: list[tuple[int, ...]] = [
            (x.amount_minor, x.source_after, x.target_after) for x in lines
        ]
    else:
        head += [say(zh="变动", en="change"), say(zh="余额", en="balance")]
        amounts = [(x.change_minor or 0, x.after_minor or 0) for x in lines]
    return head, [
        [*row, *(money(part, currency) for part in parts)]
        for row, parts in zip(rows, amounts, strict=True)
    ]


@app.command()
def export(
    *,
    table: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="写成 CSV · the file, as CSV")
    ] = None,
    beancount: Annotated[
        Path | None,
        typer.Option(
            "--beancount", metavar="FILE", help="写成 Beancount · the file, as Beancount"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """全部分录写入 CSV 或 Beancount · every posting, by seller and number"""
    if (table is None) == (beancount is None):
        raise typer.BadParameter(
            say(zh="指定其一", en="name one of them"), param_hint="--csv | --beancount"
        )
    open_for_command()
    to = table or beancount
    assert to is not None, "one of the two was named"
    # The old file stands until the new one is whole.
    part = to.with_name(f"{to.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            count = _write_table(file) if table else _write_beancount(file)
        part.replace(to)
    except OSError as trouble:
        part.unlink(missing_ok=True)
        raise FileNotWritable(file=to, reason=trouble.strerror) from trouble
    if as_json:
        print_json({"file": str(to), "postings": count})
    else:
        print(say(zh=f"{count} 笔分录已写入 {to}", en=f"{count} postings written to {to}"))


def _write_table(file: TextIO) -> int:
    from xiaobao.ledger import queries

    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for rows in queries.all_postings():
        writer.writerows(_written(row) for row in rows)
        count += len(rows)
    return count


def _write_beancount(file: TextIO) -> int:
    from xiaobao.gateways.beancount import beancount_lines
    from xiaobao.ledger import queries
    from xiaobao.promises.queries import market_of
    from xiaobao.sellers.queries import markets_of, names_of

    count = 0

    def portions() -> Iterator[list[tuple[Any, ...]]]:
        nonlocal count
        for rows in queries.all_postings():
            count += len(rows)
            yield rows

    def owner_of(seller_id: int) -> tuple[str, tzinfo]:
        one = np.array([seller_id])
        name = names_of(one).get(seller_id, "")
        # A book whose seller is not known here has days of no market.
        return name, ZoneInfo(market_of(int(markets_of(one)[0])).zone) if name else UTC

    for line in beancount_lines(portions(), owner_of):
        print(line, file=file)
    return count


def _written(row: tuple[Any, ...]) -> list[Any]:
    from xiaobao.ledger.facts import Account, Op, Why

    seller, seq, at, currency, op, source, target, amount, *after, why, cause, leg, hold = row
    return [
        seller, seq, moment(at), currency, Op(op).name.lower(), Account(source).name.lower(),
        Account(target).name.lower(), amount, *after, Why(why).name.lower(), cause, leg,
        hold if hold.int else "",
    ]  # fmt: skip
