"""A version's life: consulted on, announced, withdrawn, listed, downloaded."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_pairs, print_table, say
from xiaobao.cli.policy.naming import (
    ByWhom,
    InMarket,
    PackName,
    VersionName,
    moment_at,
    words_given,
)
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from xiaobao.promises.facts import Comment, Draft, PackState, Version

app = typer.Typer()
ToFolder = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="写到的文件夹 · the folder to write to")
]
Said = Annotated[str, typer.Argument(metavar="WORDS", help="要说的话 · the words")]


class FolderInUse(Problem):
    """Nothing that lies in a folder is written over."""

    code = "folder_in_use"
    zh = "文件夹 {folder} 里已有文件：换一个 --out"
    en = "the folder {folder} is not empty: give another --out"


def day_from(text: str) -> date:
    """:raises typer.BadParameter: where it is no date"""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as problem:
        raise typer.BadParameter(
            say(
                zh=f"{text!r} 不是日期；写 2026-05-01", en=f"{text!r} is no date: write 2026-05-01"
            )
        ) from problem


Day = Annotated[
    date | None,
    typer.Option(
        "--announced", parser=day_from, metavar="DATE", help="公示日 · the day announced"
    ),
]


@app.command()
def earliest(
    *,
    announced: Day = None,
    law: Annotated[str, typer.Option(help="法域 · the body of law: cn, example")] = "cn",
    zone: Annotated[str, typer.Option(help="时区 · the zone")] = "Asia/Shanghai",
    as_json: Json = False,
) -> None:
    """公示后最早的合法生效日 · the earliest lawful day of effect of what is announced"""
    from xiaobao.kernel.clocks import UnknownZone, zone_of
    from xiaobao.promises.packs import laws
    from xiaobao.promises.rules.notice import earliest_lawful, local_day
    from xiaobao.promises.rules.statutes import law_named

    if law not in laws():
        raise typer.BadParameter(", ".join(laws()), param_hint="--law")
    try:
        zone_of(zone)
    except UnknownZone as problem:
        raise typer.BadParameter(zone, param_hint="--zone") from problem
    day = local_day(moment_at(None), zone) if announced is None else announced
    under = law_named(law)
    rows: list[dict[str, Any]] = [
        {"is_major": is_major, "days": days, "earliest": earliest_lawful(day, days, zone),
         "law": dict(zip(("zh", "en"), under.cited(ref), strict=True))}
        for is_major, days, ref in (
            (False, under.notice_days, under.notice_law),
            (True, under.major_notice_days, under.major_notice_law),
        )
    ]  # fmt: skip
    if as_json:
        print_json({"announced": day, "earliest": rows})
        return
    print_pairs(
        (say(zh="重大变更", en="major") if r["is_major"] else say(zh="一般变更", en="ordinary"),
         say(zh=f"公示 {day}，{r['days']} 天，最早 {r['earliest']} 00:00 生效（{r['law']['zh']}）",
             en=f"announced {day}, {r['days']} days: {r['earliest']} 00:00 at the earliest "
             f"({r['law']['en']})"))
        for r in rows
    )  # fmt: skip


@app.command()
def consult(
    pack: PackName, *, by: ByWhom = "operator", at: Moment = None, as_json: Json = False
) -> None:
    """把检查通过的规则包交付征求意见 · put a pack that passes the linter to consultation"""
    open_for_command()
    from xiaobao.promises import acts

    _print_draft(acts.consult_on(pack, by=by, at=moment_at(at)), [], as_json=as_json)


@app.command()
def comment(
    version: VersionName,
    words: Said,
    *,
    by: ByWhom,
    market: InMarket = "cn",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """对征求意见中的版本提意见 · comment on a draft"""
    said = words_given(words)
    open_for_command()
    from xiaobao.promises import acts

    number = acts.comment_on(market, version, words=said, by=by, at=moment_at(at))
    if as_json:
        print_json({"version": version, "comment": number})
    else:
        print(say(zh=f"意见 {number}", en=f"comment {number}"))


@app.command()
def reply(
    comment: Annotated[
        int, typer.Argument(metavar="COMMENT", min=1, max=2**62, help="意见编号 · its number")
    ],
    words: Said,
    *,
    by: ByWhom = "operator",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """答复一条意见，只能一次 · answer a comment, once"""
    said = words_given(words)
    open_for_command()
    from xiaobao.promises import acts

    acts.reply_to(comment, words=said, by=by, at=moment_at(at))
    if as_json:
        print_json({"comment": comment, "reply": said.strip()})
    else:
        print(say(zh=f"已答复意见 {comment}", en=f"comment {comment} is answered"))


@app.command()
def consultation(version: VersionName, *, market: InMarket = "cn", as_json: Json = False) -> None:
    """一个版本的意见与答复 · the comments on a version, with their replies"""
    open_for_command()
    from xiaobao.promises import queries
    from xiaobao.promises.acts.consulting import DraftUnknown

    draft = queries.draft(market, version)
    if draft is None:
        raise DraftUnknown(version=version)
    _print_draft(draft, queries.comments_on(draft.draft_id), as_json=as_json)


def _print_draft(draft: Draft, comments: list[Comment], *, as_json: bool) -> None:
    if as_json:
        print_json({"draft": draft, "comments": comments})
        return
    print(
        say(
            zh=f"版本 {draft.version}：{moment(draft.opened_at)} 起征求意见（{draft.opened_by}）",
            en=f"version {draft.version}: consultation since {moment(draft.opened_at)} "
            f"({draft.opened_by})",
        )
    )
    if comments:
        print_table(
            ["#", say(zh="何人", en="who"), say(zh="意见", en="comment"),
             say(zh="答复", en="reply")],
            [[c.comment_id, c.said_by, c.words, c.reply] for c in comments],
        )  # fmt: skip


@app.command()
def announce(
    pack: PackName, *, by: ByWhom = "operator", at: Moment = None, as_json: Json = False
) -> None:
    """公示：到写明的日子生效，并逐个告知卖家 · announce it, and tell every seller what changes"""
    open_for_command()
    from xiaobao.promises import acts
    from xiaobao.promises import queries as promises
    from xiaobao.promises.packs import read_files
    from xiaobao.promises.rules.lint import lint_pack
    from xiaobao.sellers import queries as sellers
    from xiaobao.work import noticing

    where = promises.market(lint_pack(read_files(pack))[0].market)
    version = acts.announce_pack(
        pack, by=by, at=moment_at(at), sellers=sellers.market_sellers(where.market_id)
    )
    told = noticing.tell_announced(moment_at(at))
    comments = promises.comments_on(version.draft_id)
    if as_json:
        print_json({"version": version, "comments": comments, "sellers_told": told})
        return
    _print_versions([version])
    for one in version.why_major:
        print(say(zh=f"重大：{one['zh']}", en=f"major: {one['en']}"))
    print(
        say(zh=f"意见 {len(comments)} 条，均已答复", en=f"{len(comments)} comments, all answered")
    )
    print(say(zh=f"已逐个告知 {told} 个卖家", en=f"{told} sellers told what changes for them"))


@app.command()
def withdraw(
    version: VersionName,
    *,
    why: Annotated[str, typer.Option(metavar="WORDS", help="理由 · the reason")],
    by: ByWhom = "operator",
    market: InMarket = "cn",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """生效前撤回公示中的版本 · withdraw an announced version before it is in force"""
    reason = words_given(why)
    open_for_command()
    from xiaobao.promises import acts
    from xiaobao.sellers import acts as sellers

    found = acts.withdraw_pack(market, version, why=reason, by=by, at=moment_at(at))
    told = sellers.tell_of_withdrawal(found)
    if as_json:
        print_json({"version": found, "sellers_told": told})
        return
    _print_versions([found])
    print(say(zh=f"已告知 {told} 个卖家", en=f"{told} sellers told"))


@app.command()
def versions(*, market: InMarket = "cn", at: Moment = None, as_json: Json = False) -> None:
    """一个市场的全部版本，永久保存 · every version of a market's pack; all are kept"""
    open_for_command()
    from xiaobao.promises import queries

    where = queries.market(market)
    found = queries.versions(where.market_id, at=moment_at(at))
    drafts = queries.drafts(market)
    if as_json:
        print_json({"versions": found, "drafts": drafts})
        return
    _print_versions(found)
    waiting = [d for d in drafts if d.version not in {v.version for v in found}]
    for draft in waiting:
        _print_draft(draft, queries.comments_on(draft.draft_id), as_json=False)


def _print_versions(found: list[Version]) -> None:
    print_table(
        [say(zh="版本", en="version"), say(zh="状态", en="state"), say(zh="公示", en="announced"),
         say(zh="生效", en="in force from"), say(zh="重大", en="major"), "sha256",
         say(zh="撤回理由", en="withdrawn because")],
        [[f"{v.name}@{v.version}", _state(v.state), moment(v.announced_at) if v.announced_at else
          say(zh="首次发布", en="first publication"), moment(v.effective_at),
          say(zh="是", en="yes") if v.is_major else "", v.sha256[:12], v.why_withdrawn]
         for v in found],
    )  # fmt: skip


def _state(state: PackState) -> str:
    from xiaobao.promises.facts import STATE_WORDS

    zh, en = STATE_WORDS[state]
    return say(zh=zh, en=en)


@app.command()
def download(
    version: VersionName,
    *,
    out: ToFolder,
    market: InMarket = "cn",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """取回一个版本的文件，逐字节相同 · a version's files, byte for byte, and its announcement"""
    open_for_command()
    from xiaobao.promises import queries

    found = queries.version_named(market, version, at=moment_at(at))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderInUse(folder=out)
    out.mkdir(parents=True, exist_ok=True)
    files = queries.pack_files(found.pack_id)
    for name, text in files.items():
        (out / name).write_bytes(text.encode())
    told = {"version": found, "comments": queries.comments_on(found.draft_id)}
    (out / "announcement.json").write_text(_as_json(told), encoding="utf-8")
    if as_json:
        print_json({**told, "files": sorted(files), "folder": str(out)})
    else:
        print(say(zh=f"{len(files)} 个文件写到 {out}", en=f"{len(files)} files written to {out}"))


def _as_json(value: Any) -> str:
    from xiaobao.cli.output import plain

    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, indent=2) + "\n"
