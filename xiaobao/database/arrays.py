"""Arrays as parameters and results: numpy columns as PostgreSQL arrays, no Python objects.

Integers, booleans and doubles travel as they are; moments as `us.view("M8[us]")` (int64
microseconds since 1970 UTC), UUIDs as `uuids(high, low)`.
"""

from __future__ import annotations

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
INFINITY = np.iinfo(np.int64).max
HEAD_BYTES = 20
EMPTY_HEAD_BYTES = 12

# By kind of column: element type as pg_type numbers it, and the wire dtype.
_ELEMENTS = {
    "i8": (20, ">i8"), "i4": (23, ">i4"), "i2": (21, ">i2"), "bool": (16, "i1"),
    "f8": (701, ">f8"), "ts": (1184, ">i8"), "uuid": (2950, "V16"),
}  # fmt: skip
_HOST = {"i8": "i8", "i4": "i4", "i2": "i2", "bool": "?", "f8": "f8", "ts": "i8", "uuid": "V16"}


def moments_to(us: Int) -> Int:
    """PostgreSQL's own count of microseconds; FAR_US is its infinity."""
    us = np.asarray(us)
    return np.where(us >= FAR_US, INFINITY, us - POSTGRES_EPOCH_US)


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
    element, wire_dtype = _ELEMENTS[kind]
    if wire is None or len(wire) == EMPTY_HEAD_BYTES:
        return np.zeros(0, _HOST[kind])
    head = np.frombuffer(wire, ">i4", 5)
    assert head[1] == 0, "a NULL among the values"
    assert head[2] == element, f"not a column of {kind}: element type {head[2]}"
    rows = np.frombuffer(wire, [("n", ">i4"), ("v", wire_dtype)], int(head[3]), HEAD_BYTES)
    values = rows["v"].astype(_HOST[kind])
    return moments_from(values) if kind == "ts" else values


class _ArrayDumper(Dumper):
    """A one-dimensional numpy array as a PostgreSQL array, in binary, without Python objects."""

    format = Format.BINARY
    # dtype: (element type, array type), as pg_type numbers them.
    oids: ClassVar[dict[str, tuple[int, int]]] = {
        "i8": (20, 1016), "i4": (23, 1007), "i2": (21, 1005), "b1": (16, 1000), "f8": (701, 1022),
        "M8[us]": (1184, 1185), "V16": (2950, 2951),
    }  # fmt: skip

    def __init__(self, cls: type, context: Any = None) -> None:
        super().__init__(cls, context)
        self._element = 20

    def get_key(self, obj: NDArray[Any], format: Any) -> Any:  # noqa: A002, ARG002
        return (self.cls, obj.dtype.str[1:])

    def upgrade(self, obj: NDArray[Any], format: Any) -> _ArrayDumper:  # noqa: A002, ARG002
        kind = obj.dtype.str[1:]
        if kind not in self.oids:
            raise psycopg.DataError(f"no array parameter of dtype {obj.dtype}")
        made = _ArrayDumper(self.cls)
        made._element, made.oid = self.oids[kind]
        return made

    def dump(self, obj: NDArray[Any]) -> bytes:
        if len(obj) == 0:
            return np.array([0, 0, self._element], ">i4").tobytes()
        if obj.dtype.kind == "M":
            obj = moments_to(obj.view("i8"))
        rows = np.empty(len(obj), [("n", ">i4"), ("v", obj.dtype.newbyteorder(">"))])
        rows["n"] = obj.dtype.itemsize
        rows["v"] = obj
        return np.array([1, 0, self._element, len(obj), 1], ">i4").tobytes() + rows.tobytes()


psycopg.adapters.register_dumper(np.ndarray, _ArrayDumper)
