"""Archives that a stranger sealed, with a key of their own: refused in words."""

from __future__ import annotations

from hashlib import sha256

import pytest

from xiaobao.evidence.rules.chain import canonical
from xiaobao.evidence.rules.dossiers import DossierRefused, check, packed, sealed
from xiaobao.evidence.rules.dossiers.sealing import FORMAT
from xiaobao.evidence.rules.notes import KEY_BYTES, Signer

SIGNER = Signer("stranger", bytes(KEY_BYTES))
ENTRY = {"seq": 1, "previous": bytes(32).hex(), "hash": "no hex", "kind": 1, "content": None}


@pytest.mark.parametrize("files", [
    [("evidence/chain.json", b"{}")],
    [("evidence/chain.json", b"[" * 100_000)],
    [("evidence/chain.json", canonical([ENTRY]))],
    [("evidence/chain.json", b"[1]"), ("evidence/pieces.json", b"[1]")],
    [("evidence/chain.json", b"[]"), ("evidence/pieces.json", b"[]"),
     ("evidence/proof.json", b"[]")],
    [("../../chain.json", b"[]"), ("../../chain.json", b"[]")],
])  # fmt: skip
def test_sealed_by_a_stranger_it_is_refused_in_words(files: list[tuple[str, bytes]]) -> None:
    with pytest.raises(DossierRefused) as refused:
        check(sealed({}, files, SIGNER))
    assert refused.value.piece
    assert refused.value.zh != refused.value.en


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b"\xff", b'{"pieces": 1}'])
def test_a_list_that_is_none_is_refused_in_words(manifest: bytes) -> None:
    text = f"{FORMAT}\n{sha256(manifest).hexdigest()}\n{SIGNER.verifier}\n"
    seal = SIGNER.sign(text).encode()
    with pytest.raises(DossierRefused):
        check(packed([("manifest.json", manifest), ("seal.note", seal)]))
