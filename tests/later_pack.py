"""A later version of the China pack in a folder: what acts about announcements are tried with."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from xiaobao.promises.acts import announce_pack, consult_on
from xiaobao.promises.packs import read_files

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.promises.facts import Version


def china_pack(folder: Path) -> Path:
    """The China pack in a folder of its own."""
    folder.mkdir(exist_ok=True)
    for name, text in read_files("cn").items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def later_pack(
    folder: Path, version: str, *, announced: str, effective: str, bps: int, is_major: bool
) -> str:
    """Make the pack in this folder a later version, whose late shipping costs another share."""
    text = (folder / "pack.toml").read_text("utf-8")
    said = {"announced": announced, "effective": effective, "is_major": str(is_major).lower()}
    for field, value in said.items():
        text = re.sub(rf"^{field} = .*$", f"{field} = {value}", text, flags=re.MULTILINE)
    text = re.sub(r"^version = .*$", f'version = "{version}"', text, count=1, flags=re.MULTILINE)
    (folder / "pack.toml").write_text(text, "utf-8")
    with (folder / "compensation.csv").open("a", encoding="utf-8") as file:
        file.write(
            f"late_shipment,{effective},,true,{bps},500,3000,0,3000,half_up,true,"
            "cn.ship.late,house:a test,low\n"
        )
    return str(folder)


def announced_pack(
    folder: Path,
    version: str,
    *,
    at: datetime,
    days: int = 8,
    bps: int = 550,
    is_major: bool = False,
) -> Version:
    """Consult on and announce a later version, whose late shipping costs another share."""
    noon = at.astimezone(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    name = later_pack(
        folder, version, announced=f"{noon:%Y-%m-%d}",
        effective=f"{noon + timedelta(days=days):%Y-%m-%d}", bps=bps, is_major=is_major,
    )  # fmt: skip
    consult_on(name, by="operator", at=noon - timedelta(days=20))
    return announce_pack(name, by="operator", at=noon)
