"""A proposal in words: its lines with clause and arithmetic, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One step of a proposal: the clause it rests on, what was found, and the sum it comes to."""

    clause: str  # empty where a step rests on none
    zh: str
    en: str
    amount_minor: int  # to the buyer; 0 where the step is about no sum


@dataclass(frozen=True)
class Explanation:
    """Why one proposal is as it is, in the order in which it was found."""

    lines: tuple[Line, ...]
    changes: tuple[Line, ...]  # what would change it, and the sum it would come to
