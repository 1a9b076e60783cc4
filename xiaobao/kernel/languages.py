"""Languages: which of the two somebody asks for."""

from __future__ import annotations

CODES = {"zh": "zh-hans", "en": "en"}


def asked_in(accepted: str) -> str:
    """`zh` or `en`, from what an `Accept-Language` header says; the first of them named."""
    parts = (part.strip()[:2].lower() for part in accepted.split(","))
    return next((part for part in parts if part in CODES), "zh")
