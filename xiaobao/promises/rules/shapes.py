"""What says how one table of a pack looks: its columns and what names a row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enum import IntEnum


class Keys(Enum):
    """What names a row inside its table."""

    NONE = auto()  # one row at a time
    WORDS = auto()  # one of a fixed list
    CATEGORY = auto()  # a code of `categories.toml`
    WORDS_CATEGORY = auto()  # a word of a list and a code of `categories.toml`: `word.code`


@dataclass(frozen=True)
class Format:
    """One table of a pack. Where `needs` names keys, each must be in force throughout."""

    zh: str
    en: str
    columns: tuple[str, ...]
    keys: Keys = Keys.NONE
    words: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("",)
    texts: tuple[str, ...] = ()
    may_lack: bool = False  # a pack without it says nothing of the matter

    @property
    def all_columns(self) -> tuple[str, ...]:
        return self.columns + self.texts


def names_of(words: type[IntEnum]) -> tuple[str, ...]:
    return tuple(word.name.lower() for word in words)


def pairs_of(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Keys that are a word of each list: `first.second`."""
    return tuple(f"{one}.{other}" for one in first for other in second)
