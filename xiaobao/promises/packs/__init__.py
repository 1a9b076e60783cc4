"""The packs and laws that come with the house, and how a folder of a pack becomes text."""

from __future__ import annotations

import tomllib
from pathlib import Path

from xiaobao.kernel.problems import Problem

SHIPPED = Path(__file__).parent
KINDS = {".toml", ".csv", ".md"}
LARGEST_BYTES = 1_000_000


class PackNotReadable(Problem):
    """A pack's folder cannot be read as one."""

    code = "pack_not_readable"
    status = 422
    zh = "规则包读不出来：{where}：{why_zh}"
    en = "the pack cannot be read: {where}: {why_en}"


def laws() -> list[str]:
    """The names of the laws that packs may be under."""
    return sorted(path.stem for path in SHIPPED.glob("laws/*.toml"))


def law_text(name: str) -> str:
    """The file of a law, as text.

    :raises KeyError: if there is no such law
    """
    if name not in laws():
        raise KeyError(name)
    return (SHIPPED / "laws" / f"{name}.toml").read_text("utf-8")


def later_text() -> str:
    """The file of what was added to tables after packs were published, as text."""
    return (SHIPPED / "later.toml").read_text("utf-8")


def shipped() -> list[str]:
    """The names of the packs that come with the house."""
    return sorted(folder.parent.name for folder in SHIPPED.glob("*/pack.toml"))


def read_files(name_or_path: str) -> dict[str, str]:
    """A pack's files as text, by name: those of the pack it is based on, then its own over them.

    :raises PackNotReadable: if there is no such pack, or a file is not UTF-8 or far too large
    """
    folder = Path(name_or_path)
    if name_or_path in shipped() and not folder.is_dir():
        folder = SHIPPED / name_or_path
    return _layered(folder, seen=[])


def _layered(folder: Path, seen: list[Path]) -> dict[str, str]:
    files = _texts(folder)
    try:
        base = tomllib.loads(files["pack.toml"]).get("based_on")
    except tomllib.TOMLDecodeError:
        return files  # the linter names the line
    if base is None:
        return files
    seen = [*seen, folder.resolve()]
    beneath = next(
        (f for f in (folder.parent / str(base), SHIPPED / str(base)) if _is_new(f, seen)), None
    )
    if beneath is None:
        raise PackNotReadable(
            where=folder / "pack.toml",
            why_zh=f"based_on 指的规则包“{base}”不存在或绕了圈；随附的有：{'、'.join(shipped())}",
            why_en=f"based_on names '{base}', which is missing or leads in a circle; shipped: "
            f"{', '.join(shipped())}",
        )
    below = _layered(beneath, seen)
    # A table may be a CSV file beneath and a TOML file above: the one above counts.
    stems = {_table(name) for name in files}
    return {n: t for n, t in below.items() if _table(n) not in stems} | files


def _table(name: str) -> str:
    return name if name.endswith(".md") else name.rpartition(".")[0]


def _is_new(folder: Path, seen: list[Path]) -> bool:
    return (folder / "pack.toml").is_file() and folder.resolve() not in seen


def _texts(folder: Path) -> dict[str, str]:
    if not (folder / "pack.toml").is_file():
        raise PackNotReadable(
            where=folder,
            why_zh=f"没有 pack.toml；给出规则包文件夹，或随附的名称：{'、'.join(shipped())}",
            why_en="no pack.toml there; give the folder of a pack, or the name of a shipped one: "
            + ", ".join(shipped()),
        )
    return {
        path.name: _text(path)
        for path in sorted(folder.iterdir())
        if path.suffix in KINDS and path.is_file() and not path.name.startswith(".")
    }


def _text(path: Path) -> str:
    body = path.read_bytes()
    if len(body) > LARGEST_BYTES:
        raise PackNotReadable(
            where=path,
            why_zh=f"大于 {LARGEST_BYTES} 字节",
            why_en=f"larger than {LARGEST_BYTES} bytes",
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = body[: problem.start].count(b"\n") + 1
        raise PackNotReadable(
            where=f"{path}:{line}",
            why_zh="不是 UTF-8 编码：另存为 UTF-8",
            why_en="not UTF-8: save it as UTF-8",
        ) from problem
    if "\0" in text:
        raise PackNotReadable(
            where=path,
            why_zh="含有 NUL 字符：不是文本文件",
            why_en="holds a NUL: it is no text file",
        )
    return text.replace("\r\n", "\n")
