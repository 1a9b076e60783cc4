"""Handing in: bytes first, then the record; once, all or none, chained."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import transaction
from obstore.store import MemoryStore

from tests.evidence import making
from tests.evidence.making import AT, CASE, LIMITS, SELLER, film, handed_in, later, paper, photo
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.evidence import acts, queries
from xiaobao.evidence.facts import EntryKind, Kind, Media, Party
from xiaobao.evidence.rules import chain
from xiaobao.evidence.store.blobs import Bucket, BytesDamaged, BytesMissing, Folder, blobs
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.promises.acts import publish_pack
from xiaobao.promises.queries import book_of, market

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
TABLES = ("case", "entry", "piece", "fingerprint")


def counts() -> tuple[int, ...]:
    ((*found,),) = fetch_rows(
        "SELECT " + ", ".join(f"(SELECT count(*) FROM evidence_{name})" for name in TABLES)
    )
    return tuple(found)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_piece_is_kept_recorded_and_chained(kept: Path) -> None:
    body = photo()
    receipt = acts.submit_evidence(
        handed_in(body, party_id=55, words="破了", name="a.jpg"),
        limits=LIMITS,
        at=later(minutes=1),
    )
    digest = sha256(body).digest()
    assert (receipt.seq, receipt.sha256, receipt.is_new) == (1, digest, True)
    (path,) = files(kept)
    assert path.read_bytes() == body
    assert path.relative_to(kept).parts == (digest.hex()[:2], digest.hex())
    assert path.stat().st_mode & 0o777 == 0o400
    (piece,) = queries.pieces_of(SELLER, CASE)
    assert (piece.kind, piece.party, piece.party_id) == (Kind.PHOTO, Party.BUYER, 55)
    assert (piece.media, piece.size, piece.sha256) == (Media.JPEG, len(body), digest)
    assert (piece.words, piece.name) == ("破了", "a.jpg")
    assert (piece.submitted_at, piece.recorded_at) == (AT, later(minutes=1))
    (entry,) = queries.chain_of(SELLER, CASE)
    assert entry.kind is EntryKind.PIECE
    assert entry.previous == chain.BEGINNING
    assert entry.hash == receipt.entry_hash == chain.entry_hash(chain.BEGINNING, entry.content)
    assert queries.check(with_bytes=True) == []
    assert counts() == (1, 1, 1, 1)


def test_the_same_thing_twice_is_one_piece(kept: Path) -> None:
    first = acts.submit_evidence(handed_in(photo()), limits=LIMITS, at=AT)
    again = acts.submit_evidence(
        handed_in(photo(), words="other words"), limits=LIMITS, at=later(days=1)
    )
    assert (again.seq, again.entry_hash, again.is_new) == (1, first.entry_hash, False)
    assert counts() == (1, 1, 1, 1)
    # Another kind, another party or another case are other pieces, of the same bytes.
    others = [
        handed_in(photo(), Kind.OTHER),
        handed_in(photo(), party=Party.SELLER),
        handed_in(photo(), case_id=CASE + 1),
    ]
    assert [r.seq for r in acts.submit_all(others, limits=LIMITS, at=AT)] == [2, 3, 1]
    assert len(files(kept)) == 1


def test_a_batch_is_taken_whole_or_not_at_all(kept: Path) -> None:
    batch = [handed_in(photo(1)), handed_in(b"<html>"), handed_in(photo(2))]
    with pytest.raises(acts.EvidenceRefused) as refused:
        acts.submit_all(batch, limits=LIMITS, at=AT)
    assert refused.value.fields["row"] == 2
    assert refused.value.fields["field"] == "body"
    assert "截图" in refused.value.says("zh")
    assert "screenshot" in refused.value.says("en")
    assert counts() == (0, 0, 0, 0)
    assert files(kept) == []


def test_a_receipt_for_each_in_the_order_given() -> None:
    batch = [handed_in(photo(n), case_id=case) for n, case in enumerate([3, 1, 3, 2, 1])]
    receipts = acts.submit_all(batch, limits=LIMITS, at=AT)
    assert [(r.case_id, r.seq) for r in receipts] == [(3, 1), (1, 1), (3, 2), (2, 1), (1, 2)]
    assert queries.check() == []


def test_a_case_takes_so_many_pieces_of_one_party() -> None:
    two = making.limits(most_pieces=2)
    acts.submit_all([handed_in(photo(n)) for n in range(2)], limits=two, at=AT)
    with pytest.raises(acts.EvidenceRefused, match="2 pieces"):
        acts.submit_evidence(handed_in(photo(2)), limits=two, at=AT)
    assert counts() == (1, 2, 2, 2)
    # The same again is no new piece; other groups and parties have their own count.
    acts.submit_evidence(handed_in(photo(0)), limits=two, at=AT)
    acts.submit_evidence(handed_in(film(), Kind.OTHER), limits=two, at=AT)
    acts.submit_evidence(handed_in(photo(2), party=Party.SELLER), limits=two, at=AT)
    assert counts()[2] == 4


def test_bytes_that_nobody_recorded_are_harmless(kept: Path) -> None:
    """A crash between the disk and the record: handed in again, the same file serves."""
    from xiaobao.evidence.rules.admission import limits_at

    terms = limits_at(LIMITS, AT)
    acts.prepare([handed_in(photo())], terms, at=AT)
    assert len(files(kept)) == 1
    assert counts() == (0, 0, 0, 0)
    acts.submit_evidence(handed_in(photo()), limits=LIMITS, at=AT)
    assert len(files(kept)) == 1
    assert counts() == (1, 1, 1, 1)


def test_snapshots_and_facts_are_evidence_by_themselves() -> None:
    facts = {"title": "手机壳", "price_minor": 1990, "promises": ["ships_on_time"], "is_new": True}
    receipt = acts.record_snapshot(
        SELLER, CASE, Kind.SNAPSHOT, facts, happened_at=later(days=-3), at=AT
    )
    (piece,) = queries.pieces_of(SELLER, CASE)
    assert (piece.party, piece.media, piece.kind) == (Party.PLATFORM, Media.JSON, Kind.SNAPSHOT)
    assert piece.submitted_at == later(days=-3)
    expected = '{"is_new":true,"price_minor":1990,"promises":["ships_on_time"],"title":"手机壳"}'
    assert blobs().content(receipt.sha256).whole().decode() == expected
    again = acts.record_snapshot(
        SELLER, CASE, Kind.SNAPSHOT, dict(reversed(facts.items())), happened_at=AT, at=AT
    )
    assert (again.seq, again.is_new) == (1, False)
    for wrong in ({"a": 1.5}, {"a": object()}, {1: "a"}):
        with pytest.raises(TypeError):
            acts.record_snapshot(SELLER, CASE, Kind.SNAPSHOT, wrong, happened_at=AT, at=AT)  # type: ignore[arg-type]


def test_the_sellers_own_file_is_the_case_of_its_own_id() -> None:
    notice = handed_in(paper(), Kind.PENALTY_NOTICE, Party.PLATFORM, case_id=SELLER)
    hardship = handed_in(paper(b"x"), Kind.HARDSHIP_PROOF, Party.SELLER, case_id=SELLER)
    acts.submit_all([notice, hardship], limits=LIMITS, at=AT)
    kinds = [p.kind for p in queries.pieces_of(SELLER, SELLER)]
    assert kinds == [Kind.PENALTY_NOTICE, Kind.HARDSHIP_PROOF]
    assert [(c, n) for c, n, _ in queries.cases_of(SELLER)] == [(SELLER, 2)]


def test_names_and_words_lose_what_a_database_cannot_hold() -> None:
    acts.submit_evidence(
        handed_in(photo(), words="a\0b\ud800c", name="x\r\n\x1b[31m.jpg"), limits=LIMITS, at=AT
    )
    (piece,) = queries.pieces_of(SELLER, CASE)
    assert (piece.words, piece.name) == ("ab?c", "x\n[31m.jpg")


def test_the_shipped_pack_sets_the_limits() -> None:
    publish_pack("cn", at=AT)
    shipped = book_of(EvidenceTerms, market("cn").market_id)
    acts.submit_evidence(handed_in(photo()), limits=shipped, at=AT)
    with pytest.raises(acts.EvidenceRefused, match="at most 1000000"):
        acts.submit_evidence(handed_in(b"a" * 1_000_001, Kind.STATEMENT), limits=shipped, at=AT)


# -- bytes ---------------------------------------------------------------------------------------


def test_damaged_and_missing_bytes_are_named(kept: Path) -> None:
    receipts = acts.submit_all([handed_in(photo(n)) for n in range(2)], limits=LIMITS, at=AT)
    paths = {path.name: path for path in files(kept)}
    damaged, gone = (paths[r.sha256.hex()] for r in receipts)
    damaged.chmod(0o600)
    damaged.write_bytes(b"\xff\xd8\xff other")
    gone.unlink()
    with pytest.raises(BytesDamaged, match=damaged.name):
        blobs().content(receipts[0].sha256)
    with pytest.raises(BytesDamaged):
        blobs().put(photo(0))
    with pytest.raises(BytesMissing, match=gone.name):
        blobs().content(receipts[1].sha256)
    assert queries.check() == []
    broken = queries.check(with_bytes=True)
    assert {(b.law, b.seq) for b in broken} == {("bytes", 1), ("bytes", 2)}


@pytest.mark.parametrize("make", [lambda _: Bucket(MemoryStore(), "memory://"), Folder])
def test_bytes_are_written_once_wherever_they_lie(make: Any, tmp_path: Path) -> None:
    place = make(tmp_path / "deep" / "er")
    digest = place.put(b"bytes")
    assert digest == sha256(b"bytes").digest()
    assert place.put(b"bytes") == digest
    assert place.content(digest).whole() == b"bytes"
    with pytest.raises(BytesMissing):
        place.content(sha256(b"none").digest())


def test_a_bucket_never_writes_over_a_name() -> None:
    store = MemoryStore()
    place = Bucket(store, "memory://")
    digest = place.put(b"bytes")
    name = f"{digest.hex()[:2]}/{digest.hex()}"
    store.put(name, b"other")
    with pytest.raises(BytesDamaged):
        place.put(b"bytes")
    assert bytes(store.get(name).bytes()) == b"other"


def test_an_unknown_place_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    from xiaobao.evidence.store.blobs import StoreUnusable

    monkeypatch.setenv("XIAOBAO_EVIDENCE_URL", "gopher://user:secret@host/x")
    with pytest.raises(StoreUnusable) as refused:
        blobs()
    assert "secret" not in str(refused.value.fields["place"])


# -- rights --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    ["entry", "piece", "custody", "hold", "lift", "end", "fingerprint", "leaf", "tile",
     "checkpoint", "stamp"],
)  # fmt: skip
def test_what_was_told_cannot_be_changed_by_our_own_role(table: str) -> None:
    column = {"tile": "tile", "checkpoint": "size", "stamp": "size"}.get(table, "seller_id")
    for verb in (f"UPDATE evidence_{table} SET {column} = 1", f"DELETE FROM evidence_{table}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
            execute(verb)


def test_the_same_number_twice_is_refused_by_the_database() -> None:
    acts.submit_evidence(handed_in(photo()), limits=LIMITS, at=AT)
    with pytest.raises(psycopg.errors.UniqueViolation):
        execute("INSERT INTO evidence_entry SELECT * FROM evidence_entry")
