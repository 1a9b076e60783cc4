"""Problems: an act cannot be done now. Each has a stable code, words in zh and en, and fields."""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):  # noqa: N818
    """The base of every problem; subclasses live beside the act that raises them.

    `code` is stable and documented; `status` is the HTTP status a door answers with; `zh` and
    `en` are format strings over the fields and say what to do.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.says("en"))

    def says(self, language: str = "zh") -> str:
        words = self.en if language.startswith("en") else self.zh
        return words.format(**self.fields)

    def as_dict(self) -> dict[str, Any]:
        """For a door: RFC 9457 members."""
        return {
            "type": f"urn:xiaobao:problem:{self.code}",
            "code": self.code,
            "status": self.status,
            "title": {"zh": self.says("zh"), "en": self.says("en")},
            **{k: v if isinstance(v, int | bool) else str(v) for k, v in self.fields.items()},
        }
