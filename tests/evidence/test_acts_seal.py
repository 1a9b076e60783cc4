"""The log: sealed, signed, proved to strangers; whatever the database's owner changes is named."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.evidence.making import AT, CASE, LIMITS, SELLER, handed_in, later, photo
from xiaobao.database.places import places
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.evidence import acts, queries
from xiaobao.evidence.facts import Kind, PieceProof, Viewer
from xiaobao.evidence.rules import timestamps
from xiaobao.evidence.rules.chain import verify_chain
from xiaobao.evidence.rules.merkle import (
    ProofRefused,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from xiaobao.evidence.rules.notes import Signer, open_note, read_checkpoint, read_verifier
from xiaobao.evidence.store.keys import log_signer, log_verifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def facts(cases: int, first: int = 1) -> None:
    """So many cases with one piece each."""
    acts.record_prepared(
        [
            acts.facts_prepared(SELLER + n % 3, n, Kind.ORDER_FACTS, {"n": n}, happened_at=AT)
            for n in range(first, first + cases)
        ],
        None,
        at=AT,
    )


def verify(proof: PieceProof) -> None:
    """As a stranger does, with nothing but the proof and the log's public key."""
    head = verify_chain(proof.entries, is_whole=False)
    assert leaf_hash(head) == proof.leaf
    verify_inclusion(proof.leaf_index, proof.size, proof.leaf, proof.path, proof.root)
    told = read_checkpoint(open_note(proof.note, [read_verifier(proof.verifier)]))
    assert (told.size, told.root) == (proof.size, proof.root)


def test_sealing_puts_ends_of_chains_into_a_signed_log() -> None:
    facts(3)
    acts.record_snapshot(SELLER, 99, Kind.SNAPSHOT, {"a": 1}, happened_at=AT, at=later(minutes=1))
    acts.record_snapshot(SELLER, 99, Kind.SNAPSHOT, {"a": 2}, happened_at=AT, at=later(minutes=2))
    assert queries.unsealed() == 4
    sealed = acts.seal(later(minutes=3))
    assert (sealed.added, sealed.size) == (4, 4)
    assert queries.unsealed() == 0
    own = log_verifier()
    assert own is not None
    told = read_checkpoint(open_note(sealed.note, [own]))
    assert (told.origin, told.size, told.root) == ("xiaobao.evidence", 4, sealed.root)
    assert told.lines == ("sealed 2026-03-01T08:03:00+00:00",)
    leaves = fetch_rows("SELECT case_id, seq FROM evidence_leaf ORDER BY leaf_index")
    assert sorted(leaves[:3]) == [(1, 1), (2, 1), (3, 1)]
    assert leaves[3] == (99, 2)
    assert queries.check() == []


def test_nothing_new_signs_nothing() -> None:
    assert acts.seal(AT).size == 0
    assert queries.checkpoints() == []
    facts(1)
    first = acts.seal(AT)
    again = acts.seal(later(days=1))
    assert (again.added, again.note) == (0, first.note)
    assert len(queries.checkpoints()) == 1


def test_a_chain_is_sealed_again_when_it_grows() -> None:
    acts.submit_evidence(handed_in(photo()), limits=LIMITS, at=AT)
    acts.seal(AT)
    acts.view_piece(SELLER, CASE, 1, Viewer.SELLER, viewer_id=1, at=AT)
    assert acts.seal(AT).size == 2
    assert [(s.size, s.added) for s, _ in queries.checkpoints()] == [(2, 1), (1, 1)]


def test_every_piece_is_proved_to_a_stranger() -> None:
    facts(40)
    acts.seal(AT)
    facts(30, first=41)
    acts.submit_all([handed_in(photo(n)) for n in range(3)], limits=LIMITS, at=AT)
    with pytest.raises(queries.NotSealed, match="evidence seal"):
        queries.proof_of(SELLER, CASE, 1)
    acts.seal(AT)
    for seller, case, seq in fetch_rows("SELECT seller_id, case_id, seq FROM evidence_piece"):
        verify(queries.proof_of(seller, case, seq))
    proof = queries.proof_of(SELLER, CASE, 1)
    assert [entry.seq for entry in proof.entries] == [1, 2, 3]
    assert proof.size == 71
    with pytest.raises(queries.PieceUnknown):
        queries.proof_of(SELLER, CASE, 4)


def test_tiles_serve_proofs_over_several_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """With tiles of four a log of a hundred has three levels of them."""
    from xiaobao.evidence.acts import sealing
    from xiaobao.evidence.queries import checking
    from xiaobao.evidence.queries import log as reading

    monkeypatch.setattr(reading, "TILE_HEIGHT", 2)
    for module in (reading, sealing, checking):
        monkeypatch.setattr(module, "TILE_WIDTH", 4)
    roots = {0: acts.seal(AT).root}
    first = 1
    for cases in (1, 2, 5, 13, 30, 49):
        facts(cases, first)
        first += cases
        sealed = acts.seal(AT)
        roots[sealed.size] = sealed.root
    assert sorted(roots) == [0, 1, 3, 8, 21, 51, 100]
    tiles = fetch_rows("SELECT level, count(*) FROM evidence_tile GROUP BY 1 ORDER BY 1")
    assert tiles == [(0, 25), (1, 6), (2, 1)]
    for seller, case, seq in fetch_rows("SELECT seller_id, case_id, seq FROM evidence_piece"):
        verify(queries.proof_of(seller, case, seq))
    for old, old_root in roots.items():
        for new, new_root in roots.items():
            if old <= new:
                proof = queries.consistency_of(old, new)
                verify_consistency(old, new, proof, old_root, new_root)
    with pytest.raises(ProofRefused):
        verify_consistency(8, 21, queries.consistency_of(8, 21), roots[3], roots[21])
    assert queries.check() == []


def test_the_key_is_made_once_for_its_owners_eyes() -> None:
    signer = log_signer()
    assert log_signer() == signer
    folder = places().keys
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "evidence-log.key").stat().st_mode & 0o777 == 0o600
    public = (folder / "evidence-log.pub").read_text(encoding="ascii")
    assert read_verifier(public) == signer.verifier == log_verifier()


# -- tampering -----------------------------------------------------------------------------------


def prepared_case() -> None:
    acts.submit_all(
        [handed_in(photo(n), words=f"第{n}张") for n in range(3)], limits=LIMITS, at=AT
    )
    acts.view_piece(SELLER, CASE, 2, Viewer.STAFF, viewer_id=9, at=AT, why="处理")
    acts.end_case(SELLER, CASE, keep_until=None, zone="UTC", at=AT)
    facts(3)
    acts.seal(AT)
    acts.record_snapshot(SELLER, CASE, Kind.SNAPSHOT, {"a": 1}, happened_at=AT, at=AT)
    acts.seal(AT)


WHERE = f"WHERE seller_id = {SELLER} AND case_id = {CASE}"
TAMPERING = {
    f"UPDATE evidence_piece SET words = 'x' {WHERE} AND seq = 2": ("chain", 2),
    f"UPDATE evidence_piece SET party = 2 {WHERE} AND seq = 1": ("chain", 1),
    f"UPDATE evidence_piece SET size = size + 1 {WHERE} AND seq = 3": ("chain", 3),
    f"UPDATE evidence_piece SET submitted_at = submitted_at - interval '1 us' {WHERE} AND seq = 1":
        ("chain", 1),
    f"UPDATE evidence_piece SET sha256 = decode(repeat('00', 32), 'hex') {WHERE} AND seq = 1":
        ("chain", 1),
    f"DELETE FROM evidence_piece {WHERE} AND seq = 2": ("chain", 2),
    f"DELETE FROM evidence_entry {WHERE} AND seq = 2": ("chain", 2),
    f"DELETE FROM evidence_entry {WHERE} AND seq = 6": ("head", 6),
    f"UPDATE evidence_entry SET previous = hash {WHERE} AND seq = 3": ("chain", 3),
    f"UPDATE evidence_custody SET viewer_id = 10 {WHERE}": ("chain", 4),
    f"DELETE FROM evidence_custody {WHERE}": ("chain", 4),
    f"UPDATE evidence_end SET keep_until = now() {WHERE}": ("chain", 5),
    f"UPDATE evidence_case SET head = decode(repeat('00', 32), 'hex') {WHERE}": ("head", 6),
    "UPDATE evidence_leaf SET leaf = decode(repeat('00', 32), 'hex') WHERE leaf_index = 0":
        ("leaf", None),
    "UPDATE evidence_leaf SET leaf_index = 9 WHERE leaf_index = 2": ("order", None),
    "DELETE FROM evidence_leaf WHERE leaf_index = 4": ("order", 0),
    "UPDATE evidence_checkpoint SET root = decode(repeat('00', 32), 'hex') WHERE size = 4":
        ("root", 0),
    "UPDATE evidence_checkpoint SET note = replace(note, 'sealed', 'Sealed') WHERE size = 4":
        ("note", 0),
}  # fmt: skip


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_the_owner_changes_is_named(statement: str) -> None:
    prepared_case()
    assert queries.check() == []
    law, seq = TAMPERING[statement]
    with cursor() as cur:
        # The owner's rights for one statement, inside the test's own transaction.
        cur.execute("RESET ROLE")
        cur.execute(statement)
        assert cur.rowcount == 1
        cur.execute("SET ROLE xiaobao_app")
    broken = queries.check()
    assert broken
    assert law in {b.law for b in broken}
    first = next(b for b in broken if b.law == law)
    if seq:
        assert (first.seller_id, first.case_id, first.seq) == (SELLER, CASE, seq)
    assert first.says("zh") != first.says("en")


def test_a_chain_rewritten_whole_is_found_by_the_log() -> None:
    """Whoever recomputes every hash of a chain still cannot change what was sealed."""
    from xiaobao.evidence.rules.chain import BEGINNING, entry_hash

    prepared_case()
    with cursor() as cur:
        cur.execute("RESET ROLE")
        cur.execute(f"UPDATE evidence_piece SET words = 'x' {WHERE} AND seq = 1")
        previous = BEGINNING
        for entry in queries.chain_of(SELLER, CASE):
            made = entry_hash(previous, entry.content)
            cur.execute(
                f"UPDATE evidence_entry SET previous = %s, hash = %s {WHERE} AND seq = %s",
                [previous, made, entry.seq],
            )
            previous = made
        cur.execute(f"UPDATE evidence_case SET head = %s {WHERE}", [previous])
        cur.execute("SET ROLE xiaobao_app")
    found = [(b.law, b.case_id, b.seq) for b in queries.check()]
    assert found == [("leaf", CASE, 5), ("leaf", CASE, 6)]


def test_a_log_rewritten_and_signed_by_another_key_is_found() -> None:
    prepared_case()
    stranger = Signer("xiaobao.evidence", b"s" * 32)
    (last, _), *_ = queries.checkpoints()
    text = last.note.rpartition("\n\n")[0] + "\n"
    with cursor() as cur:
        cur.execute("RESET ROLE")
        cur.execute(
            "UPDATE evidence_checkpoint SET note = %s, verifier = %s WHERE size = %s",
            [stranger.sign(text), str(stranger.verifier), last.size],
        )
        cur.execute("SET ROLE xiaobao_app")
    assert [b.law for b in queries.check()] == ["note"]
    # An auditor who was given both keys accepts it.
    assert queries.check(trusted=[stranger.verifier]) == []


def test_nothing_is_added_to_a_damaged_log() -> None:
    prepared_case()
    facts(1, first=500)
    with cursor() as cur:
        cur.execute("RESET ROLE")
        cur.execute(
            "UPDATE evidence_leaf SET leaf = decode(repeat('00', 32), 'hex') WHERE leaf_index = 1"
        )
        cur.execute("SET ROLE xiaobao_app")
    with pytest.raises(acts.LogDamaged):
        acts.seal(AT)
    assert queries.unsealed() == 1
    assert queries.checkpoints(1)[0][0].size == 5


# -- trusted timestamps --------------------------------------------------------------------------

needs_authority = pytest.mark.skipif(
    shutil.which("openssl") is None or not timestamps.is_installed(),
    reason="openssl or rfc3161-client is not installed",
)
CONFIGURATION = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Test authority
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamps]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
"""


class Authority:
    """A local timestamp authority: a root, a signer under it, and `openssl ts`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "cnf").write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        for name in ("root", "signer"):
            self.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-out", f"{name}.key")  # fmt: skip
        self.run("req", "-x509", "-new", "-key", "root.key", "-config", "cnf", "-extensions", "ca",
                 "-days", "3650", "-out", "root.pem", "-subj", "/CN=Test root")  # fmt: skip
        self.run("req", "-new", "-key", "signer.key", "-config", "cnf", "-out", "signer.csr")
        self.run("x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key",
                 "-CAcreateserial", "-extfile", "cnf", "-extensions", "stamps", "-days", "3650",
                 "-out", "signer.pem")  # fmt: skip
        self.root = (folder / "root.pem").read_bytes()

    def run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def ask(self, request: bytes) -> bytes:
        (self.folder / "query").write_bytes(request)
        self.run("ts", "-reply", "-config", "cnf", "-section", "here", "-queryfile", "query",
                 "-signer", "signer.pem", "-inkey", "signer.key", "-out", "answer")  # fmt: skip
        return (self.folder / "answer").read_bytes()


def answering(answer: bytes) -> Callable[[bytes], bytes]:
    def ask(request: bytes) -> bytes:
        assert request
        return answer

    return ask


def never(request: bytes) -> bytes:
    raise AssertionError(f"asked again: {request!r}")


@needs_authority
def test_a_checkpoint_is_stamped_once_and_any_other_answer_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    stamp: dict[str, Any] = {
        "authority": "https://tsa.example", "roots": [authority.root], "at": AT
    }  # fmt: skip
    assert acts.stamp_log(authority.ask, **stamp) is None
    facts(2)
    sealed = acts.seal(AT)
    first = acts.stamp_log(authority.ask, **stamp)
    assert first is not None
    assert first.size == 2
    moment = timestamps.stamped_at(first.token, sealed.note.encode(), [authority.root])
    assert moment == first.stamped_at
    again = acts.stamp_log(never, **stamp)
    assert again == first
    assert queries.proof_of(SELLER + 1, 1, 1).stamps == (first,)
    with pytest.raises(timestamps.StampRefused):
        timestamps.stamped_at(first.token, b"other bytes", [authority.root])
    other = authority.ask(timestamps.request_for(b"something else"))
    for answer in (b"", b"garbage", other):
        with pytest.raises(acts.StampNotTaken):
            acts.stamp_log(answering(answer), authority="o", roots=[authority.root], at=AT)
    ((count,),) = fetch_rows("SELECT count(*) FROM evidence_stamp")
    assert count == 1


@needs_authority
def test_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    known, unknown = Authority(tmp_path / "a"), Authority(tmp_path / "b")
    facts(1)
    acts.seal(AT)
    with pytest.raises(acts.StampNotTaken):
        acts.stamp_log(unknown.ask, authority="x", roots=[known.root], at=AT)
