"""`xiaobao sellers`: who joined, where they stand, what they promise; enrol and choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.names import NamesFile, names_given
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say
from xiaobao.cli.payees import print_payee_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.deposits.facts import DepositRow
    from xiaobao.sellers.facts import Completeness, Restriction, SellerRow, Standing

app = typer.Typer(
    help="卖家：加入、列出、查看、选择承诺、资料 · sellers: enrol, list, show, promises, profile",
    no_args_is_help=True,
)
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]


@app.command()
def enrol(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SELLER...", help="卖家名称 · sellers' names")
    ] = None,
    *,
    file: NamesFile = None,
    market: Annotated[str, typer.Option(help="市场 · the market")] = "cn",
    category: Annotated[
        str, typer.Option(metavar="CODE", help="类目代码 · the category's code")
    ] = "general",
    signed_by: Annotated[
        str, typer.Option(metavar="WHO", help="签署人 · who signs the agreement")
    ] = "operator",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """签署协议、给出基础承诺、首次核定保证金 · sign, promise the basics, quote the deposit"""
    given = names_given(names, file, "SELLER")
    open_for_command()
    from xiaobao.deposits import acts as deposits
    from xiaobao.deposits import queries as deposits_now
    from xiaobao.gateways.feeds.intake import market_of
    from xiaobao.sellers import acts, queries

    moment_at = now() if at is None else at
    where = market_of(market, at=moment_at)
    check_category(category, where.market_id)
    ids = acts.enrol_sellers(
        given, market_id=where.market_id, signed_by=signed_by, at=moment_at,
        categories=[category] * len(given),
    )  # fmt: skip
    deposits.quote_deposits(deposits_now.unquoted(ids), at=moment_at)
    rows = [queries.seller_named(name) for name in dict.fromkeys(given)]
    if as_json:
        print_json({"sellers": rows})
    else:
        _print_rows(rows)


def check_category(code: str, market_id: int) -> None:
    """:raises typer.BadParameter: where the market has no such category"""
    from xiaobao.promises import queries as promises

    known = [category.code for _, category in promises.categories(market_id)]
    if code not in known:
        raise typer.BadParameter(
            say(zh=f"没有类目“{code}”，有：", en=f"no category '{code}', there are: ")
            + ", ".join(known),
            param_hint="--category",
        )


@app.command("list")
def list_sellers(
    *,
    market: Annotated[str | None, typer.Option(help="市场 · one market only")] = None,
    standing: Annotated[
        str | None, typer.Option(help="状态，如 restricted · one standing only")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多 · at most")] = 100,
    as_json: Json = False,
) -> None:
    """卖家及其状态 · sellers by name and where they stand"""
    state = _standing_named(standing)
    open_for_command()
    from xiaobao.promises import queries as promises
    from xiaobao.sellers import queries

    market_id = None if market is None else promises.market(market).market_id
    rows = queries.sellers(market_id=market_id, state=state, limit=limit)
    counts = queries.counts_by_standing(market_id)
    if as_json:
        print_json({"counts": counts, "sellers": rows})
        return
    _print_rows(rows)
    print(
        "  ".join(f"{_standing(state)} {count}" for state, count in counts.items() if count)
        or say(zh="还没有卖家", en="no sellers yet")
    )


def _standing_named(name: str | None) -> Standing | None:
    from xiaobao.sellers.facts import Standing

    if name is None:
        return None
    known = {state.name.lower(): state for state in Standing}
    if name.lower() not in known:
        raise typer.BadParameter(", ".join(known), param_hint="--standing")
    return known[name.lower()]


@app.command()
def show(seller: SellerName, *, at: Moment = None, as_json: Json = False) -> None:
    """一个卖家的全部：状态、承诺、协议、资料、保证金 · all of one seller"""
    open_for_command()
    from xiaobao.deposits import queries as deposits
    from xiaobao.sellers import queries

    row = queries.seller_named(seller)
    shown: dict[str, Any] = {
        "seller": row,
        "history": queries.history_of(row.seller_id),
        "signatures": queries.signatures_of(row.seller_id),
        "promises": [_promise(p.promise, p.began_at, p.ended_at)
                     for p in queries.promises_of(row.seller_id)],
        "items_covered": queries.items_covered(row.seller_id),
        "profile": queries.profile_of(row.seller_id),
        "profile_complete": queries.profile_completeness(row.seller_id),
        "deposit": deposits.deposit_of(row.seller_id, at=now() if at is None else at),
    }  # fmt: skip
    if as_json:
        print_json(shown)
    else:
        _print_seller(shown)


def _promise(number: int, began_at: Any, ended_at: Any) -> dict[str, Any]:
    from xiaobao.promises.facts import Promise

    return {"promise": Promise(number), "began_at": began_at, "ended_at": ended_at}


@app.command()
def promises(
    seller: SellerName,
    chosen: Annotated[
        list[str], typer.Argument(metavar="PROMISE...", help="如 genuine · e.g. genuine")
    ],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """选择特色承诺，基础承诺自动保留 · choose the promises given beside the basic ones"""
    from xiaobao.promises.facts import Promise

    known = {promise.name.lower(): promise for promise in Promise}
    for name in chosen:
        if name.lower() not in known:
            raise typer.BadParameter(
                say(zh=f"没有承诺“{name}”，有：", en=f"no promise '{name}', there are: ")
                + ", ".join(known),
                param_hint="PROMISE",
            )
    open_for_command()
    from xiaobao.kernel.clocks import us_of
    from xiaobao.promises import queries as catalogue
    from xiaobao.sellers import acts, queries

    moment_at = now() if at is None else at
    row = queries.seller_named(seller)
    in_force = catalogue.promises_of(row.market_id, us_of(moment_at))
    basic = [p.promise for p in in_force if p.is_basic]
    wanted = {*basic, *(known[name.lower()] for name in chosen)}
    given = acts.choose_promises(row.seller_id, wanted, at=moment_at)
    if as_json:
        print_json({"seller": seller, "promises": given})
    else:
        print(", ".join(p.name.lower() for p in given))


@app.command()
def profile(
    seller: SellerName,
    *,
    parts: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=TEXT", help="如 phone=0571-1 · e.g. phone=0571-1"),
    ] = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """查看或填写店铺资料及其完整度 · the shop's profile and how complete it is"""
    changes = {}
    for part in parts or []:
        field, is_there, text = part.partition("=")
        if not is_there:
            raise typer.BadParameter(f"{part!r}: FIELD=TEXT", param_hint="--set")
        changes[field.strip()] = text.strip()
    open_for_command()
    from xiaobao.sellers import acts, queries

    row = queries.seller_named(seller)
    if changes:
        acts.update_profile(row.seller_id, changes, by="operator", at=now() if at is None else at)
    complete = queries.profile_completeness(row.seller_id)
    if as_json:
        print_json({"seller": seller, "profile": queries.profile_of(row.seller_id),
                    "complete": complete,
                    "payee_changes": queries.payee_changes(row.seller_id)})  # fmt: skip
        return
    _print_profile(queries.profile_of(row.seller_id), complete)
    print_payee_changes(queries.payee_changes(row.seller_id))


# -- printing ------------------------------------------------------------------------------------


def _standing(state: Standing) -> str:
    from xiaobao.sellers.facts import STANDING_WORDS

    zh, en = STANDING_WORDS[state]
    return say(zh=zh, en=en)


def _restrictions(causes: Sequence[Restriction]) -> str:
    from xiaobao.sellers.facts import RESTRICTION_WORDS

    return say(zh="、", en=", ").join(
        say(zh=zh, en=en) for zh, en in (RESTRICTION_WORDS[c] for c in causes)
    )


def _print_rows(rows: Sequence[SellerRow]) -> None:
    print_table(
        [say(zh="卖家", en="seller"), say(zh="状态", en="standing"), say(zh="原因", en="cause"),
         say(zh="类目", en="category"), say(zh="币种", en="currency"),
         say(zh="自", en="since")],
        [[row.name, _standing(row.state), _restrictions(row.restricted_by), row.category,
          row.currency, moment(row.since)] for row in rows],
    )  # fmt: skip


def _print_seller(shown: dict[str, Any]) -> None:
    from xiaobao.sellers.facts import EVENT_WORDS

    _print_rows([shown["seller"]])
    running = [p["promise"].name.lower() for p in shown["promises"] if p["ended_at"] is None]
    print(say(zh="承诺：", en="promises: ") + ", ".join(running))
    print(say(zh="消保商品：", en="covered items: ") + str(shown["items_covered"]))
    for signed in shown["signatures"]:
        print(
            say(zh="协议 ", en="agreement ")
            + f"{signed.version} ({signed.language}) {moment(signed.signed_at)} "
            + f"{signed.signed_by} sha256 {signed.text_sha256[:12]}"
        )
    print_table(
        ["#", say(zh="事件", en="event"), say(zh="状态", en="standing"), say(zh="时间", en="at")],
        [[h.seq, say(zh=EVENT_WORDS[h.event][0], en=EVENT_WORDS[h.event][1]),
          _standing(h.state), moment(h.happened_at)] for h in shown["history"]],
        title=say(zh="历史", en="history"),
    )  # fmt: skip
    _print_profile(shown["profile"], shown["profile_complete"])
    if shown["deposit"] is not None:
        _print_deposit(shown["deposit"])


def _print_profile(parts: dict[str, str], complete: Completeness) -> None:
    from xiaobao.sellers.facts import PROFILE_PARTS

    print_table(
        [say(zh="资料", en="profile"), ""],
        [[say(zh=part.zh, en=part.en), parts[part.field]] for part in PROFILE_PARTS],
    )
    missing = say(zh="、", en=", ").join(say(zh=part.zh, en=part.en) for part in complete.missing)
    print(
        say(zh="资料完整度 ", en="profile complete: ")
        + f"{complete.complete_bps / 100:g}%"
        + (say(zh="，缺少：", en=", missing: ") + missing if missing else "")
    )


def _print_deposit(page: DepositRow) -> None:
    print(
        say(zh="保证金：应缴 ", en="deposit: required ")
        + money(page.required_minor, page.currency)
        + say(zh="，可用 ", en=", available ")
        + money(page.available_minor, page.currency)
        + say(zh="，缺口 ", en=", short of ")
        + money(page.shortfall_minor, page.currency)
        + say(zh="，欠款 ", en=", debt ")
        + money(page.debt_minor, page.currency)
    )
