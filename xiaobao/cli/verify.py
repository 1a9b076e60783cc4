"""`xiaobao verify`: a dossier checked offline; needs no house, no database and no network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.output import Json, print_json, print_pairs, say
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from xiaobao.evidence.rules.dossiers import Checked
    from xiaobao.evidence.rules.notes import Verifier

app = typer.Typer()
REFUSED = 1
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


class DossierUnreadable(Problem):
    code = "dossier_unreadable"
    status = 422
    zh = "FILE：无法读取 {file}：{reason}；请核对路径与权限"
    en = "FILE: cannot read {file}: {reason}; check its path and rights"


class DossierKeyStrange(Problem):
    """The signature holds, under a key that is not the one the reader knows."""

    code = "dossier_key_strange"
    zh = "key.txt：签名公钥的指纹是 {fingerprint}，不是 --key 给出的 {expected}"
    en = "key.txt: signed by the key {fingerprint}, not by {expected} that --key names"


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="卷宗 · the dossier")],
    *,
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY",
                     help="信任的公钥、其文件或指纹 · a key to trust, its file or fingerprint"),
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """离线核对一份卷宗，指出第一处错误 · check a dossier offline; names the first thing wrong"""
    from xiaobao.evidence.rules.dossiers import DossierRefused, check

    given = [_key(key) for key in keys or []]
    marks = [key for key in given if isinstance(key, str)]
    verifiers = [key for key in given if not isinstance(key, str)]
    try:
        body = file.read_bytes()
    except OSError as trouble:
        raise DossierUnreadable(file=file, reason=trouble.strerror) from trouble
    try:
        checked = check(body, [] if marks else verifiers)
    except DossierRefused as wrong:
        _refuse(wrong.piece, wrong.zh, wrong.en, as_json=as_json)
    if marks and checked.fingerprint not in marks and checked.key not in map(str, verifiers):
        strange = DossierKeyStrange(fingerprint=checked.fingerprint, expected=", ".join(marks))
        _refuse("key.txt", strange.says("zh"), strange.says("en"), as_json=as_json)
    _print(checked, is_known=bool(given), as_json=as_json)


def _key(text: str) -> Verifier | str:
    """A public key, in so many words or in a file, or a fingerprint.

    :raises typer.BadParameter: where it is none of them
    """
    from xiaobao.evidence.rules.notes import NoteRefused, read_verifier

    if _FINGERPRINT.fullmatch(text):
        return text
    path = Path(text)
    try:
        return read_verifier(path.read_text(encoding="ascii") if path.is_file() else text)
    except (NoteRefused, OSError, ValueError) as trouble:
        raise typer.BadParameter(str(trouble), param_hint="--key") from trouble


def _refuse(piece: str, zh: str, en: str, *, as_json: bool) -> Any:
    if as_json:
        print_json({"ok": False, "piece": piece, "why": {"zh": zh, "en": en}})
    else:
        print(say(zh=f"不成立。{piece}：{zh}", en=f"not sound. {piece}: {en}"))
    raise typer.Exit(REFUSED)


def _print(checked: Checked, *, is_known: bool, as_json: bool) -> None:
    if as_json:
        shown = {name: getattr(checked, name) for name in type(checked).__dataclass_fields__}
        print_json({"ok": True} | shown | {"is_key_known": is_known})
        return
    about = checked.about
    print(say(zh="完好：每一字节都是签名时的", en="sound: every byte is as it was signed"))
    print_pairs(
        [
            (say(zh="维权", en="claim"), about["claim"]),
            (say(zh="卖家", en="seller"), about["seller"]),
            (say(zh="读者", en="made for"), about["reader"]),
            (say(zh="时间", en="made at"), about["at"]),
            (say(zh="文件", en="files"), len(checked.names)),
            (say(zh="证据", en="pieces of evidence"),
             say(zh=f"{checked.pieces}，其中原件 {checked.originals}",
                 en=f"{checked.pieces}, {checked.originals} of them originals")),
            (say(zh="案件链", en="entries of the chain"),
             say(zh=f"{checked.entries}，其中 {checked.entries_withheld} 项只给哈希",
                 en=f"{checked.entries}, {checked.entries_withheld} by their hashes alone")),
            (say(zh="日志大小", en="size of the log"), checked.log_size),
            (say(zh="公钥指纹", en="key's fingerprint"), checked.fingerprint),
        ]
    )  # fmt: skip
    if not is_known:
        print(
            say(
                zh="公钥取自卷宗自身：请与平台公布的公钥核对（--key）",
                en="the key is the dossier's own: compare it with the one published (--key)",
            )
        )
