"""Packs as they are: list, show, lint, compare; and the first publication of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.output import Json, moment_of_us, print_json, print_table, say
from xiaobao.cli.policy.naming import PackName, read

if TYPE_CHECKING:
    from xiaobao.promises.facts import Finding, Term

app = typer.Typer()
REFUSED = 1


@app.command("list")
def list_packs(*, as_json: Json = False) -> None:
    """随附的与已发布的规则包 · packs shipped and packs published"""
    from xiaobao.promises import queries
    from xiaobao.promises.packs import shipped

    packs = [read(name)[0] for name in shipped()]
    open_for_command()
    published = queries.packs()
    if as_json:
        found = [
            {"name": p.name, "market": p.market, "version": p.version, "sha256": p.sha256,
             "title": {"zh": p.title_zh, "en": p.title_en}}
            for p in packs
        ]  # fmt: skip
        print_json({"shipped": found, "published": published})
        return
    print_table(
        [say(zh="名称", en="name"), say(zh="市场", en="market"), say(zh="版本", en="version"),
         say(zh="说明", en="title")],
        [[p.name, p.market, p.version, say(zh=p.title_zh, en=p.title_en)] for p in packs],
        title=say(zh="随附", en="shipped"),
    )  # fmt: skip
    print_table(
        ["id", say(zh="市场", en="market"), say(zh="名称", en="name"),
         say(zh="版本", en="version"), say(zh="发布于", en="published"), "sha256"],
        [[str(p.pack_id), p.market, p.name, p.version, p.published_at.isoformat(), p.sha256[:12]]
         for p in published],
        title=say(zh="已发布", en="published"),
    )  # fmt: skip


@app.command()
def show(
    pack: PackName,
    *,
    table: Annotated[
        str | None, typer.Option(metavar="TABLE", help="只看一张表 · one table only")
    ] = None,
    as_json: Json = False,
) -> None:
    """一个规则包的条款、出处与把握程度 · a pack's terms with clause, source and certainty"""
    asked, _ = read(pack)
    tables = sorted({t.table for t in asked.terms})
    if table is not None and table not in tables:
        raise typer.BadParameter(
            say(zh=f"没有表“{table}”，有：", en=f"no table '{table}', there are: ")
            + ", ".join(tables),
            param_hint="--table",
        )
    shown = [t for t in asked.terms if table in (None, t.table)]
    if as_json:
        print_json(
            {"name": asked.name, "market": asked.market, "version": asked.version,
             "zone": asked.zone, "currency": asked.currency, "sha256": asked.sha256,
             "terms": [_term(t) for t in shown]}
        )  # fmt: skip
        return
    for name in tables:
        rows = [t for t in shown if t.table == name]
        if rows:
            _print_terms(name, rows, asked.zone)


def _term(term: Term) -> dict[str, Any]:
    from xiaobao.kernel.columns import FAR_US

    return {
        "table": term.table, "key": term.key, "begins": moment_of_us(term.begins_us),
        "ends": None if term.ends_us == FAR_US else moment_of_us(term.ends_us),
        "values": term.values, "clause": term.clause,
        "source": term.source, "certainty": _certainty(term.certainty), "notes": term.notes,
    }  # fmt: skip


def _certainty(number: int) -> str:
    from xiaobao.promises.facts import Certainty

    return Certainty(number).name.lower()


def _print_terms(name: str, rows: list[Term], zone: str) -> None:
    """A line per number: what holds, since when, on what clause and whose word."""
    from xiaobao.promises.rules.formats import FORMATS, shown

    form = FORMATS[name]
    print_table(
        ["key", say(zh="起", en="begins"), say(zh="止", en="ends"), say(zh="列", en="column"),
         say(zh="值", en="value"), say(zh="条款", en="clause"), say(zh="出处", en="source"),
         say(zh="把握", en="certainty")],
        [
            [t.key, _day(t.begins_us, zone), _day(t.ends_us, zone), column, shown(column, value),
             *_note(t, column)]
            for t in rows for column, value in t.values.items()
        ],
        title=f"{name} · {say(zh=form.zh, en=form.en)}",
    )  # fmt: skip


def _day(moment_us: int, zone: str) -> str:
    """The moment on the pack's own wall clock, short where it is a midnight; empty where open."""
    from zoneinfo import ZoneInfo

    from xiaobao.kernel.clocks import moment_of
    from xiaobao.kernel.columns import FAR_US

    if moment_us == FAR_US:
        return ""
    return moment_of(moment_us).astimezone(ZoneInfo(zone)).isoformat().partition("T00:00:00")[0]


def _note(term: Term, column: str) -> list[str]:
    own = term.notes.get(column, {})
    return [
        own.get("clause", term.clause),
        own.get("source", term.source),
        own.get("certainty", _certainty(term.certainty)),
    ]


@app.command()
def lint(pack: PackName, *, as_json: Json = False) -> None:
    """检查规则包；有发现则以 1 结束 · check a pack; ends with 1 where anything is found"""
    asked, findings = read(pack)
    if as_json:
        print_json(
            {"pack": asked.name, "ok": not findings, "findings": [_finding(f) for f in findings]}
        )
    elif findings:
        print_table(
            [say(zh="文件", en="file"), say(zh="行", en="row"), say(zh="字段", en="field"),
             say(zh="问题与改法", en="what is wrong, and the fix")],
            [[f.file, str(f.row or ""), f.field, say(zh=f.zh, en=f.en)] for f in findings],
        )  # fmt: skip
    else:
        count = len(asked.terms)
        print(say(zh=f"没有问题：{count} 行条款", en=f"nothing is wrong: {count} rows of terms"))
    if findings:
        raise typer.Exit(REFUSED)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code, "file": finding.file, "row": finding.row, "field": finding.field,
        "zh": finding.zh, "en": finding.en, "law": finding.law,
    }  # fmt: skip


@app.command()
def diff(
    before: PackName,
    after: PackName,
    *,
    are_tables: Annotated[
        bool, typer.Option("--tables", help="逐行逐列 · row by row, column by column")
    ] = False,
    as_json: Json = False,
) -> None:
    """两个规则包的差异：用话说，或逐表列出 · what two packs say differently, in words or tables"""
    from xiaobao.promises.rules.changes import differences
    from xiaobao.promises.rules.comparing import Side, changes_of
    from xiaobao.promises.rules.telling import reworded, sentences

    old, new = read(before)[0], read(after)[0]
    found = differences(old.terms, new.terms)
    changes = changes_of(Side(old.terms, old.categories), Side(new.terms, new.categories))
    told = sentences(changes, new)
    words = reworded(old, new)
    if as_json:
        print_json(
            {"sentences": [
                {"table": c.table, "key": c.key, "begins": moment_of_us(c.begins_us),
                 "zh": zh, "en": en} for c, zh, en in told],
             "words": [{"what": what, "zh": zh, "en": en} for what, zh, en in words],
             "tables": [
                {"table": d.table, "key": d.key, "begins": moment_of_us(d.begins_us),
                 "column": d.column, "before": d.before, "after": d.after} for d in found]}
        )  # fmt: skip
        return
    for _, zh, en in (*told, *words):
        print(say(zh=zh, en=en))
    if not told and not words:
        print(say(zh="没有实质差异", en="they say the same"))
    if are_tables and found:
        print_table(
            [say(zh="表", en="table"), "key", say(zh="起", en="begins"), say(zh="列", en="column"),
             before, after],
            [[d.table, d.key, _day(d.begins_us, old.zone), d.column, d.before, d.after]
             for d in found],
        )  # fmt: skip


@app.command()
def publish(pack: PackName, *, as_json: Json = False) -> None:
    """首次发布；以后的变更用 announce · a market's first pack; later changes are announced"""
    from xiaobao.promises import acts

    open_for_command()
    row = acts.publish_pack(pack, at=now())
    if as_json:
        print_json(row)
        return
    since = row.published_at.isoformat()
    print(
        say(
            zh=f"市场 {row.market}：规则包 {row.name} {row.version}，发布于 {since}",
            en=f"market {row.market}: pack {row.name} {row.version}, published {since}",
        )
    )
