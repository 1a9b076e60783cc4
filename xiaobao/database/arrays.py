"""Arrays as parameters: a numpy column becomes a PostgreSQL array without Python objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _ArrayDumper(Dumper):
    """A one-dimensional numpy array as a PostgreSQL array, in binary, without Python objects."""

    format = Format.BINARY
    # dtype: (element type, array type), as pg_type numbers them.
    oids: ClassVar = {
        "i8": (20, 1016),
        "i4": (23, 1007),
        "i2": (21, 1005),
        "b1": (16, 1000),
        "f8": (701, 1022),
    }

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
        width = obj.dtype.itemsize
        head = np.array([1, 0, self._element, len(obj), 1], ">i4").tobytes()
        if len(obj) == 0:
            return np.array([0, 0, self._element], ">i4").tobytes()
        rows = np.empty(len(obj), [("n", ">i4"), ("v", obj.dtype.newbyteorder(">"))])
        rows["n"] = width
        rows["v"] = obj
        return head + rows.tobytes()


psycopg.adapters.register_dumper(np.ndarray, _ArrayDumper)
