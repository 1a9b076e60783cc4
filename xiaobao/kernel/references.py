"""References: stable 63-bit ids from outside names, and time-ordered keys that name a cause.

The same name gives the same id on every machine and in every year, so no look-up is needed before
a fact is stored, and nothing is counted centrally. Two names that meet in one id (a chance of
about one in two hundred thousand among ten million of one seller's) are told apart by the name
kept beside the id, and refused at the door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int

U64 = np.uint64
_M1, _M2, _STEP = U64(0xBF58476D1CE4E5B9), U64(0x94D049BB133111EB), U64(0x9E3779B97F4A7C15)
_ID_MASK = U64(0x7FFF_FFFF_FFFF_FFFF)
# The same as Python's own numbers: of one row alone they are ten times as quick as arrays are.
_ALL = 2**64 - 1
_ONE_M1, _ONE_M2, _ONE_STEP = int(_M1), int(_M2), int(_STEP)


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele, Lea, Flood, 2014): a bijection that scatters every bit."""
    x = (x ^ (x >> U64(30))) * _M1
    x = (x ^ (x >> U64(27))) * _M2
    return x ^ (x >> U64(31))


def _mix_one(x: int) -> int:
    """As `_mix`, of one number."""
    x = ((x ^ (x >> 30)) * _ONE_M1) & _ALL
    x = ((x ^ (x >> 27)) * _ONE_M2) & _ALL
    return x ^ (x >> 31)


class Part(NamedTuple):
    """A part of all sellers: those whose id leaves `number` when divided by `of`."""

    number: int
    of: int


EVERYBODY = Part(0, 1)


def ids_of(names: Sequence[str] | pa.Array | pa.ChunkedArray) -> Int:
    """Ids of many names at once: eight bytes a step, no Python object per row."""
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    array = names if isinstance(names, pa.Array) else pa.array(list(names), pa.large_string())
    array = array.cast(pa.large_string())
    count = len(array)
    if count == 0:
        return np.zeros(0, np.int64)
    assert array.null_count == 0, "a name may not be missing"
    if count == 1:
        return np.array([id_of(array[0].as_py())])
    buffers = array.buffers()
    offsets = np.frombuffer(buffers[1], np.int64)[array.offset : array.offset + count + 1]
    body = np.frombuffer(buffers[2] or b"", np.uint8)
    lengths = np.diff(offsets)
    words = int(-(-int(lengths.max()) // 8)) if count else 0
    state = _mix(lengths.astype(np.uint64) + _STEP)
    padded = np.concatenate([body[: int(offsets[-1])], np.zeros(8, np.uint8)])
    for word in range(words):
        here = np.flatnonzero(lengths > word * 8)
        start = offsets[here] + word * 8
        chunk = padded[start[:, None] + np.arange(8)]
        left = lengths[here] - word * 8
        chunk = np.where(np.arange(8) < left[:, None], chunk, 0).astype(np.uint8)
        value = np.ascontiguousarray(chunk).view("<u8").reshape(-1)
        state[here] = _mix(state[here] * _STEP + value + U64(1))
    return (state & _ID_MASK).astype(np.int64)


def id_of(name: str) -> int:
    """As `ids_of`, of one name."""
    body = name.encode()
    state = _mix_one((len(body) + _ONE_STEP) & _ALL)
    for start in range(0, len(body), 8):
        value = int.from_bytes(body[start : start + 8], "little")
        state = _mix_one((state * _ONE_STEP + value + 1) & _ALL)
    return state & int(_ID_MASK)


def causes_of(kind: int, moment_us: Int, *parts: Int) -> tuple[Int, Int]:
    """Keys that name causes, as the two halves of a UUID version 8.

    The first 48 bits are the cause's own moment in milliseconds since 1970 UTC, so keys of
    neighbouring causes lie together; the rest is made of `kind`, the moment and the parts. A
    cause told twice has one key.
    """
    moment = np.asarray(moment_us, np.int64)
    if moment.size == 1 and all(np.size(part) == 1 for part in parts):
        high_one, low_one = cause_of(kind, moment.item(), *(np.asarray(p).item() for p in parts))
        return np.array([high_one]), np.array([low_one])
    one = _mix(moment.astype(np.uint64) + np.array([kind], np.uint64) * _STEP)
    two = _mix(one + _STEP)
    for part in parts:
        value = np.asarray(part).astype(np.int64).astype(np.uint64)
        one = _mix(one * _STEP + value + U64(1))
        two = _mix(two * _M1 + value + _STEP)
    milliseconds = (moment // 1000).astype(np.uint64) & U64(0xFFFF_FFFF_FFFF)
    high = (milliseconds << U64(16)) | U64(0x8000) | (one & U64(0x0FFF))
    low = U64(1 << 63) | (two & U64(0x3FFF_FFFF_FFFF_FFFF))
    return high.view(np.int64), low.view(np.int64)


def cause_of(kind: int, moment_us: int, *parts: int) -> tuple[int, int]:
    """One key; see `causes_of`."""
    one = _mix_one(((moment_us & _ALL) + kind * _ONE_STEP) & _ALL)
    two = _mix_one((one + _ONE_STEP) & _ALL)
    for part in parts:
        value = part & _ALL
        one = _mix_one((one * _ONE_STEP + value + 1) & _ALL)
        two = _mix_one((two * _ONE_M1 + value + _ONE_STEP) & _ALL)
    milliseconds = (moment_us // 1000) & 0xFFFF_FFFF_FFFF
    high = (milliseconds << 16) | 0x8000 | (one & 0x0FFF)
    low = (1 << 63) | (two & 0x3FFF_FFFF_FFFF_FFFF)
    return _signed(high), _signed(low)


def _signed(word: int) -> int:
    return word - 2**64 if word >> 63 else word


def uuid_of(high: int, low: int) -> UUID:
    return UUID(int=((int(high) & (2**64 - 1)) << 64) | (int(low) & (2**64 - 1)))


def halves_of(key: UUID) -> tuple[int, int]:
    """The two signed halves of a UUID, as columns hold them."""
    pair = np.frombuffer(key.bytes, ">i8")
    return int(pair[0]), int(pair[1])


def digests_of(*parts: Int) -> Int:
    """Content hashes of rows, 64 bits each: equal parts in equal order give an equal digest."""
    if len(parts[0]) == 1:
        one = _ONE_STEP
        for part in parts:
            one = _mix_one((one * _ONE_STEP + (int(part[0]) & _ALL) + 1) & _ALL)
        return np.array([_signed(one)])
    state = np.full(len(parts[0]), _STEP)
    for part in parts:
        state = _mix(state * _STEP + part.astype(np.uint64) + U64(1))
    return state.view(np.int64)
