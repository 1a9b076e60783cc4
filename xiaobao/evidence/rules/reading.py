"""The text in pictures, read by an extra (`xiaobao[evidence]`); without it nothing is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.evidence.rules.images import opened_upright
from xiaobao.evidence.rules.masking import has_personal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.evidence.facts import Media
    from xiaobao.kernel.contents import Content

# Below this the reader guesses.
_LEAST_SCORE = 0.5


@dataclass(frozen=True)
class Line:
    """One line of text and where it stands: left, top, right, bottom as shares of the whole."""

    words: str
    box: tuple[float, float, float, float]


def is_installed() -> bool:
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@lru_cache(maxsize=1)
def _reader() -> Any:
    """The models come in the wheel: nothing is fetched."""
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error"})


def lines_in(body: bytes | Content, media: Media) -> list[Line]:
    """What stands written in a picture, from top to bottom; nothing where no reader is there."""
    if not is_installed():
        return []
    picture = opened_upright(body, media)
    wide, high = picture.size
    found = _reader()(np.asarray(picture)[:, :, ::-1])
    if found.boxes is None:
        return []
    return [
        Line(words, _share(corners, wide, high))
        for words, corners, score in zip(found.txts, found.boxes, found.scores, strict=True)
        if score >= _LEAST_SCORE
    ]


def _share(corners: Any, wide: int, high: int) -> tuple[float, float, float, float]:
    across, down = np.asarray(corners, np.float64).T
    return (
        float(across.min() / wide), float(down.min() / high),
        float(across.max() / wide), float(down.max() / high),
    )  # fmt: skip


def personal_boxes(lines: Iterable[Line]) -> list[tuple[float, float, float, float]]:
    """Where personal data stands written."""
    return [line.box for line in lines if has_personal(line.words)]
