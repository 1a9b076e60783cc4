"""Numbers and codes as explanations say them, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import PARTY_WORDS, REASON_WORDS, Party, Reason, Words
from xiaobao.evidence.facts import KINDS, Kind
from xiaobao.kernel.clocks import local_of, moment_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.clocks import Zone


def reason_said(reason: Reason) -> Words:
    return REASON_WORDS[reason]


def party_said(party: int) -> Words:
    return PARTY_WORDS[Party(party)]


def evidence_said(bits: int) -> Words:
    """Typed evidence, one kind after another."""
    kinds = [KINDS[kind] for kind in Kind if bits >> kind & 1]
    return Words("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds))


def moment_said(us: int, zone: Zone) -> str:
    """What the market's own clock shows."""
    return f"{moment_of(int(local_of(np.array([us]), zone)[0])):%Y-%m-%d %H:%M}"


def percent(bps: int) -> str:
    """Ten-thousandths as a percentage: 300 %, 12.5 %."""
    whole, part = divmod(bps, 100)
    return f"{whole}%" if part == 0 else f"{whole}.{part:02d}".rstrip("0") + "%"


def said(start: str, between: str, parts: Sequence[str]) -> str:
    return start + between.join(parts)
