"""Rejected entries of JSON files, one on each line, to be mended and fed back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from xiaobao.gateways.feeds.rejects import keep_file, reasons_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from xiaobao.gateways.feeds.json_entries import Entries
    from xiaobao.gateways.feeds.orders import OrderFeed


def write_rejected_bodies(entries: Entries, feed: OrderFeed, folder: Path, language: str) -> Path:
    """Write every bad entry with its line and reasons, one JSON object per line.

    :raises OSError: where the folder may not be written
    """
    reasons = reasons_of(feed.faults, language)
    told: list[dict[str, Any]] = [
        {"line": int(feed.sheet.line[row]), "problem": "; ".join(why),
         entries.kinds[row]: entries.bodies[row]}
        for row, why in reasons.items()
    ]  # fmt: skip
    told += [
        {"line": one.line, "problem": one.words.says(language), "raw": one.raw}
        for one in feed.sheet.unread
    ]

    def write(out: TextIO) -> None:
        out.writelines(
            json.dumps(one, ensure_ascii=False) + "\n"
            for one in sorted(told, key=lambda one: one["line"])
        )

    return keep_file(feed.sheet.file, folder, ".jsonl", write)
