"""Small numbers, by which somebody could be recognised: what is not told, and what with it.

Hiding one number alone hides nothing where a total stands beside it: so much more is hidden that
what is hidden together is itself no small number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

K = TypeVar("K")


def hidden(counts: Sequence[int], smallest: int) -> list[int | None]:
    """The parts of a total that is told: None where a part is not, since it is small or shields.

    Where the total itself is small nobody may tell it; see `grouped`.
    """
    hides = {place for place, count in enumerate(counts) if 0 < count < smallest}
    others = sorted(
        (place for place, count in enumerate(counts) if count >= smallest),
        key=lambda place: counts[place],
    )
    while (
        hides and others and (len(hides) == 1 or sum(counts[place] for place in hides) < smallest)
    ):
        hides.add(others.pop(0))
    return [None if place in hides else count for place, count in enumerate(counts)]


def grouped(
    totals: Mapping[K, int], smallest: int
) -> tuple[list[tuple[K, int]], list[K]]:  # fmt: skip
    """Kinds told by themselves, and those told only together: small ones, and what shields them.

    Where all of them together are still small, nothing may be told of them, nor their sum.
    """
    known = {kind: count for kind, count in totals.items() if count}
    alone = {kind: count for kind, count in known.items() if count >= smallest}
    together = [kind for kind in known if kind not in alone]
    while together and alone and sum(known[kind] for kind in together) < smallest:
        least = min(alone, key=lambda kind: alone[kind])
        together.append(least)
        del alone[least]
    return list(alone.items()), together
