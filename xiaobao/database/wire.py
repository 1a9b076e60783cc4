"""Columns as bytes: rows in COPY's binary format, laid out and read back; cells of few rows.

A column goes as a parameter too: as an array.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database.arrays import ELEMENT_OID, moments_from, moments_to, uuids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray
    from psycopg.pq.abc import PGresult

COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
COPY_TRAILER = b"\xff\xff"

# Kinds of a column: SQL type, and its big-endian wire dtype.
#   i8 i4 i2  integers     bool        f8  double
#   ts        timestamptz, held as int64 microseconds since 1970 UTC; FAR_US is 'infinity'
#   uuid      held as two int64 columns NAME_hi and NAME_lo
#   text      held as a sequence of str (in) or an object array (out)
#   bytes     held as a sequence of bytes (in only)
WIRE = {"i8": ">i8", "i4": ">i4", "i2": ">i2", "bool": "i1", "f8": ">f8", "ts": ">i8"}
HOST = {"i8": "i8", "i4": "i4", "i2": "i2", "bool": "?", "f8": "f8", "ts": "i8"}
SQL_TYPES = {
    "i8": "bigint", "i4": "integer", "i2": "smallint", "bool": "boolean",
    "f8": "double precision", "ts": "timestamptz", "uuid": "uuid", "text": "text",
    "bytes": "bytea",
}  # fmt: skip
# Rows laid out together on their way in.
_PIECE = 1024
# Kinds whose values are of any length.
VARYING = frozenset({"text", "bytes"})


def count_of(columns: Mapping[str, Any], spec: Mapping[str, str]) -> int:
    first = next(iter(spec))
    return len(columns[f"{first}_hi"] if spec[first] == "uuid" else columns[first])


def array_of(columns: Mapping[str, Any], name: str, kind: str) -> Any:
    """A column as a parameter."""
    if kind == "uuid":
        return uuids(columns[f"{name}_hi"], columns[f"{name}_lo"])
    if kind in VARYING:
        return [bytes(v) if kind == "bytes" else str(v) for v in columns[name]]
    values = np.asarray(columns[name])
    if kind == "ts":
        return np.ascontiguousarray(values, np.int64).view("M8[us]")
    return values.astype(HOST[kind])


def _fixed_dtype(spec: Mapping[str, str]) -> np.dtype[Any]:
    fields: list[tuple[str, str]] = [("__count", ">i2")]
    for name, kind in spec.items():
        fields.append((f"{name}__len", ">i4"))
        if kind == "uuid":
            fields += [(f"{name}_hi", ">i8"), (f"{name}_lo", ">i8")]
        else:
            fields.append((name, WIRE[kind]))
    return np.dtype(fields)


def parse_fixed(body: bytes, spec: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    dtype = _fixed_dtype(spec)
    assert len(body) % dtype.itemsize == 0, f"a NULL or another type among {list(spec)}"
    rows = np.frombuffer(body, dtype)
    out: dict[str, NDArray[Any]] = {}
    for name, kind in spec.items():
        width = 16 if kind == "uuid" else np.dtype(WIRE[kind]).itemsize
        assert (rows[f"{name}__len"] == width).all(), f"column {name} is not {kind}"
        if kind == "uuid":
            out[f"{name}_hi"] = rows[f"{name}_hi"].astype("i8")
            out[f"{name}_lo"] = rows[f"{name}_lo"].astype("i8")
        elif kind == "ts":
            out[name] = moments_from(rows[name].astype("i8"))
        else:
            out[name] = rows[name].astype(HOST[kind])
    return out


def parse_wide(body: bytes, spec: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """Rows with text: walked once in Python; for refs on pages and reports, not for sweeps."""
    values: dict[str, list[bytes]] = {name: [] for name in spec}
    at = 0
    while at < len(body):
        at += 2
        for name in spec:
            size = int.from_bytes(body[at : at + 4], "big", signed=True)
            assert size >= 0, f"column {name} is NULL"
            values[name].append(body[at + 4 : at + 4 + size])
            at += 4 + size
    out: dict[str, NDArray[Any]] = {}
    for name, kind in spec.items():
        out |= _parse_field(name, kind, values[name])
    return out


def _parse_field(name: str, kind: str, values: list[bytes]) -> dict[str, NDArray[Any]]:
    if kind == "text":
        return {name: np.array([value.decode() for value in values], dtype=object)}
    wire = b"".join(values)
    if kind == "uuid":
        pairs = np.frombuffer(wire, ">i8").reshape(-1, 2).astype("i8")
        return {f"{name}_hi": pairs[:, 0].copy(), f"{name}_lo": pairs[:, 1].copy()}
    width = np.dtype(WIRE[kind]).itemsize
    assert len(wire) == width * len(values), f"column {name} is not {kind}"
    column = np.frombuffer(wire, WIRE[kind]).astype(HOST[kind])
    return {name: moments_from(column) if kind == "ts" else column}


def fixed_pieces(
    columns: Mapping[str, Any], spec: Mapping[str, str], count: int
) -> Iterator[bytes]:
    """Some rows at a time: the server works on the first while the next are laid out."""
    names = [
        name
        for plain, kind in spec.items()
        for name in ((f"{plain}_hi", f"{plain}_lo") if kind == "uuid" else (plain,))
    ]
    for start in range(0, count, _PIECE):
        some = slice(start, start + _PIECE)
        rows = min(_PIECE, count - start)
        yield build_fixed({name: columns[name][some] for name in names}, spec, rows)


def build_fixed(columns: Mapping[str, Any], spec: Mapping[str, str], count: int) -> bytes:
    rows = np.empty(count, _fixed_dtype(spec))
    rows["__count"] = len(spec)
    for name, kind in spec.items():
        if kind == "uuid":
            rows[f"{name}__len"] = 16
            rows[f"{name}_hi"] = columns[f"{name}_hi"]
            rows[f"{name}_lo"] = columns[f"{name}_lo"]
        else:
            rows[f"{name}__len"] = np.dtype(WIRE[kind]).itemsize
            rows[name] = moments_to(columns[name]) if kind == "ts" else columns[name]
    return rows.tobytes()


def _field_of(
    columns: Mapping[str, Any], name: str, kind: str, count: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """A column's bytes laid end to end, and each row's length."""
    if kind in VARYING:
        encoded = [
            bytes(value) if kind == "bytes" else str(value).encode() for value in columns[name]
        ]
        lengths = np.fromiter(map(len, encoded), np.int64, count)
        return np.frombuffer(b"".join(encoded), np.uint8), lengths
    if kind == "uuid":
        pair = np.empty((count, 2), ">i8")
        pair[:, 0] = columns[f"{name}_hi"]
        pair[:, 1] = columns[f"{name}_lo"]
        return pair.view(np.uint8).reshape(-1), np.full(count, 16, np.int64)
    values = np.asarray(columns[name])
    if kind == "ts":
        values = moments_to(values)
    wire = np.ascontiguousarray(values.astype(WIRE[kind]))
    return wire.view(np.uint8).reshape(-1), np.full(count, wire.itemsize, np.int64)


def build_wide(
    columns: Mapping[str, Any],
    spec: Mapping[str, str],
    nulls: Mapping[str, NDArray[np.bool_]],
    count: int,
) -> bytes:
    fields = [(name, *_field_of(columns, name, kind, count)) for name, kind in spec.items()]
    kept = [
        np.where(nulls[name], 0, lengths) if name in nulls else lengths
        for name, _, lengths in fields
    ]
    row_lengths = 2 + 4 * len(fields) + np.sum(kept, axis=0)
    starts = np.concatenate([[0], np.cumsum(row_lengths)[:-1]])
    out = np.zeros(int(row_lengths.sum()), np.uint8)
    out[starts + 1] = len(fields)
    at = starts + 2
    for (name, body, lengths), size in zip(fields, kept, strict=True):
        marked = np.where(nulls[name], -1, size) if name in nulls else size
        out[at[:, None] + np.arange(4)] = marked.astype(">i4").view(np.uint8).reshape(count, 4)
        at = at + 4
        source_starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        steps = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
        out[np.repeat(at, size) + steps] = body[np.repeat(source_starts, size) + steps]
        at = at + size
    return out.tobytes()


# -- cells ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Columns in order, and for each kind the places of its columns."""

    names: tuple[str, ...]
    oids: tuple[int, ...]
    by_kind: tuple[tuple[str, tuple[int, ...]], ...]


@lru_cache(maxsize=1000)
def layout_of(spec: tuple[tuple[str, str], ...]) -> Layout:
    by_kind: dict[str, list[int]] = {}
    for place, (_, kind) in enumerate(spec):
        by_kind.setdefault(kind, []).append(place)
    return Layout(
        tuple(name for name, _ in spec),
        tuple(ELEMENT_OID[kind] for _, kind in spec),
        tuple((kind, tuple(places)) for kind, places in by_kind.items()),
    )


def read_cells(result: PGresult, layout: Layout) -> dict[str, NDArray[Any]]:
    """The columns of a result of few rows, in binary; columns of one kind are read together."""
    rows, names = range(result.ntuples), layout.names
    out: dict[str, NDArray[Any]] = {}
    for kind, places in layout.by_kind:
        for place in places:
            found = result.ftype(place)
            assert found == layout.oids[place], f"column {names[place]} is not {kind}: {found}"
        cells = [result.get_value(row, place) for place in places for row in rows]
        assert None not in cells, f"a NULL among {names}"
        wire = b"".join(cells)  # type: ignore[arg-type]
        if kind == "uuid":
            halves = np.frombuffer(wire, ">i8").astype("i8").reshape(len(places), len(rows), 2)
            for number, place in enumerate(places):
                out[f"{names[place]}_hi"] = halves[number, :, 0].copy()
                out[f"{names[place]}_lo"] = halves[number, :, 1].copy()
            continue
        values = np.frombuffer(wire, WIRE[kind]).astype(HOST[kind])
        values = moments_from(values) if kind == "ts" else values
        values = values.reshape(len(places), len(rows))
        out |= {names[place]: values[number] for number, place in enumerate(places)}
    return out
