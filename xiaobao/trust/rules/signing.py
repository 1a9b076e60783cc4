"""Statements that are signed: their one spelling, and whose signature holds over them; pure."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from xiaobao.evidence.rules.notes import NoteRefused, open_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xiaobao.evidence.rules.notes import Verifier


class LabelRefused(ValueError):  # noqa: N818
    """A label or report is misshapen, was changed, or is signed by no known key; says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def signed_text(statement: Mapping[str, Any]) -> str:
    """What is signed: a statement without its signature, its names in order, in one line."""
    bare = {name: value for name, value in statement.items() if name != "signature"}
    return json.dumps(bare, ensure_ascii=True, sort_keys=True, separators=(",", ":")) + "\n"


def spelling(statement: Mapping[str, Any]) -> str:
    """As it is handed out: readable in its own letters, and the same bytes every time."""
    return json.dumps(statement, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def with_signature(statement: Mapping[str, Any], note: str) -> dict[str, Any]:
    """The statement with the signature of a note over its text."""
    return {**statement, "signature": note.removeprefix(signed_text(statement)).strip()}


def opened(
    body: bytes, verifiers: Sequence[Verifier], kind: str, most: int
) -> tuple[dict[str, Any], str]:
    """What a statement of this kind says, and the key that signed it; at most so many bytes.

    :raises LabelRefused: where none of these keys did, or it is no such statement
    """
    found = _read(body, kind, most)
    try:
        open_note(f"{signed_text(found)}\n{found['signature']}\n", verifiers)
    except (NoteRefused, ValueError) as trouble:
        raise LabelRefused(f"签名不成立（{trouble}）", str(trouble)) from trouble
    (key,) = [str(one) for one in verifiers if _is_by(found["signature"], one)][:1]
    return {name: value for name, value in found.items() if name != "signature"}, key


def _read(body: bytes, kind: str, most: int) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= most else None
    except (ValueError, RecursionError) as trouble:
        raise LabelRefused("不是 JSON", "this is no JSON") from trouble
    if not isinstance(found, dict) or found.get("format") != kind:
        raise LabelRefused(f"不是 {kind}", f"this is no {kind}")
    if not isinstance(found.get("signature"), str):
        raise LabelRefused("没有签名", "it has no signature")
    return found


def _is_by(signature: str, verifier: Verifier) -> bool:
    name, _, encoded = signature.removeprefix("— ").partition(" ")
    return name == verifier.name and base64.b64decode(encoded)[:4] == verifier.key_hash
