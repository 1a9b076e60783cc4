"""COPY of many rows without a Python object per row: binary where it can be, CSV elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from pyarrow import csv

from xiaobao.database import sets
from xiaobao.database.arrays import moments_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.kernel.columns import Int


def copy_with_text(
    table: str, columns: Mapping[str, Int], spec: Mapping[str, str], name: str, texts: pa.Array
) -> None:
    """COPY in binary: columns of fixed width, then one column of text.

    Rows whose texts are equally long are equally long themselves, and are written as one block;
    outside names of one source have few lengths.
    """
    if not len(texts):
        return
    encoded = texts.cast(pa.large_binary())
    length = pc.binary_length(encoded).to_numpy(zero_copy_only=False)
    names = sql.SQL(", ").join(map(sql.Identifier, [*spec, name]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), names
    )
    with sets.cursor() as cur, cur.copy(statement) as copy:
        copy.write(sets.COPY_HEADER)
        for size in np.unique(length):
            rows = np.flatnonzero(length == size)
            copy.write(_block(columns, spec, rows, encoded.take(rows), int(size)))
        copy.write(sets.COPY_TRAILER)


def _block(
    columns: Mapping[str, Int], spec: Mapping[str, str], rows: Int, texts: pa.Array, size: int
) -> bytes:
    """Rows as COPY's binary format has them."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in spec.items():
        fields += [(f"{name}_size", ">i4"), (name, sets.WIRE[kind])]
    fields += [("text_size", ">i4"), *([("text", f"V{size}")] if size else [])]
    block = np.empty(len(rows), np.dtype(fields))
    block["count"] = len(spec) + 1
    for name, kind in spec.items():
        values = columns[name][rows]
        block[f"{name}_size"] = np.dtype(sets.WIRE[kind]).itemsize
        block[name] = moments_to(values) if kind == "ts" else values
    block["text_size"] = size
    if size:
        block["text"] = _bytes_of(texts, size)
    return block.tobytes()


def _bytes_of(texts: pa.Array, size: int) -> np.ndarray[Any, np.dtype[np.void]]:
    """Texts of one length, as they lie in memory."""
    _, offsets, body = texts.buffers()
    start = int(np.frombuffer(offsets, np.int64)[texts.offset])
    held = np.frombuffer(body, np.uint8)[start : start + size * len(texts)]
    return held.view(f"V{size}")


def copy_csv(table: str, rows: pa.Table) -> None:
    """COPY rows of any shape, empty cells as NULL; Arrow writes a whole column at a time."""
    if not len(rows):
        return
    sink = pa.BufferOutputStream()
    csv.write_csv(rows, sink, csv.WriteOptions(include_header=False))
    names = sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), names
    )
    with sets.cursor() as cur, cur.copy(statement) as copy:
        copy.write(memoryview(sink.getvalue()))
