"""The content of a decision as canonical bytes: facts, proposal, what was said, what was decided.

The same decision taken again gives the same bytes, whatever the machine and the year.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.claims.facts import Explanation
    from xiaobao.kernel.columns import Columns


def row_of(columns: Columns, row: int) -> dict[str, int | bool]:
    """One row under the names of its columns."""
    return {name: column[row].item() for name, column in columns.as_dict().items()}


def columns_of(row: Mapping[str, int | bool]) -> dict[str, Any]:
    """The row as columns of length one."""
    return {name: np.array([value]) for name, value in row.items()}


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
) -> bytes:
    """The bytes of one row's decision; `named` is what nothing is computed from."""
    return canonical(
        {
            "facts": row_of(facts, row),
            "proposal": row_of(proposal, row),
            "before": row_of(before, row),
            "said": row_of(said, row),
            "decided": row_of(decided, row),
            **words_of(explanation),
            **named,
        }
    )
