"""The content of a decision as canonical bytes: facts, proposal, what was said, what was decided.

The same decision taken again gives the same bytes, whatever the machine and the year.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xiaobao.kernel.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from xiaobao.claims.facts import Explanation

C = TypeVar("C", bound=Columns)


def row_of(
    columns: Columns, row: int, names: Container[str] | None = None
) -> dict[str, int | bool]:
    """One row under the names of its columns; those of `names` alone, where given."""
    return {
        name: column[row].item()
        for name, column in columns.as_dict().items()
        if names is None or name in names
    }


def columns_of(shape: type[C], row: Mapping[str, int | bool]) -> C:
    """The row as columns of length one; one that is younger than the row is 0, for it was not."""
    return shape(
        **{
            name: np.array([row.get(name, 0)], np.bool_ if name.startswith("is_") else np.int64)
            for name in shape.names()
        }
    )


def canonical(content: Mapping[str, Any]) -> bytes:
    """Names in order, no blanks, words as they are."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def words_of(said: Explanation) -> dict[str, list[dict[str, str | int]]]:
    """A proposal's lines with clause and arithmetic, and what would change it."""
    return {
        name: [
            {"clause": one.clause, "zh": one.zh, "en": one.en, "amount_minor": one.amount_minor}
            for one in lines
        ]
        for name, lines in (("lines", said.lines), ("changes", said.changes))
    }


def content_of(
    *,
    facts: Columns,
    proposal: Columns,
    before: Columns,
    said: Columns,
    decided: Columns,
    explanation: Explanation,
    named: Mapping[str, Any],
    row: int,
    stored: Mapping[str, Any] | None = None,
) -> bytes:
    """The bytes of one row's decision; `named` is what nothing is computed from.

    Made again, it has the columns that it was `stored` with: later ones were not there.
    """
    parts = {"facts": facts, "proposal": proposal, "before": before, "said": said,
             "decided": decided}  # fmt: skip
    return canonical(
        {
            **{
                name: row_of(part, row, None if stored is None else stored[name])
                for name, part in parts.items()
            },
            **words_of(explanation),
            **named,
        }
    )
