"""Arrays as parameters and results: numpy columns as PostgreSQL arrays, no Python objects.

Integers, booleans and doubles travel as they are; moments as `us.view("M8[us]")` (int64
microseconds since 1970 UTC), UUIDs as `uuids(high, low)`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from xiaobao.kernel.columns import FAR_US, Int

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Microseconds between 1970-01-01 and PostgreSQL's own epoch, 2000-01-01, both UTC.
POSTGRES_EPOCH_US = 946_684_800_000_000
INFINITY = int(np.iinfo(np.int64).max)
# Dimensions, whether NULLs, element type, length, lower bound.
_HEAD = struct.Struct(">5i")
HEAD_BYTES = _HEAD.size
EMPTY_HEAD_BYTES = 12


def _row(wire: str) -> np.dtype[Any]:
    """One element: its length, then its bytes."""
    return np.dtype([("n", ">i4"), ("v", wire)])


# By kind of column: element type as pg_type numbers it, and how an element is laid out.
_ELEMENTS = {
    "i8": (20, _row(">i8")), "i4": (23, _row(">i4")), "i2": (21, _row(">i2")),
    "bool": (16, _row("i1")), "f8": (701, _row(">f8")), "ts": (1184, _row(">i8")),
    "uuid": (2950, _row("V16")),
}  # fmt: skip
ELEMENT_OID = {kind: oid for kind, (oid, _) in _ELEMENTS.items()}
_HOST = {"i8": "i8", "i4": "i4", "i2": "i2", "bool": "?", "f8": "f8", "ts": "i8", "uuid": "V16"}


def moments_to(us: Int) -> Int:
    """PostgreSQL's own count of microseconds; FAR_US is its infinity."""
    us = np.asarray(us)
    return np.where(us >= FAR_US, INFINITY, us - POSTGRES_EPOCH_US)


def moment_to(us: int) -> int:
    """As `moments_to`, for one."""
    return INFINITY if us >= FAR_US else us - POSTGRES_EPOCH_US


def moments_from(wire: Int) -> Int:
    """Microseconds since 1970 UTC; infinity is FAR_US."""
    is_far = wire == INFINITY
    return np.where(is_far, FAR_US, np.where(is_far, 0, wire) + POSTGRES_EPOCH_US)


def uuids(high: Int, low: Int) -> NDArray[np.void]:
    """Two columns of halves as one array of UUIDs."""
    pairs = np.empty((len(high), 2), ">i8")
    pairs[:, 0] = high
    pairs[:, 1] = low
    return pairs.reshape(-1).view("V16")


def read_array(wire: bytes | None, kind: str) -> NDArray[Any]:
    """The elements of a one-dimensional array in binary; none where there is no array."""
    element, row = _ELEMENTS[kind]
    if wire is None or len(wire) == EMPTY_HEAD_BYTES:
        return np.zeros(0, _HOST[kind])
    _, nulls, found, count, _ = _HEAD.unpack_from(wire)
    assert nulls == 0, "a NULL among the values"
    assert found == element, f"not a column of {kind}: element type {found}"
    rows = np.frombuffer(wire, row, count, HEAD_BYTES)
    values = rows["v"].astype(_HOST[kind])
    return moments_from(values) if kind == "ts" else values


# How one element is laid out, by dtype.
_ONE = {"i8": "q", "i4": "i", "i2": "h", "b1": "?", "f8": "d", "M8[us]": "q"}


class _ArrayDumper(Dumper):
    """A one-dimensional numpy array as a PostgreSQL array, in binary, without Python objects."""

    format = Format.BINARY
    # dtype: (kind of column, array type as pg_type numbers it).
    kinds: ClassVar[dict[str, tuple[str, int]]] = {
        "i8": ("i8", 1016), "i4": ("i4", 1007), "i2": ("i2", 1005), "b1": ("bool", 1000),
        "f8": ("f8", 1022), "M8[us]": ("ts", 1185), "V16": ("uuid", 2951),
    }  # fmt: skip

    # By dtype: they know nothing of their connection, and every statement asks for some.
    made: ClassVar[dict[str, _ArrayDumper]] = {}

    def __init__(self, cls: type, context: Any = None) -> None:
        super().__init__(cls, context)
        self._element, self._row = _ELEMENTS["i8"]
        self._one: struct.Struct | None = None

    def get_key(self, obj: NDArray[Any], format: Any) -> Any:  # noqa: A002, ARG002
        return (self.cls, obj.dtype.str[1:])

    def upgrade(self, obj: NDArray[Any], format: Any) -> _ArrayDumper:  # noqa: A002, ARG002
        name = obj.dtype.str[1:]
        made = self.made.get(name)
        if made is None:
            if name not in self.kinds:
                raise psycopg.DataError(f"no array parameter of dtype {obj.dtype}")
            made = _ArrayDumper(self.cls)
            kind, made.oid = self.kinds[name]
            made._element, made._row = _ELEMENTS[kind]
            made._one = struct.Struct(f">6i{_ONE[name]}") if name in _ONE else None
            self.made[name] = made
        return made

    def dump(self, obj: NDArray[Any]) -> bytes:
        if len(obj) == 1 and self._one is not None:
            # One row alone, as live acts have it, is laid out without arrays.
            value = moment_to(int(obj.view("i8")[0])) if obj.dtype.kind == "M" else obj.item()
            return self._one.pack(1, 0, self._element, 1, 1, obj.dtype.itemsize, value)
        if len(obj) == 0:
            return _HEAD.pack(0, 0, self._element, 0, 0)[:EMPTY_HEAD_BYTES]
        if obj.dtype.kind == "M":
            obj = moments_to(obj.view("i8"))
        rows = np.empty(len(obj), self._row)
        rows["n"] = obj.dtype.itemsize
        rows["v"] = obj
        return _HEAD.pack(1, 0, self._element, len(obj), 1) + rows.tobytes()


psycopg.adapters.register_dumper(np.ndarray, _ArrayDumper)
_any = _ArrayDumper(np.ndarray)


def as_parameter(values: NDArray[Any]) -> tuple[int, bytes]:
    """An array's type as pg_type numbers it, and its bytes, for whoever sends them by itself."""
    dumper = _any.upgrade(values, Format.BINARY)
    return dumper.oid, dumper.dump(values)
