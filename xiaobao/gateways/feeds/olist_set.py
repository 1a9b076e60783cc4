"""The Olist set as it is published: its five tables that bear on orders, as Parquet or CSV."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.gateways.feeds.cells import MOMENT, Cells, mask_of
from xiaobao.gateways.feeds.csv_rows import csv_sheet
from xiaobao.gateways.feeds.faults import Words
from xiaobao.gateways.feeds.opening import read_bytes, text_of
from xiaobao.gateways.feeds.parquet_rows import parquet_sheet
from xiaobao.gateways.feeds.rejects import NOTES
from xiaobao.gateways.feeds.sheets import check_columns
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.feeds.sheets import Sheet

# Each table: the columns that are read, and those it is published with beside them.
TABLES = {
    "olist_orders": (
        ("order_id", "customer_id", "order_status", "order_purchase_timestamp",
         "order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date"),
        ("order_estimated_delivery_date",),
    ),
    "olist_order_items": (
        ("order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price",
         "freight_value"),
        (),
    ),
    "olist_customers": (
        ("customer_id", "customer_unique_id"),
        ("customer_zip_code_prefix", "customer_city", "customer_state"),
    ),
    "olist_products": (
        ("product_id", "product_category_name"),
        ("product_name_lenght", "product_description_lenght", "product_photos_qty",
         "product_weight_g", "product_length_cm", "product_height_cm", "product_width_cm"),
    ),
    "product_category_name_translation": (
        ("product_category_name", "product_category_name_english"),
        (),
    ),
}  # fmt: skip
ORDERS, ITEMS, CUSTOMERS, PRODUCTS, TRANSLATION = TABLES
ENDINGS = (".parquet", "_dataset.csv", ".csv")

MONEY_LOOKS = r"^[0-9]{1,12}([.][0-9]{1,2})?$"
MONEY_WORDS = Words(
    "应为不超过两位小数的非负十进制金额，例如 12.50",
    "this must be a decimal amount that is not negative, with at most two places, like 12.50",
)
MOMENT_LOOKS = r"^(199|20[0-9]|21[0-9])[0-9]-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}$"
MOMENT_WORDS = Words(
    "应为 2017-10-02 10:56:33 这样的时间", "this must be a time like 2017-10-02 10:56:33"
)
UTC_MARK, NOTHING = pa.scalar("Z", pa.large_string()), pa.scalar("", pa.large_string())
EMPTY_WORDS = Words("不能为空", "this may not be empty")


class OlistSetIncomplete(Problem):
    """The folder lacks tables of the set."""

    code = "olist_set_incomplete"
    status: ClassVar[int] = 422
    zh = (
        "{folder}：不是完整的 Olist 数据集，缺少 {missing}（.parquet 或 _dataset.csv）；"
        "请给出解压后含这些文件的文件夹"
    )
    en = (
        "{folder}: not a whole Olist set; missing {missing} (.parquet or _dataset.csv). Name the "
        "folder that holds these files, unpacked"
    )


class OlistCells(Cells):
    """Cells as Olist writes them: decimals in reais, times without a zone that mean UTC."""

    def present(self, field: str, values: pa.Array) -> pa.Array:
        """The values, none of which may be missing."""
        self.blame(field, EMPTY_WORDS, mask_of(values.is_null()) & ~self.bad)
        return values

    def moments(self, field: str, values: pa.Array | None) -> pa.Array:
        if values is not None and pa.types.is_timestamp(values.type):
            return values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(MOMENT)
        text = self._text(field, values, MOMENT_LOOKS, ((r"", MOMENT_WORDS),))
        return self._parsed(field, pc.binary_join_element_wise(text, UTC_MARK, NOTHING))

    def money(self, field: str, values: pa.Array | None) -> pa.Array:
        """Centavos, exactly; a floating-point column is refused, for its decimals are lost."""
        if values is not None and pa.types.is_decimal(values.type):
            values = values.cast(pa.large_string())
        text = self._text(field, values, MONEY_LOOKS, ((r"", MONEY_WORDS),))
        reais = text.cast(pa.decimal128(18, 2))
        return pc.multiply(reais, pa.scalar(Decimal(100))).cast(pa.int64())


@dataclass(frozen=True)
class OlistTable:
    """One table of the set: its sheet, the faults in it, and its columns as read."""

    sheet: Sheet
    cells: OlistCells
    columns: dict[str, pa.Array]

    def __len__(self) -> int:
        return len(self.sheet)


def read_olist_set(folder: Path) -> dict[str, OlistTable]:
    """The tables by name.

    :raises OlistSetIncomplete: a table is missing
    :raises FileUnusable: in one of its kinds, where a table cannot be read
    """
    found = {name: _file_of(folder, name) for name in TABLES}
    missing = [name for name, file in found.items() if file is None]
    if missing:
        raise OlistSetIncomplete(folder=folder, missing=", ".join(missing))
    return {name: _read(name, file) for name, file in found.items() if file is not None}


def _file_of(folder: Path, name: str) -> Path | None:
    for ending in ENDINGS:
        file = folder / f"{name}{ending}"
        if file.exists():
            return file
    return None


def _read(name: str, file: Path) -> OlistTable:
    read, beside = TABLES[name]
    body = read_bytes(file)
    known = (*read, *beside, *NOTES)
    if file.suffix == ".parquet":
        sheet = parquet_sheet(file, body)
        check_columns(file, list(sheet.columns), known, read)
    else:
        sheet = csv_sheet(file, text_of(file, body, "utf-8"), known, read)
    cells = OlistCells(len(sheet))
    columns = {column: _column(cells, column, sheet.columns[column]) for column in read}
    return OlistTable(sheet, cells, columns)


def _column(cells: OlistCells, name: str, values: pa.Array) -> pa.Array:
    if name in ("price", "freight_value"):
        return cells.present(name, cells.money(name, values))
    if name in ("order_purchase_timestamp", "shipping_limit_date"):
        return cells.present(name, cells.moments(name, values))
    if name.endswith(("_at", "_date")):
        return cells.moments(name, values)
    if name.startswith("product_category"):
        return cells.texts(name, values)
    return cells.present(name, cells.ids(name, values))
