"""From the text of a pack's files to a pack, and everything that is wrong on the way."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from xiaobao.kernel.clocks import UnknownZone, zone_of
from xiaobao.kernel.money import MINOR_DIGITS
from xiaobao.promises.facts import Agreement, Category, Clause, Finding, Pack
from xiaobao.promises.packs import laws
from xiaobao.promises.rules.files import Files
from xiaobao.promises.rules.tables import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_LAW = "cn"
GENERAL = Category("general", "", "通用", "general")
HEAD_FIELDS = (
    "name", "market", "version", "based_on", "law", "zone", "currency", "covers_from", "title",
    "notice", "agreement",
)  # fmt: skip
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def digest_of(files: Mapping[str, str]) -> str:
    """The content hash of a pack: every file's name and text, in order of name."""
    made = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode()):
            made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


def set_zone(files: Files, name: object) -> str:
    try:
        zone_of(str(name))
        files.zone = ZoneInfo(str(name))
    except UnknownZone:
        files.found(
            "unknown_zone", "pack.toml", 0, "zone",
            f"不认识时区“{name}”：写 IANA 名称，如 Asia/Shanghai",
            f"unknown zone '{name}': write an IANA name such as Asia/Shanghai",
        )  # fmt: skip
        return "UTC"
    return str(name)


def clauses(files: Files, market: str) -> tuple[Clause, ...]:
    made = []
    for row, given in files.entries("clauses.toml", "clauses"):
        ref = files.words("clauses.toml", row, given, "id")
        if ref and not ref.startswith(f"{market}."):
            files.found(
                "clause_name", "clauses.toml", row, "id",
                f"条款编号“{ref}”须以“{market}.”开头",
                f"clause '{ref}' must begin with '{market}.'",
            )  # fmt: skip
        fields = ("title_zh", "title_en", "zh", "en")
        files.only("clauses.toml", row, given, ("id", *fields))
        made.append(Clause(ref, *(files.words("clauses.toml", row, given, f) for f in fields)))
    only_once(files, "clauses.toml", "id", [c.ref for c in made])
    return tuple(made)


def categories(files: Files) -> tuple[Category, ...]:
    made = []
    for row, given in files.entries("categories.toml", "categories"):
        files.only("categories.toml", row, given, ("code", "parent", "zh", "en"))
        code = files.words("categories.toml", row, given, "code")
        zh, en = (files.words("categories.toml", row, given, f) for f in ("zh", "en"))
        parent = given.get("parent", "" if code == GENERAL.code else GENERAL.code)
        made.append(Category(code, str(parent), zh, en))
    codes = [c.code for c in made]
    only_once(files, "categories.toml", "code", codes)
    for row, category in enumerate(made, 1):
        if category.parent and category.parent not in codes[: row - 1]:
            files.found(
                "unknown_parent", "categories.toml", row, "parent",
                f"上级“{category.parent}”须写在本条之前",
                f"parent '{category.parent}' must stand before this entry",
            )  # fmt: skip
    if GENERAL.code not in codes:
        files.found(
            "missing_key", "categories.toml", 0, "code",
            "缺少 general：其他类目都归于它", "missing 'general', under which all others stand",
        )  # fmt: skip
    return tuple(made)


def sources(files: Files) -> dict[str, tuple[str, str]]:
    made = {}
    for row, given in files.entries("sources.toml", "sources"):
        files.only("sources.toml", row, given, ("id", "zh", "en"))
        ref = files.words("sources.toml", row, given, "id")
        zh = files.words("sources.toml", row, given, "zh")
        made[ref] = (zh, files.words("sources.toml", row, given, "en"))
    return made


def only_once(files: Files, file: str, field: str, names: list[str]) -> None:
    for row, name in enumerate(names, 1):
        if name and name in names[: row - 1]:
            files.found(
                "twice", file, row, field, f"“{name}”写了两次：删去一条",
                f"'{name}' stands twice: remove one",
            )  # fmt: skip


def agreement(files: Files, given: object) -> Agreement:
    version = ""
    if isinstance(given, dict):
        version = files.words("pack.toml", 0, given, "version")
    else:
        files.found(
            "missing_field", "pack.toml", 0, "agreement",
            "缺少 [agreement] version", "missing [agreement] version",
        )  # fmt: skip
    texts = {}
    for language in ("zh", "en"):
        file = f"agreement.{language}.md"
        texts[language] = files.texts.get(file, "")
        if not texts[language].strip():
            files.found(
                "missing_file", file, 0, "", f"缺少协议：新建 {file}",
                f"missing agreement: add {file}",
            )  # fmt: skip
    body = f"{texts['zh']}\0{texts['en']}"
    return Agreement(version, texts["zh"], texts["en"], hashlib.sha256(body.encode()).hexdigest())


def names(files: Files, head: Mapping[str, Any]) -> tuple[str, str, str]:
    """Name, market and version of the pack."""
    found = [files.words("pack.toml", 0, head, f) for f in ("name", "market", "version")]
    for field, value in zip(("name", "market"), found, strict=False):
        if value and not _NAME.fullmatch(value):
            files.found(
                "bad_name", "pack.toml", 0, field,
                f"“{value}”：用小写字母、数字、- 和 _",
                f"'{value}': lower-case letters, digits, - and _",
            )  # fmt: skip
    return found[0], found[1], found[2]


def currency_of(files: Files, given: object) -> str:
    if given not in MINOR_DIGITS:
        known = ", ".join(MINOR_DIGITS)
        files.found(
            "unknown_currency", "pack.toml", 0, "currency",
            f"不认识币种“{given}”，可用：{known}",
            f"unknown currency '{given}', known: {known}",
        )  # fmt: skip
    return str(given)


def law_of(files: Files, head: Mapping[str, Any]) -> str:
    """The body of law the pack is under; China's where it names none."""
    name = head.get("law", HOME_LAW)
    if name not in laws():
        files.found(
            "unknown_law", "pack.toml", 0, "law",
            f"不认识法域“{name}”，可用：{'、'.join(laws())}",
            f"unknown law '{name}', known: {', '.join(laws())}",
        )  # fmt: skip
        return HOME_LAW
    return str(name)


def titles(files: Files, given: object) -> tuple[str, str]:
    title = given if isinstance(given, dict) else {}
    words = {f"title_{language}": text for language, text in title.items()}
    return (
        files.words("pack.toml", 0, words, "title_zh"),
        files.words("pack.toml", 0, words, "title_en"),
    )


def read_pack(texts: Mapping[str, str]) -> tuple[Pack, list[Finding]]:
    """The pack in these files, and what could not be read in it."""
    files = Files(texts)
    head = files.toml("pack.toml")
    files.only("pack.toml", 0, head, HEAD_FIELDS)
    # The zone first: dates in the other files are read in it.
    zone = set_zone(files, head.get("zone"))
    name, market, version = names(files, head)
    title_zh, title_en = titles(files, head.get("title"))
    covers_from = files.moment("pack.toml", 0, "covers_from", head.get("covers_from", ""))
    pack = Pack(
        name=name, market=market, version=version, zone=zone,
        currency=currency_of(files, head.get("currency")),
        title_zh=title_zh, title_en=title_en, law=law_of(files, head),
        covers_from_us=covers_from or 0,
        agreement=agreement(files, head.get("agreement")),
        clauses=clauses(files, market), categories=categories(files),
        sources=sources(files), terms=tuple(tables(files)),
        files=dict(texts), sha256=digest_of(texts),
    )  # fmt: skip
    # Each is a fault of a draft alone: what came later is filled in for packs that stand.
    return pack, [*files.findings, *files.later]
