"""The log: seal it, have it stamped, show it, prove a piece by it, check everything."""

from __future__ import annotations

import base64
from pathlib import Path  # noqa: TC003  typer reads the annotation
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from xiaobao.cli.evidence.pieces import CaseName, Number, SellerName, case_of
from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_table, say

if TYPE_CHECKING:
    from xiaobao.evidence.facts import PieceProof, Sealed, Stamp

app = typer.Typer()
FAILED = 1
STAMP_SECONDS = 30.0


@app.command()
def seal(
    *,
    tsa: Annotated[
        str | None,
        typer.Option("--tsa", metavar="URL", envvar="XIAOBAO_TSA_URL",
                     help="时间戳机构 · a timestamp authority"),
    ] = None,
    tsa_root: Annotated[
        Path | None,
        typer.Option("--tsa-root", metavar="FILE", envvar="XIAOBAO_TSA_ROOT",
                     help="其根证书（PEM） · its root certificate (PEM)"),
    ] = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """把新增的证据封入日志并签名 · put what is new into the log, and sign it"""
    if tsa is not None and (tsa_root is None or urlsplit(tsa).scheme not in ("http", "https")):
        raise typer.BadParameter(
            say(zh="--tsa 要写 http(s) 地址，并给出 --tsa-root",
                en="--tsa needs an http(s) address, and --tsa-root beside it"),
            param_hint="--tsa",
        )  # fmt: skip
    open_for_command()
    from xiaobao.evidence import acts

    moment_at = now() if at is None else at
    sealed = last = acts.seal(moment_at)
    added = sealed.added
    while last.added:
        sealed, last = last, acts.seal(moment_at)
        added += last.added
    stamp = None
    if tsa is not None and tsa_root is not None:
        stamp = _stamped(tsa, tsa_root, moment_at)
    if as_json:
        print_json({"added": added, "log": _shown(sealed), "stamp": stamp and _stamp(stamp)})
        return
    print(say(zh=f"新增 {added}，日志大小 {sealed.size}", en=f"added {added}, size {sealed.size}"))
    print(sealed.note, end="")


def _stamped(url: str, root: Path, at: Any) -> Stamp | None:
    from xiaobao.cli.evidence.pieces import FileUnreadable
    from xiaobao.evidence import acts

    try:
        certificate = root.read_bytes()
    except OSError as trouble:
        raise FileUnreadable(file=root, reason=trouble.strerror) from trouble
    return acts.stamp_log(
        lambda request: _post(url, request), authority=url, roots=[certificate], at=at
    )


def _post(url: str, request: bytes) -> bytes:
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    from xiaobao.evidence.acts import StampNotTaken
    from xiaobao.evidence.rules.timestamps import MEDIA_TYPE_ASKED

    asked = Request(url, request, {"Content-Type": MEDIA_TYPE_ASKED})  # noqa: S310  http(s) alone
    try:
        with urlopen(asked, timeout=STAMP_SECONDS) as answer:  # noqa: S310  checked above
            body: bytes = answer.read(1_000_000)
    except (URLError, OSError) as trouble:
        raise StampNotTaken(authority=url, reason=str(trouble)) from trouble
    return body


def _shown(sealed: Sealed) -> dict[str, Any]:
    return {"size": sealed.size, "root": sealed.root.hex(), "note": sealed.note}


def _stamp(stamp: Stamp) -> dict[str, Any]:
    token = base64.b64encode(stamp.token).decode()
    return {"authority": stamp.authority, "stamped_at": stamp.stamped_at, "token": token}


@app.command("log")
def show_log(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多 · at most")] = 20,
    as_json: Json = False,
) -> None:
    """日志的检查点与公钥 · the log's checkpoints, newest first, and its public key"""
    open_for_command()
    from xiaobao.evidence import queries

    rows, own = queries.checkpoints(limit), queries.log_key()
    if as_json:
        print_json({"key": None if own is None else str(own), "unsealed": queries.unsealed(),
                    "checkpoints": [_shown(sealed) | {
                        "added": sealed.added, "sealed_at": at,
                        "stamps": [_stamp(s) for s in queries.stamps_of(sealed.size)],
                    } for sealed, at in rows]})  # fmt: skip
        return
    print(say(zh="公钥：", en="public key: ") + (str(own) if own else "-"))
    print(say(zh="待封存的案件：", en="cases not sealed yet: ") + str(queries.unsealed()))
    print_table(
        [say(zh="大小", en="size"), say(zh="新增", en="added"), say(zh="时间", en="at"),
         say(zh="根", en="root"), say(zh="时间戳", en="stamps")],
        [[sealed.size, sealed.added, moment(at), sealed.root.hex(),
          ", ".join(moment(s.stamped_at) for s in queries.stamps_of(sealed.size))]
         for sealed, at in rows],
    )  # fmt: skip


@app.command()
def proof(seller: SellerName, number: Number, *, case: CaseName = None) -> None:
    """一件证据的证明（JSON），外人可自行核对 · what a stranger needs to check one piece (JSON)"""
    open_for_command()
    from xiaobao.evidence import queries
    from xiaobao.sellers.queries import seller_named

    seller_id = seller_named(seller).seller_id
    print_json(_proof(queries.proof_of(seller_id, case_of(seller_id, case), number)))


def _proof(made: PieceProof) -> dict[str, Any]:
    return {
        "entries": [
            {"seq": e.seq, "content": e.content.decode(), "previous": e.previous.hex(),
             "hash": e.hash.hex()} for e in made.entries
        ],
        "leaf": made.leaf.hex(), "leaf_index": made.leaf_index, "size": made.size,
        "path": [step.hex() for step in made.path], "root": made.root.hex(), "note": made.note,
        "verifier": made.verifier, "stamps": [_stamp(stamp) for stamp in made.stamps],
    }  # fmt: skip


@app.command()
def check(
    *,
    with_bytes: Annotated[
        bool, typer.Option("--bytes", help="也核对每个原件 · read every original, too")
    ] = False,
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY", help="信任的公钥 · a public key to trust"),
    ] = None,
    as_json: Json = False,
) -> None:
    """重算每条链和整个日志，有错以 1 结束 · recompute all; ends with 1 if anything is wrong"""
    from xiaobao.evidence.rules.notes import NoteRefused, read_verifier

    try:
        trusted = [read_verifier(key) for key in keys or []]
    except NoteRefused as trouble:
        raise typer.BadParameter(str(trouble), param_hint="--key") from trouble
    open_for_command()
    from xiaobao.evidence import queries

    broken = queries.check(with_bytes=with_bytes, trusted=trusted)
    laws = [law for law in queries.LAWS if with_bytes or law != "bytes"]
    if as_json:
        print_json({"ok": not broken, "laws": laws, "broken": broken})
    elif broken:
        print_table(
            [say(zh="规律", en="law"), say(zh="错处", en="what is wrong")],
            [[say(zh=queries.LAWS[b.law][0], en=queries.LAWS[b.law][1]),
              b.says(say(zh="zh", en="en"))] for b in broken],
        )  # fmt: skip
    else:
        count = len(laws)
        print(say(zh=f"证据无误：{count} 条规律全部成立", en=f"sound: all {count} laws hold"))
    if broken:
        raise typer.Exit(FAILED)
