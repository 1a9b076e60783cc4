"""Bytes that may be many: whatever way they are read, they are the same bytes."""

from __future__ import annotations

from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.contents import (
    PORTION_BYTES,
    Content,
    ContentCutOff,
    content_of,
    in_file,
    joined,
)

if TYPE_CHECKING:
    from pathlib import Path

PARTS = st.lists(st.binary(max_size=9), max_size=6)


@given(PARTS, st.integers(0, 60), st.integers(0, 60))
def test_parts_joined_are_read_as_one(parts: list[bytes], first: int, size: int) -> None:
    whole, content = b"".join(parts), joined([content_of(part) for part in parts])
    assert (content.size, content.whole()) == (len(whole), whole)
    assert content.part(first, size).whole() == whole[first : first + size]
    assert content.digest() == sha256(whole).digest()
    with content.opened() as file:
        for end in accumulate(len(part) for part in parts):
            file.seek(end)
            assert file.read(3) == whole[end : end + 3]
        file.seek(-min(2, len(whole)), 2)
        assert file.read() == whole[-2:]


def test_no_portion_is_larger_than_what_is_held(tmp_path: Path) -> None:
    path = tmp_path / "a"
    body = bytes(range(256)) * (2 * PORTION_BYTES // 256) + b"end"
    path.write_bytes(body)
    content = in_file(path)
    assert [len(one) for one in content.portions()] == [PORTION_BYTES, PORTION_BYTES, 3]
    assert content.whole() == body
    path.write_bytes(body[:-1])
    with pytest.raises(ContentCutOff):
        content.digest()


def test_what_says_it_is_longer_than_it_is_is_cut_off() -> None:
    with pytest.raises(ContentCutOff, match="3 bytes are there of 4"):
        Content(4, lambda at, most: b"abc"[at : at + most]).whole()
