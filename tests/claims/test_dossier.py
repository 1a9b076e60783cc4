"""A claim's dossier: the same bytes for the same state, masked for its reader, sealed."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from tests.claims.making import deny, file, key, later, photo, text
from tests.evidence.making import photo_with_place
from xiaobao.claims.acts import PaperNotInstalled, export_dossier
from xiaobao.claims.facts import ABUSE_WORDS, AbuseSign, Handed
from xiaobao.database import sets
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import CustodyKind, Kind, Viewer
from xiaobao.evidence.queries import custody_of
from xiaobao.evidence.rules.dossiers import DossierRefused, check, packed

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.kernel.contents import Content

pytestmark = pytest.mark.usefixtures("world", "kept")
PLACED = photo_with_place()
PLACE = b"Exif"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOBAO_EVIDENCE_URL", (tmp_path / "evidence").as_uri())


def told() -> ClaimRow:
    """A claim with a photo that says where it was taken, denied with a record of the carrier."""
    row = file(handed=[Handed(Kind.PHOTO, PLACED, "a.jpg", "打 13812345678 找我")])
    return deny(row, text(words="签收人电话 13987654321"), at=later(hours=5))


def dossier(row: ClaimRow, viewer: Viewer, **more: Any) -> bytes:
    given: dict[str, Any] = {"viewer_id": 5, "why": "处理维权", "at": later(hours=6)} | more
    return export_dossier(*key(row), viewer, **given).whole()


def inside(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_adjudicators_dossier_holds_all_and_is_on_the_chain() -> None:
    row = told()
    body = dossier(row, Viewer.STAFF)
    held = inside(body)
    checked = check(body)
    assert list(held)[:3] == ["manifest.json", "seal.note", "key.txt"]
    assert {"index.zh.html", "index.en.html", "claim.json", "ledger.json"} <= set(held)
    assert held["evidence/0003-photo.jpg"] == PLACED
    assert (checked.pieces, checked.originals, checked.entries_withheld) == (4, 4, 0)
    assert checked.entries == 8  # four pieces, and each taken out
    assert checked.about["claim"] == "C1"
    exported = [c for c in custody_of(*key(row)) if c.kind is CustodyKind.EXPORTED]
    assert [(c.piece_seq, c.why, c.viewer) for c in exported] == [
        (n, "处理维权", Viewer.STAFF) for n in (1, 2, 3, 4)
    ]
    lines = json.loads(held["ledger.json"])
    assert [(x["why"], x["amount_minor"], x["target"]) for x in lines] == [
        ("exposure_locked", 100_800, "locked")
    ]
    assert dossier(row, Viewer.STAFF) == body
    assert dossier(row, Viewer.STAFF, at=later(hours=7)) != body


def test_a_party_gets_no_more_than_it_may_see() -> None:
    row = told()
    sets.execute("UPDATE claims_claim SET abuse = %s", [AbuseSign.FREQUENT.value])
    held = {viewer: inside(dossier(row, viewer)) for viewer in (Viewer.BUYER, Viewer.SELLER)}
    assert held[Viewer.BUYER]["evidence/0003-photo.jpg"] == PLACED
    buyers, sellers = (b"".join(held[v].values()) for v in (Viewer.BUYER, Viewer.SELLER))
    assert b"13987654321" not in buyers
    assert b"locked_minor" not in buyers
    assert b"exposure_locked" not in buyers
    # Its digest would give the four digits away that the copy hides.
    assert b"139****4321" in held[Viewer.BUYER]["evidence/0004-carrier_record.txt"]
    digest = sha256("签收人电话 13987654321".encode()).hexdigest().encode()
    assert digest in held[Viewer.SELLER]["evidence/chain.json"]
    assert digest not in buyers
    salts = fetch_rows("SELECT length(salt), salt FROM evidence_piece")
    assert {length for length, _ in salts} == {16}
    assert len({bytes(salt) for _, salt in salts}) == len(salts)
    assert b"13812345678" not in sellers
    assert PLACE not in sellers
    assert b"Testphone" not in sellers
    assert b"138****5678" in sellers
    sign = ABUSE_WORDS[AbuseSign.FREQUENT].en.encode()
    assert sign in inside(dossier(row, Viewer.STAFF))["claim.json"]
    assert {"abuse", "similar_sold"} & set(json.loads(held[Viewer.BUYER]["facts.json"])) == set()
    for viewer, files in held.items():
        assert sign not in b"".join(files.values()), viewer
        assert "abuse" not in json.loads(files["facts.json"])
        checked = check(dossier(row, viewer))
        # The other side's words are masked, and so is their digest.
        assert checked.entries_withheld >= 1, viewer
        for name in ("index.zh.html", "index.en.html"):
            page = files[name].decode()
            assert re.findall(r"(?:src|href)=\"(?!data:)", page) == []
            assert "<script" not in page


def sampled(body: bytes) -> list[int]:
    """Every byte of headers and of the small files, and some of each large one."""
    held = zipfile.ZipFile(io.BytesIO(body)).infolist()
    places = set(range(held[-1].header_offset, len(body), 3))
    for info in held:
        start = info.header_offset
        places |= set(range(start, start + 30 + len(info.filename)))
        places |= set(range(start, start + 30 + info.file_size, 1 + info.file_size // 40))
    return sorted(places)


def owner(body: bytes, place: int) -> str:
    """The entry that a byte belongs to, as the standard library reads the archive."""
    archive = zipfile.ZipFile(io.BytesIO(body))
    if place < archive.start_dir:
        return max(
            (i for i in archive.infolist() if i.header_offset <= place),
            key=lambda i: i.header_offset,
        ).filename
    at = archive.start_dir
    if place < at + len(b"PK\x01\x02"):
        return "the directory of the archive"
    for info in archive.infolist():
        at += 46 + len(info.filename)
        if place < at:
            return info.filename
    return "the end of the archive"


def refused(body: bytes | Content) -> str:
    with pytest.raises(DossierRefused) as found:
        check(body)
    return found.value.piece


def test_a_byte_changed_anywhere_is_refused_and_its_piece_named() -> None:
    body = dossier(told(), Viewer.BUYER)
    for place in sampled(body):
        changed = bytearray(body)
        changed[place] ^= 1 << place % 8
        expected = owner(body, place)
        found = refused(bytes(changed))
        assert found == expected, (place, found, expected)


def test_entries_added_removed_reordered_cut_and_followed_are_refused() -> None:
    body = dossier(told(), Viewer.STAFF)
    files = list(inside(body).items())
    assert packed(files).whole() == body
    assert refused(packed([*files, ("extra.txt", b"x")])) == "extra.txt"
    assert refused(packed([*files[:5], ("extra.txt", b"x"), *files[5:]])) == "extra.txt"
    assert refused(packed(files[:-1])) == files[-1][0]
    assert refused(packed([*files[:4], *files[5:]])) == files[4][0]
    swapped = [*files[:4], files[5], files[4], *files[6:]]
    assert refused(packed(swapped)) == files[4][0]
    assert refused(packed([*files[:4], (files[4][0], b"{}"), *files[5:]])) == files[4][0]
    assert refused(packed([("other.json", files[0][1]), *files[1:]])) == "manifest.json"
    assert refused(body + b"\n") == "the end of the archive"
    for end in (0, 1, 40, len(body) // 2, len(body) - 1):
        assert refused(body[:end])
    with_photo = packed([(n, photo().body if "photo" in n else b) for n, b in files])
    assert refused(with_photo) == "evidence/0003-photo.jpg"


def test_on_paper_it_is_the_same_twice_and_sealed_with_the_rest() -> None:
    pytest.importorskip("typst", reason="xiaobao[pdf] is not installed")
    row = told()
    body = dossier(row, Viewer.SELLER, with_paper=True)
    held = inside(body)
    for name in ("index.zh.pdf", "index.en.pdf"):
        assert held[name].startswith(b"%PDF-")
        assert len(held[name]) > 10_000
        # Nothing of the photo's camera comes along.
        assert b"Testphone" not in held[name]
    assert "index.zh.pdf" in check(body).names
    assert dossier(row, Viewer.SELLER, with_paper=True) == body


def test_without_what_sets_pdf_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = told()
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(PaperNotInstalled):
        dossier(row, Viewer.STAFF, with_paper=True)
    assert custody_of(*key(row)) == []


def test_what_the_other_side_said_in_its_appeal_is_masked() -> None:
    row = told()
    both = {"zh": "字", "en": "word"}
    ruling: dict[str, Any] = {
        "reference": "r", "ruled_at": later(hours=5).isoformat(), "round": 1, "by": both,
        "outcome": both, "ground": both, "words": "", "departure": "", "lines": [],
        "appeals": [{"party": {"zh": "买家", "en": "buyer"}, "words": "打 13812345678",
                     "appealed_at": later(hours=5).isoformat()}],
    }  # fmt: skip
    sums = ("refund", "freight", "compensation", "punitive", "paid")
    ruling |= {f"{name}_minor": 0 for name in sums}
    seen = {
        viewer: b"13812345678" in inside(dossier(row, viewer, rulings=[ruling]))["rulings.json"]
        for viewer in (Viewer.BUYER, Viewer.SELLER, Viewer.STAFF)
    }
    assert seen == {Viewer.BUYER: True, Viewer.SELLER: False, Viewer.STAFF: True}
