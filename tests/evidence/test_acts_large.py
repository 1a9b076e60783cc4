"""Files of any size: never held whole, never half recorded, nothing left of what was cut off."""

from __future__ import annotations

import os
import resource
import signal
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests.evidence import making
from tests.evidence.making import AT, CASE, SELLER, film, handed_in
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence import acts, queries
from xiaobao.evidence.facts import CustodyKind, Kind, Party, Viewer
from xiaobao.evidence.rules.dossiers import DossierRefused, check, packed
from xiaobao.evidence.store.blobs import Folder, StoreUnusable, blobs
from xiaobao.kernel.contents import Content, content_of, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = making.limits(largest_bytes=200_000_000)
LARGE = 40_000_000


def large_film(size: int = LARGE) -> Content:
    """A film whose frames are made as they are read."""
    place = making.box(b"udta", b"+30.2740+120.1551/")
    head = making.box(b"ftyp", b"isom\0\0\0\0isommp41") + making.box(b"moov", place)
    frames = Content(size, lambda _, most: b"f" * most)
    return joined([content_of(head + (8 + size).to_bytes(4, "big") + b"mdat"), frames])


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process becomes larger: as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def holding_little() -> Iterator[None]:
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < LARGE / 10


@pytest.mark.django_db
@pytest.mark.usefixtures("kept")
def test_a_film_is_taken_in_shown_and_taken_out_without_being_held() -> None:
    given = handed_in(large_film(), Kind.UNBOXING_VIDEO)
    with holding_little():
        acts.submit_evidence(given, limits=MANY, at=AT)
        seen = acts.view_piece(SELLER, CASE, 1, Viewer.SELLER, viewer_id=7, at=AT).content
        own = acts.read_original(SELLER, CASE, 1, Viewer.BUYER, viewer_id=8, at=AT)[1]
        (taken,) = acts.export_case(SELLER, CASE, Viewer.BUYER, viewer_id=8, at=AT, why="")
        archive = packed([("film.mp4", taken.content), ("copy.mp4", seen)])
        told = own.digest(), sum(len(one) for one in archive.portions())
    size = large_film().size
    assert told == (large_film().digest(), archive.size)
    assert (own.size, seen.size) == (size, size)
    assert b"+30.2740" in own.part(0, 200).whole()
    assert b"+30.2740" not in seen.part(0, 200).whole()
    assert [one.kind for one in queries.custody_of(SELLER, CASE)] == [
        CustodyKind.SEEN, CustodyKind.ORIGINAL, CustodyKind.EXPORTED,
    ]  # fmt: skip


def test_a_dossier_of_a_stranger_is_checked_without_being_held() -> None:
    archive = packed([("manifest.json", b"{}"), ("film.mp4", large_film())])
    with holding_little(), pytest.raises(DossierRefused) as refused:
        check(archive)
    assert refused.value.piece == "seal.note"


@pytest.mark.django_db
def test_on_a_full_disk_nothing_is_recorded_and_nothing_left(kept: Path) -> None:
    both = [handed_in(film(), Kind.OTHER), handed_in(large_film(), Kind.OTHER)]
    with room_for(1_000_000), pytest.raises(StoreUnusable) as refused:
        acts.submit_all(both, limits=MANY, at=AT)
    assert "File too large" in refused.value.says("en")
    assert fetch_rows("SELECT count(*) FROM evidence_case") == [(0,)]
    # The small one was whole before: it lies under its hash, and serves when it comes again.
    assert [path.stat().st_size for path in files(kept)] == [len(film())]
    acts.submit_evidence(handed_in(large_film(), Kind.OTHER, Party.SELLER), limits=MANY, at=AT)
    assert queries.check(with_bytes=True) == []


def test_what_a_killed_writer_began_is_swept_and_a_live_ones_is_not(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    told, tell = os.pipe()
    writer = os.fork()
    if not writer:  # pragma: no cover  another process

        def stuck(at: int, most: int) -> bytes:
            if at:
                os.write(tell, b".")
                signal.pause()
            return b"f" * most

        place.put(Content(LARGE, stuck))
        os._exit(1)
    os.read(told, 1)
    os.close(told)
    os.close(tell)
    assert (len(files(tmp_path)), place.sweep()) == (1, 0)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    assert len(files(tmp_path)) == 1
    assert (place.sweep(), place.sweep()) == (1, 0)
    assert files(tmp_path) == []
    digest = place.put(large_film(1_000_000))
    assert place.content(digest).size == large_film(1_000_000).size
    assert len(files(tmp_path)) == 1


def test_a_sweep_comes_no_sooner_than_the_writer_who_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, remove, swept = Folder(tmp_path), Path.unlink, []

    def swept_first(path: Path) -> None:
        monkeypatch.setattr(Path, "unlink", remove)
        swept.append(place.sweep())
        path.unlink()

    monkeypatch.setattr(Path, "unlink", swept_first)
    digest = place.put(b"a few bytes")
    assert swept == [0]
    assert place.content(digest).whole() == b"a few bytes"
    assert len(files(tmp_path)) == 1


@pytest.mark.usefixtures("committed", "kept")
def test_no_row_is_locked_while_files_are_read_or_written() -> None:
    receipt = acts.submit_evidence(handed_in(film(), Kind.OTHER), limits=MANY, at=AT)
    with transaction.atomic(), pytest.raises(AssertionError, match="outside transactions"):
        blobs().put(film())
    with transaction.atomic(), pytest.raises(AssertionError, match="outside transactions"):
        blobs().content(receipt.sha256)
