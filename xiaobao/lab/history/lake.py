"""A lake: history as Parquet by month and bucket of sellers, with a manifest; read back so.

    DIR/manifest.json
    DIR/orders/month=2025-06/bucket=03/part.parquet    ORDERS
    DIR/details/month=2025-06/bucket=03/part.parquet   DETAILS
    DIR/<table>/bucket=03/part.parquet                 one of `tables.TABLES`, of all months

A seller's bucket is its id modulo the manifest's number of buckets. Any lake of this shape will
do, whoever wrote it. Files are put in place whole and the manifest last: a lake whose writing was
cut off is the lake before, and the same command finishes it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xiaobao.kernel.problems import Problem
from xiaobao.lab.history.shapes import (
    DETAILS,
    JUDGED,
    ORDERS,
    SCHEMA_VERSION,
    Place,
    Stretch,
    month_words,
    states_from,
)
from xiaobao.lab.history.tables import TABLES, Sellers, from_rows, schema_of
from xiaobao.orders.facts import Details
from xiaobao.promises.facts import Category

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Columns, Int
    from xiaobao.lab.history.tables import T

MANIFEST = "manifest.json"
_READ = (*JUDGED, "ordered_day", "known_us", "until_us")


class LakeUnreadable(Problem):
    """The folder is no lake of a shape this version knows."""

    code = "lab.lake_unreadable"
    status = 422
    zh = "{path} 不是可读的历史：{why_zh}；用 xiaobao lab export --out 目录 重新写出"
    en = (
        "{path} is no history that can be read: {why_en}; write it with "
        "xiaobao lab export --out DIR"
    )


class Lake:
    """History on the disk, of one market."""

    def __init__(self, path: str | Path) -> None:
        """:raises LakeUnreadable: if the manifest is missing, broken, or of another version"""
        self.path = Path(path)
        manifest = read_manifest(self.path)
        self.place = _place_from(manifest)
        self.buckets = int(manifest["buckets"])
        self.orders = sum(int(part["orders"]) for part in manifest["parts"])
        self._months = sorted({int(part["month"]) for part in manifest["parts"]})
        self._parts = {(int(p["month"]), int(p["bucket"])) for p in manifest["parts"]}

    def stretches(self, bucket: int) -> Iterator[Stretch]:
        """The orders of a bucket of sellers, month by month."""
        for month in self._months:
            if (month, bucket) in self._parts:
                yield self.stretch(month, bucket)

    def stretch(self, month: int, bucket: int) -> Stretch:
        orders = self._columns("orders", month, bucket, _READ)
        details = self._columns("details", month, bucket, DETAILS.names)
        return Stretch(
            month, states_from(orders, self.place.market_id), orders["ordered_day"],
            orders["known_us"], orders["until_us"], Details(**details),
        )  # fmt: skip

    def _columns(
        self, table: str, month: int | None, bucket: int, names: Sequence[str]
    ) -> dict[str, NDArray[Any]]:
        path = part_path(self.path, table, month, bucket)
        try:
            # One thread each: the buckets themselves are worked on side by side. A file opened
            # by itself takes half the time of one that is looked for as a data set.
            with pq.ParquetFile(path) as file:
                read = file.read(columns=list(names), use_threads=False)
        except (OSError, pa.ArrowException) as problem:
            raise LakeUnreadable(
                path=path, why_zh="文件缺失或损坏", why_en="the file is missing or broken"
            ) from problem
        return {name: _whole(read.column(name)) for name in names}

    def rows(self, table: type[T], bucket: int) -> T:
        """What one table says of a bucket of sellers."""
        return from_rows(table, self._columns(TABLES[table], None, bucket, table.names()))

    def order_names(self, seller_id: Int, order_id: Int) -> list[str]:
        """The outside names of these orders, row for row: few, so files are only searched."""
        found: dict[tuple[int, int], str] = {}
        for bucket in np.unique(seller_id % self.buckets).tolist():
            asked = order_id[seller_id % self.buckets == bucket]
            for month in self._months:
                if (month, bucket) in self._parts:
                    path = part_path(self.path, "orders", month, bucket)
                    rows = pq.read_table(
                        path, columns=["seller_id", "order_id", "order_name"], partitioning=None,
                        filters=pc.field("order_id").isin(asked.tolist()),
                    ).to_pylist()  # fmt: skip
                    found |= {(r["seller_id"], r["order_id"]): r["order_name"] for r in rows}
        pairs = zip(seller_id.tolist(), order_id.tolist(), strict=True)
        return [found.get(pair, str(pair[1])) for pair in pairs]

    def seller_names(self, seller_id: Int) -> list[str]:
        """The outside names of these sellers, row for row."""
        found: dict[int, str] = {}
        for bucket in np.unique(seller_id % self.buckets).tolist():
            path = part_path(self.path, "sellers", None, bucket)
            rows = pq.read_table(
                path, columns=["seller_id", "name"], partitioning=None
            ).to_pylist()
            found |= {row["seller_id"]: row["name"] for row in rows}
        return [found.get(one, str(one)) for one in seller_id.tolist()]


def _whole(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column without gaps as whole numbers of 64 bits, or truth values."""
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    values: NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return values if values.dtype == np.bool_ else values.astype(np.int64, copy=False)


def part_path(root: Path, table: str, month: int | None, bucket: int) -> Path:
    folder = root / table
    if month is not None:
        folder = folder / f"month={month_words(month)}"
    return folder / f"bucket={bucket:04d}" / "part.parquet"


def read_manifest(root: Path) -> dict[str, Any]:
    """:raises LakeUnreadable: if it is missing, broken, or of another version"""
    try:
        manifest = dict[str, Any](json.loads((root / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as problem:
        raise LakeUnreadable(
            path=root, why_zh=f"没有可读的 {MANIFEST}", why_en=f"no readable {MANIFEST}"
        ) from problem
    version = manifest.get("schema_version")
    if version != SCHEMA_VERSION:
        raise LakeUnreadable(
            path=root, why_zh=f"格式版本是 {version}，本程序读 {SCHEMA_VERSION}",
            why_en=f"its schema version is {version}, this program reads {SCHEMA_VERSION}",
        )  # fmt: skip
    return manifest


def place_as_json(place: Place) -> dict[str, Any]:
    return {
        "market": place.market, "market_id": place.market_id, "currency": place.currency,
        "zone": place.zone, "line": place.line, "horizon_us": place.horizon_us,
        "categories": [[n, c.code, c.parent, c.zh, c.en] for n, c in place.categories],
        "packs": list(place.packs),
    }  # fmt: skip


def _place_from(manifest: dict[str, Any]) -> Place:
    return Place(
        manifest["market"], int(manifest["market_id"]), manifest["currency"], manifest["zone"],
        tuple((int(n), Category(*words)) for n, *words in manifest["categories"]),
        manifest["line"], tuple(manifest["packs"]), int(manifest["horizon_us"]),
    )  # fmt: skip


_PLAIN = {"compression": "lz4", "row_group_size": 131_072, "write_statistics": False}
# Ids and most moments are all different: a dictionary of them would only cost.
_REPEATING = ["category_id", "ship_hours", "route", "cancel_reason", "ordered_day", "known_us",
              "until_us", "kind", "ship_by_us", "return_shipped_us", "return_received_us",
              "cancelled_us", "refund_asked_us"]  # fmt: skip


def write_stretch(root: Path, stretch: Stretch, bucket: int, names: Sequence[str]) -> None:
    """Put a month of a bucket in place, whole."""
    columns: dict[str, Any] = {name: getattr(stretch.states, name) for name in JUDGED}
    columns |= {"ordered_day": stretch.ordered_day, "known_us": stretch.known_us,
                "until_us": stretch.until_us, "order_name": names}  # fmt: skip
    _write(_table(columns, ORDERS), part_path(root, "orders", stretch.month, bucket))
    details = _table(stretch.details.as_dict(), DETAILS)
    _write(details, part_path(root, "details", stretch.month, bucket))


def write_rows(root: Path, rows: Columns, bucket: int, names: Sequence[str] = ()) -> None:
    """Put one table of a bucket of sellers in place, whole; sellers with their outside names."""
    table = type(rows)
    schema, columns = schema_of(table), dict[str, Any](rows.as_dict())
    if table is Sellers:
        schema = schema.append(pa.field("name", pa.string(), nullable=False))
        columns["name"] = names
    _write(_table(columns, schema), part_path(root, TABLES[table], None, bucket))


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    arrays = [
        pa.array(columns[f.name], pa.string()) if f.type == pa.string()
        else pa.array(columns[f.name]).cast(f.type)
        for f in schema
    ]  # fmt: skip
    return pa.Table.from_arrays(arrays, schema=schema)


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    repeating = [name for name in table.column_names if name in _REPEATING]
    pq.write_table(table, unfinished, use_dictionary=repeating, **_PLAIN)
    unfinished.replace(path)


def write_manifest(root: Path, manifest: dict[str, Any]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    unfinished = root / f"{MANIFEST}.unfinished"
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(root / MANIFEST)
