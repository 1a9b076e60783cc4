"""Signed notes: the published one opens, every change to it is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from xiaobao.evidence.rules.notes import (
    Checkpoint,
    NoteRefused,
    Signer,
    open_note,
    read_checkpoint,
    read_signer,
    read_verifier,
)

VECTOR = SHARED / "data" / "vectors" / "signed_note.json"
SIGNER = Signer("log.example", bytes(range(32)))
NOTE = SIGNER.sign("one line\n第二行\n")


def test_the_published_note_opens_and_its_negatives_do_not() -> None:
    if not VECTOR.exists():
        pytest.skip("the published vector is not beside the project")
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    key, note = read_verifier(vector["verifier_key"]), vector["note"]
    assert str(key) == vector["verifier_key"]
    assert open_note(note, [key]) == note.rpartition("\n\n")[0] + "\n"
    for place in range(note.index("\n\n")):
        changed = note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :]
        with pytest.raises(NoteRefused):
            open_note(changed, [key])
    with pytest.raises(NoteRefused):
        open_note(note.replace("\n\n", "\n"), [key])
    with pytest.raises(NoteRefused):
        open_note(note.removesuffix("\n"), [key])
    with pytest.raises(NoteRefused, match="hash"):
        read_verifier(vector["verifier_key"].replace("c74f20a3", "c74f20a4"))


def test_keys_are_read_as_they_are_spelt() -> None:
    assert read_signer(SIGNER.spelt()) == SIGNER
    assert read_verifier(str(SIGNER.verifier)) == SIGNER.verifier
    assert SIGNER.spelt().startswith("PRIVATE+KEY+log.example+")
    assert "seed" not in repr(SIGNER)


def test_a_stranger_proves_nothing() -> None:
    stranger = Signer("log.example", b"x" * 32)
    with pytest.raises(NoteRefused, match="no known key"):
        open_note(NOTE, [stranger.verifier])
    with pytest.raises(NoteRefused):
        open_note(NOTE, [])


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_any_flipped_bit_fails(place: int, bit: int) -> None:
    changed = bytearray(NOTE.encode())
    changed[place] ^= 1 << bit
    try:
        text = changed.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(NoteRefused):
        open_note(text, [SIGNER.verifier])


@pytest.mark.parametrize("text", ["no end", "", "bell \a\n"])
def test_what_is_no_text_is_not_signed(text: str) -> None:
    with pytest.raises(NoteRefused):
        SIGNER.sign(text)


@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_written(size: int, root: bytes) -> None:
    made = Checkpoint("log.example", size, root, ("sealed 2026-01-01",))
    assert read_checkpoint(open_note(SIGNER.sign(made.text()), [SIGNER.verifier])) == made


@pytest.mark.parametrize("text", ["", "log\n", "log\n3\n", "log\n03\nAAAA\n", "log\nx\nAAAA\n",
                                  "log\n3\n%%\n", "\n3\nAAAA\n"])  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        read_checkpoint(text)
