"""`xiaobao verify`: what the platform signed, checked offline, without house or network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import Moment, now
from xiaobao.cli.output import Json, print_json, print_pairs, say
from xiaobao.kernel.contents import content_of, in_file
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.rules.dossiers import Checked
    from xiaobao.evidence.rules.notes import Verifier
    from xiaobao.kernel.contents import Content

app = typer.Typer()
# A label begins with a brace, after blanks if any.
_HEAD_BYTES = 64
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


class LabelKeyMissing(Problem):
    """Whoever signed a label cannot be told from the label."""

    code = "label_key_missing"
    status = 422
    zh = "--key：标签与报告不带公钥；请给出平台公布的公钥（见 /label-key.txt）"
    en = "--key: labels and reports bring no key; give the one published (see /label-key.txt)"


@app.command()
def verify(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="卷宗、标签、报告、监管包 · what was signed"),
    ],
    *,
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY",
                     help="信任的公钥、其文件或指纹 · a key to trust, its file or fingerprint"),
    ] = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """离线核对平台签名的文件 · check what the platform signed; names the first thing wrong"""
    from xiaobao.evidence.rules.dossiers import DossierRefused, check, kind_of
    from xiaobao.trust.facts import PACK_FORMAT

    given = [_key(key) for key in keys or []]
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
            # A pipe is read once, and so is a label; a dossier where it lies.
            rest = b"" if file.is_file() else opened.read()
        body = in_file(file) if file.is_file() else content_of(head + rest)
    except OSError as trouble:
        raise DossierUnreadable(file=file, reason=trouble.strerror) from trouble
    if head.lstrip()[:1] == b"{":
        moment = now() if at is None else at
        _verify_statement(body.whole(), _verifiers(given), moment, as_json=as_json)
        return
    if kind_of(body) == PACK_FORMAT:
        _verify_pack(body, given, as_json=as_json)
        return
    try:
        checked = check(body, _trusted(given))
    except DossierRefused as wrong:
        _refuse(wrong.piece, wrong.zh, wrong.en, as_json=as_json)
    _refuse_strange(given, checked.key, checked.fingerprint, as_json=as_json)
    _print(checked, is_known=bool(given), as_json=as_json)


def _verifiers(given: list[Verifier | str]) -> list[Verifier]:
    return [key for key in given if not isinstance(key, str)]


def _trusted(given: list[Verifier | str]) -> list[Verifier]:
    """Keys that one must have signed with; where a fingerprint is named, it is compared after."""
    verifiers = _verifiers(given)
    return verifiers if len(verifiers) == len(given) else []


def _refuse_strange(
    given: list[Verifier | str], key: str, fingerprint: str, *, as_json: bool
) -> None:
    """Where fingerprints are named, the archive's own key is one of them, or of the keys named."""
    marks = [one for one in given if isinstance(one, str)]
    if marks and fingerprint not in marks and key not in map(str, _verifiers(given)):
        strange = DossierKeyStrange(fingerprint=fingerprint, expected=", ".join(marks))
        _refuse("key.txt", strange.says("zh"), strange.says("en"), as_json=as_json)


def _verify_pack(body: Content, given: list[Verifier | str], *, as_json: bool) -> None:
    """A regulator's pack: every file of it is as it was signed."""
    from xiaobao.evidence.rules.dossiers import DossierRefused, fingerprint_of, open_archive
    from xiaobao.trust.facts import PACK_FORMAT

    try:
        manifest, verifier, files = open_archive(body, _trusted(given), PACK_FORMAT)
        about = manifest["about"]
        told = [about[name] for name in ("market", "quarter", "at")]
    except DossierRefused as wrong:
        _refuse(wrong.piece, wrong.zh, wrong.en, as_json=as_json)
    except (KeyError, TypeError) as trouble:
        _refuse("manifest.json", f"缺少 {trouble}", f"without {trouble}", as_json=as_json)
    fingerprint = fingerprint_of(verifier)
    _refuse_strange(given, str(verifier), fingerprint, as_json=as_json)
    if as_json:
        print_json({
            "ok": True, "about": about, "key": str(verifier), "fingerprint": fingerprint,
            "names": [one.name for one in files], "is_key_known": bool(given),
        })  # fmt: skip
        return
    print(say(zh="完好：每一字节都是签名时的", en="sound: every byte is as it was signed"))
    print_pairs([
        (say(zh="监管包", en="regulator's pack"), f"{told[1]} · {told[0]}"),
        (say(zh="时间", en="made at"), told[2]),
        (say(zh="文件", en="files"), len(files)),
        (say(zh="公钥指纹", en="key's fingerprint"), fingerprint),
    ])  # fmt: skip
    _print_own_key(is_known=bool(given))


def _verify_statement(
    body: bytes, verifiers: list[Verifier], at: datetime, *, as_json: bool
) -> None:
    """A label or a report: neither brings its key."""
    from xiaobao.trust.facts import REPORT_FORMAT

    if not verifiers:
        raise LabelKeyMissing
    if REPORT_FORMAT.encode() in body:
        _verify_report(body, verifiers, as_json=as_json)
    else:
        _verify_label(body, verifiers, at, as_json=as_json)


def _verify_report(body: bytes, verifiers: list[Verifier], *, as_json: bool) -> None:
    """A quarterly report, or a correction of one: good for ever."""
    from xiaobao.trust.facts import REPORT_FORMAT
    from xiaobao.trust.rules import LONGEST_REPORT, LabelRefused, opened

    try:
        report, key = opened(body, verifiers, REPORT_FORMAT, LONGEST_REPORT)
        about = [report[name] for name in ("quarter", "market", "made_at", "number")]
    except LabelRefused as wrong:
        _refuse("report.json", wrong.zh, wrong.en, as_json=as_json)
    except KeyError as trouble:
        _refuse("report.json", f"缺少 {trouble}", f"without {trouble}", as_json=as_json)
    if as_json:
        print_json({"ok": True, "key": key, "report": report})
        return
    print(say(zh="完好：内容是签名时的", en="sound: it says what was signed"))
    print_pairs([
        (say(zh="季度", en="quarter"), f"{about[0]} · {about[1]}"),
        (say(zh="时间", en="made at"), about[2]),
        (say(zh="第几份", en="number"), about[3]),
        (say(zh="公钥", en="key"), key),
    ])  # fmt: skip


def _verify_label(body: bytes, verifiers: list[Verifier], at: datetime, *, as_json: bool) -> None:
    """A label does not bring its key: what it says is as good as the key that its reader knows."""
    from xiaobao.trust.rules import LabelRefused, checked

    try:
        found = checked(body, verifiers, at=at)
    except LabelRefused as wrong:
        _refuse("label.json", wrong.zh, wrong.en, as_json=as_json)
    label = found.label
    if found.is_expired:
        _refuse(
            "label.json", f"已过有效期 {label['valid_until']}；请重新下载",
            f"it was valid until {label['valid_until']}; fetch it again", as_json=as_json,
        )  # fmt: skip
    if as_json:
        print_json({"ok": True, "key": found.key, "label": label})
        return
    kept, deposit = label["kept"], label["deposit"]
    well = f"{kept['orders'] - kept['broken']}/{kept['orders']}"
    print(say(zh="完好：内容是签名时的", en="sound: it says what was signed"))
    print_pairs(
        [
            (say(zh="店铺", en="shop"), label["shop"]),
            (say(zh="时间", en="made at"), label["at"]),
            (say(zh="可用保证金与应缴之比", en="deposit available, of what is required"),
             f"{deposit['headroom_percent']} %"),
            (say(zh="承诺兑现率至少", en="promises kept, at least"),
             f"{kept['least_bps'] / 100:g} % ({well})"),
            (say(zh="公钥", en="key"), found.key),
        ]
    )  # fmt: skip


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
    _print_own_key(is_known=is_known)


def _print_own_key(*, is_known: bool) -> None:
    if not is_known:
        print(
            say(
                zh="公钥取自档案自身：请与平台公布的公钥核对（--key）",
                en="the key is the archive's own: compare it with the one published (--key)",
            )
        )
