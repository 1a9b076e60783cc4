"""What is wrong with a file or with some of its rows, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.kernel.columns import Int

# How many bad rows are listed in a message; all of them are written to the file of rejected rows.
LISTED = 20
# How much of a bad value is repeated.
SHOWN = 60


@dataclass(frozen=True)
class Words:
    """One reason in both languages, with its fix."""

    zh: str
    en: str

    def says(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


SHOP_UNNAMED = Words(
    "没有一行写明店铺，未记录任何内容；请用 --seller 店铺名 指明是哪家店铺的，重新导入",
    "no line names the shop, and nothing was recorded; say whose it is with --seller SHOP, and "
    "import it again",
)


@dataclass(frozen=True)
class Fault:
    """Rows of a sheet in which one field is wrong for one reason."""

    field: str
    words: Words
    rows: Int  # positions in the sheet


@dataclass(frozen=True)
class Unread:
    """A line that could not be split into fields at all."""

    line: int
    words: Words
    raw: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class BadRow:
    """One bad row as it is told: its line, the first field that is wrong, and why."""

    line: int
    field: str
    value: str
    words: Words

    def says(self, language: str) -> str:
        shown = self.value if len(self.value) <= SHOWN else self.value[:SHOWN] + "…"
        what = f"{self.field} {shown!r}" if self.value else self.field
        line = f"第 {self.line} 行" if language.startswith("zh") else f"line {self.line}"
        head = f"{line}: {what}" if what else line
        return f"{head}: {self.words.says(language)}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "field": self.field,
            "value": self.value[:SHOWN],
            "problem": {"zh": self.words.zh, "en": self.words.en},
        }


class FileUnusable(Problem):
    """The file as a whole cannot be read; the base of the reasons."""

    code = "file_unusable"
    status: ClassVar[int] = 422
    zh = "{file}：{why_zh}"
    en = "{file}: {why_en}"

    def __init__(self, file: Path, words: Words, line: int | None = None) -> None:
        where_zh = f"第 {line} 行：" if line else ""
        where_en = f"line {line}: " if line else ""
        fields: dict[str, Any] = {"line": line} if line else {}
        super().__init__(
            file=file, why_zh=where_zh + words.zh, why_en=where_en + words.en, **fields
        )


class FileMissing(FileUnusable):
    code = "file_missing"


class FileNotWhatItSays(FileUnusable):
    """Another kind of file than its name says."""

    code = "file_not_what_it_says"


class FileCutOff(FileUnusable):
    code = "file_cut_off"


class WrongEncoding(FileUnusable):
    code = "wrong_encoding"


class WrongColumns(FileUnusable):
    code = "wrong_columns"


class ShopUnnamed(FileUnusable):
    """No line of the file says whose it is: one option says so for all of them."""

    code = "shop_unnamed"

    def __init__(self, file: Path) -> None:
        super().__init__(file, SHOP_UNNAMED)


class RowsRefused(Problem):
    """Some rows are wrong, so nothing of the file was recorded."""

    code = "rows_refused"
    status: ClassVar[int] = 422
    zh = (
        "{file}：{bad_rows} 行有误，未记录任何内容。\n{listed_zh}\n有误的行已写入 {rejected}。"
        "请改正后重新导入；或加 --partial 先导入其余各行，再导入改正后的行"
    )
    en = (
        "{file}: {bad_rows} rows are wrong; nothing was recorded.\n{listed_en}\nThe wrong rows "
        "are in {rejected}. Mend them and import again; or import the other rows with --partial "
        "first, and the mended ones after"
    )

    def __init__(self, file: Path, listed: list[BadRow], count: int, rejected: Path) -> None:
        self.rows = listed
        more = count - len(listed)
        zh = [row.says("zh") for row in listed] + ([f"……还有 {more} 行"] if more else [])
        en = [row.says("en") for row in listed] + ([f"… and {more} more"] if more else [])
        super().__init__(
            file=file,
            bad_rows=count,
            rejected=rejected,
            listed_zh="\n".join(f"  {row}" for row in zh),
            listed_en="\n".join(f"  {row}" for row in en),
        )

    def as_dict(self) -> dict[str, Any]:
        told = super().as_dict()
        del told["listed_zh"], told["listed_en"]
        return {**told, "rows": [row.as_dict() for row in self.rows]}
