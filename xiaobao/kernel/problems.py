"""Problems: an act cannot be done now. Each has a stable code, words in zh and en, and fields."""

from __future__ import annotations

import re
from typing import Any, ClassVar

# How words begin that are about one field, or about several: the first is where they stand.
_FIELDS_ZH = re.compile(r"([a-z_]+)(?:、[a-z_]+)* 字段：")
_FIELDS_EN = re.compile(r"([a-z_]+)(?:, [a-z_]+)*: ")
# Commands and their options, in brackets or a part of the sentence of their own: whoever reads a
# page has no shell, and presses what the page shows instead.
_COMMAND = r"(?:`?xiaobao [a-z]|--[a-z])"
_BRACKETED = re.compile(rf"(?:（[^（）]*{_COMMAND}[^（）]*）| ?\([^()]*{_COMMAND}[^()]*\))")
_PART = re.compile(rf"(?:[；;：，。]|, |: |\. )(?:(?![；;：，。,:])(?!\. ).)*{_COMMAND}.*")


class Problem(Exception):  # noqa: N818
    """The base of every problem; subclasses live beside the act that raises them.

    `code` is stable and documented; `status` is the HTTP status a door answers with; `zh` and
    `en` are format strings over the fields and say what to do. Where that is a command, `page_zh`
    and `page_en` say what to press instead.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    zh: ClassVar[str]
    en: ClassVar[str]
    page_zh: ClassVar[str] = ""
    page_en: ClassVar[str] = ""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.says("en"))

    def says(self, language: str = "zh") -> str:
        words = self.en if language.startswith("en") else self.zh
        return words.format(**self.fields)

    @property
    def about(self) -> str:
        """The field that its words begin with; none where it is about no field."""
        found = _FIELDS_ZH.match(self.says("zh"))
        return found[1] if found else ""

    def beside(self, language: str) -> str:
        """The words where they stand on a page, beside that field: neither it nor commands."""
        is_en = language.startswith("en")
        if pressed := self.page_en if is_en else self.page_zh:
            return pressed.format(**self.fields)
        words = _PART.sub("", _BRACKETED.sub("", self.en if is_en else self.zh))
        words = words.format(**self.fields)
        return (
            (_FIELDS_EN if is_en else _FIELDS_ZH).sub("", words, count=1) if self.about else words
        )

    def as_dict(self) -> dict[str, Any]:
        """For a door: RFC 9457 members."""
        return {
            "type": f"urn:xiaobao:problem:{self.code}",
            "code": self.code,
            "status": self.status,
            "title": {"zh": self.says("zh"), "en": self.says("en")},
            **{k: v if isinstance(v, int | bool) else str(v) for k, v in self.fields.items()},
        }
