"""Perceptual hashes: two pictures that look alike have hashes that differ in few bits.

pHash (low frequencies of a cosine transform against their median) finds the same picture scaled,
compressed or slightly recoloured; dHash (each pixel against its right neighbour) confirms it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.evidence.facts import Fingerprint
from xiaobao.evidence.rules.images import resized, upright_grey

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.evidence.facts import Media
    from xiaobao.kernel.contents import Content

BITS = 64
BANDS = 4
BAND_BITS = BITS // BANDS
# Below this spread of greys (of 255) there is nothing to compare: a wall, a black frame.
_FLAT_SPREAD = 4.0
_SIDE = 32
_LOW = 8


def _cosines() -> NDArray[np.float64]:
    """The lowest rows of the discrete cosine transform (DCT-II) of 32 samples."""
    rows, columns = np.arange(_LOW)[:, None], np.arange(_SIDE)[None, :]
    return np.cos(np.pi * (2 * columns + 1) * rows / (2 * _SIDE))


_COSINES = _cosines()


def fingerprint(body: bytes | Content, media: Media) -> Fingerprint:
    """Of a picture found whole."""
    picture = upright_grey(body, media)
    grey = np.asarray(resized(picture, _SIDE, _SIDE), np.float64)
    low = (_COSINES @ grey @ _COSINES.T).ravel()
    # The first is the mean brightness, which says nothing of the picture.
    phash = _packed(low > np.median(low[1:]))
    steps = np.asarray(resized(picture, 9, 8), np.int64)
    dhash = _packed((steps[:, 1:] > steps[:, :-1]).ravel())
    return Fingerprint(phash, dhash, bool(grey.std() < _FLAT_SPREAD))


def _packed(bits: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def bands_of(phash: int) -> tuple[int, ...]:
    """Four numbers of 16 bits: hashes that differ in at most three bits share one (pigeonhole)."""
    bits = phash & (2**BITS - 1)
    return tuple((bits >> BAND_BITS * place) & (2**BAND_BITS - 1) for place in range(BANDS))


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ."""
    differing: int = (one ^ other) & (2**BITS - 1)
    return differing.bit_count()
