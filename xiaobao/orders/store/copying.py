"""COPY of many rows in binary, without a Python object per row; few wait for what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from xiaobao.database import plans, sets, wire
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
    if len(texts) <= sets.FEW:
        whole, kinds = {**columns, name: texts.to_pylist()}, {**spec, name: "text"}
        sets.put_in(table, whole, kinds)
        return
    encoded = texts.cast(pa.large_binary())
    length = pc.binary_length(encoded).to_numpy(zero_copy_only=False)
    names = sql.SQL(", ").join(map(sql.Identifier, [*spec, name]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), names
    )
    with sets.cursor() as cur, cur.copy(statement) as copy:
        copy.write(wire.COPY_HEADER)
        for size in np.unique(length):
            rows = np.flatnonzero(length == size)
            copy.write(_block(columns, spec, rows, encoded.take(rows), int(size)))
        copy.write(wire.COPY_TRAILER)
    plans.wrote(len(texts))


def _block(
    columns: Mapping[str, Int], spec: Mapping[str, str], rows: Int, texts: pa.Array, size: int
) -> bytes:
    """Rows as COPY's binary format has them."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in spec.items():
        fields += [(f"{name}_size", ">i4"), (name, wire.WIRE[kind])]
    fields += [("text_size", ">i4"), *([("text", f"V{size}")] if size else [])]
    block = np.empty(len(rows), np.dtype(fields))
    block["count"] = len(spec) + 1
    for name, kind in spec.items():
        values = columns[name][rows]
        block[f"{name}_size"] = np.dtype(wire.WIRE[kind]).itemsize
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


def copy_wide(table: str, columns: Mapping[str, Int | pa.Array], spec: Mapping[str, str]) -> None:
    """COPY in binary rows of any shape: cells may be missing, texts of any length.

    A column without any value is not named. Arrow puts the pieces of each row together.
    """
    given = {
        name: column if isinstance(column, pa.Array) else pa.array(column)
        for name, column in columns.items()
    }
    spec = {n: kind for n, kind in spec.items() if given[n].null_count < len(given[n])}
    if not spec:
        return
    if len(next(iter(given.values()))) <= sets.FEW:
        few = [given[name].to_pylist() for name in spec]
        sets.write(sets.insert_of(table, tuple(spec.items())), few)
        return
    fixed = [n for n, kind in spec.items() if kind != "text" and not given[n].null_count]
    rest = [n for n in spec if n not in fixed]
    pieces = [_cells({name: given[name] for name in fixed}, spec, len(spec))]
    for name in rest:
        if spec[name] == "text":
            pieces += _texts(given[name])
        else:
            cell = _cells({name: given[name].fill_null(0)}, spec)
            pieces.append(pc.if_else(given[name].is_valid(), cell, _MISSING))
    rows = pc.binary_join_element_wise(*pieces, pa.scalar(b"", pa.large_binary()))
    _, offsets, body = rows.buffers()
    ends = np.frombuffer(offsets, np.int64)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, [*fixed, *rest]))
    )
    with sets.cursor() as cur, cur.copy(statement) as copy:
        copy.write(wire.COPY_HEADER)
        copy.write(memoryview(body)[int(ends[0]) : int(ends[len(rows)])])
        copy.write(wire.COPY_TRAILER)
    plans.wrote(len(rows))


# A cell that is missing: its length is -1.
_MISSING = pa.scalar(b"\xff\xff\xff\xff", pa.large_binary())


def _cells(
    columns: Mapping[str, pa.Array], spec: Mapping[str, str], count: int | None = None
) -> pa.Array:
    """Cells of fixed width side by side, one piece per row; the row's own head where `count`."""
    fields: list[tuple[str, str]] = [("count", ">i2")] if count is not None else []
    for name in columns:
        fields += [(f"{name}_size", ">i4"), (name, wire.WIRE[spec[name]])]
    rows = len(next(iter(columns.values())))
    block = np.empty(rows, np.dtype(fields))
    if count is not None:
        block["count"] = count
    for name, column in columns.items():
        kind = spec[name]
        values = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
        block[f"{name}_size"] = np.dtype(wire.WIRE[kind]).itemsize
        block[name] = moments_to(values) if kind == "ts" else values
    return _pieces(block)


def _texts(texts: pa.Array) -> list[pa.Array]:
    """The lengths of texts, and the texts."""
    encoded = texts.cast(pa.large_binary())
    length = pc.binary_length(encoded).fill_null(-1).to_numpy(zero_copy_only=False)
    return [_pieces(length.astype(">i4")), encoded.fill_null(b"")]


def _pieces(block: np.ndarray[Any, Any]) -> pa.Array:
    """Elements of one width as so many pieces of bytes."""
    kind = pa.binary(block.dtype.itemsize)
    body = pa.Array.from_buffers(kind, len(block), [None, pa.py_buffer(block.tobytes())])
    return body.cast(pa.large_binary())
