"""Parquet: typed columns as they stand in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xiaobao.gateways.feeds.faults import FileNotWhatItSays, FileUnusable, Words
from xiaobao.gateways.feeds.opening import MOST_BYTES, cut_off, read_bytes
from xiaobao.gateways.feeds.sheets import Sheet, check_columns

if TYPE_CHECKING:
    from pathlib import Path


MOST_ROWS = 20_000_000


def parquet_sheet(file: Path, body: bytes) -> Sheet:
    table = parquet_table(file, body)
    columns = {name: one_array(table.column(i)) for i, name in enumerate(table.column_names)}
    if len(columns) != len(table.column_names):
        check_columns(file, table.column_names, table.column_names, ())
    return Sheet(file, columns, np.arange(1, table.num_rows + 1), [])


def parquet_table(file: Path, body: bytes | None = None) -> pa.Table:
    """The whole of a Parquet file.

    :raises FileUnusable: it is none, or is cut off
    """
    content = read_bytes(file) if body is None else body
    if not content.startswith(b"PAR1"):
        raise FileNotWhatItSays(
            file,
            Words(
                "不是 Parquet 文件；请改用正确的扩展名",
                "this is not a Parquet file; give it its right ending",
            ),
        )
    if not content.endswith(b"PAR1") or len(content) < 12:  # noqa: PLR2004  magic twice, length
        raise cut_off(file, "Parquet")
    try:
        described = pq.ParquetFile(pa.BufferReader(content))
        _check_size(file, described.metadata)
        table = described.read()
        # Damage may leave a name or a text that is no UTF-8, seen only when it is decoded.
        table.schema.names  # noqa: B018
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as trouble:
        raise cut_off(file, type(trouble).__name__) from None
    return table


def _check_size(file: Path, told: pq.FileMetaData) -> None:
    """A few bytes may stand for any number of rows: what they would come to is asked first.

    :raises FileUnusable: where that is more than is read at once
    """
    unpacked = sum(told.row_group(i).total_byte_size for i in range(told.num_row_groups))
    if told.num_rows > MOST_ROWS or unpacked > MOST_BYTES:
        raise FileUnusable(
            file,
            Words(
                f"有 {told.num_rows} 行、解压后 {unpacked} 字节，超过一次可导入的 {MOST_ROWS} 行"
                f"或 {MOST_BYTES} 字节；请分成几个文件",
                f"its {told.num_rows} rows, {unpacked} bytes unpacked, are more than the "
                f"{MOST_ROWS} rows or {MOST_BYTES} bytes read at once; cut it into several files",
            ),
        )


def one_array(values: pa.ChunkedArray) -> pa.Array:
    """A column in one piece; text always as large_string."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_string_view(kind):
        values = values.cast(pa.large_string())
    joined = values.combine_chunks()
    return joined if isinstance(joined, pa.Array) else joined.chunk(0)
