"""Copies for each viewer: nothing of the camera, no personal data for the other side."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.evidence import making
from tests.evidence.making import AT, CASE, SELLER, film, paper, photo, photo_with_place
from xiaobao.evidence.facts import KINDS, Kind, Media, Party, Piece, Viewer
from xiaobao.evidence.rules import reading
from xiaobao.evidence.rules.fingerprints import bands_of, distance, fingerprint
from xiaobao.evidence.rules.masking import has_personal, masked, masked_facts
from xiaobao.evidence.rules.sniffing import boxes
from xiaobao.evidence.rules.views import as_listed, display, is_personal_look


def piece(media: Media, party: Party = Party.BUYER, **more: object) -> Piece:
    given = {
        "seller_id": SELLER, "case_id": CASE, "seq": 1, "kind": Kind.OTHER, "party": party,
        "party_id": 7, "media": media, "size": 1, "sha256": b"s" * 32, "name": "13812345678.jpg",
        "words": "打我电话 13812345678", "submitted_at": AT, "recorded_at": AT,
    } | more  # fmt: skip
    return Piece(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("我的电话13812345678", "我的电话138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        ("+86 138 1234 5678", "861******5678"),
        ("身份证33010619900101123X", "身份证330*************3X"),
        ("卡号 6222 0212 3456 7890 123", "卡号 ***************0123"),
        ("支付宝 zhang.san@example.com", "支付宝 z***@example.com"),
        ("客服 0571-88157858", "客服 0571******58"),
        ("寄到浙江省杭州市余杭区文一西路969号3幢501室", "寄到浙江省杭州市余杭区***"),
        ("at 12 Baker Street, Flat 4", "at ***"),
        ("13812345678 13987654321 13700001111", "*" * 29 + "1111"),
        ("订单号：3515300000000000001", "订单号：3515300000000000001"),
        ("运单号 SF1234567890123", "运单号 SF1234567890123"),
        ("order no 3515300000000000001", "order no 3515300000000000001"),
        ("付了 199.00 元，2026-03-01 12:00 发货", "付了 199.00 元，2026-03-01 12:00 发货"),
        ("型号 1234567", "型号 1234567"),
    ],
)
def test_personal_data_is_masked_and_nothing_else(words: str, expected: str) -> None:
    assert masked(words) == expected
    assert masked(expected) == expected
    assert has_personal(words) is (words != expected)


@given(st.text(st.sampled_from("0123456789 -+xX路号区市@.a中*１２"), max_size=60))
def test_masking_again_changes_nothing(words: str) -> None:
    assert masked(masked(words)) == masked(words)


@given(
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True),
    st.text(st.sampled_from("电话 ,a\n"), max_size=9),
)
def test_no_mobile_number_is_left(number: str, around: str) -> None:
    assert number not in masked(around + number + around)


def test_hostile_words_are_masked_in_time() -> None:
    for words in ("1" * 100_000, "1 " * 50_000 + "*", "a" * 100_000, "中" * 100_000 + "路",
                  "路1" * 50_000, "a@" * 50_000):  # fmt: skip
        masked(words)


def test_facts_are_masked_by_key_and_by_look() -> None:
    facts = {
        "order": "3515300000000000001 ok", "receiver_phone": "x", "is_account_bound": True,
        "address": {"province": "浙江省", "city": "杭州市", "street": "文一西路"},
        "notes": ["打 13812345678", 12], "buyer": {"mail": ["a@b.cn", None]},
    }  # fmt: skip
    shown = json.loads(masked_facts(json.dumps(facts).encode()))
    assert shown == {
        "order": "***************0001 ok", "receiver_phone": "***", "is_account_bound": True,
        "address": {"province": "浙江省", "city": "杭州市", "street": "***"},
        "notes": ["打 138****5678", 12], "buyer": {"mail": ["***", None]},
    }  # fmt: skip


def test_a_juror_reads_nobodys_name() -> None:
    facts = {
        "order": "O-1", "buyer": "mei", "shop_name": "Lanterns", "sellerId": 7, "name": ["li"],
        "user": {"city": "x", "nick": "m"}, "lines": [{"title": "lamp", "product_name": "A 1"}],
    }  # fmt: skip
    body = json.dumps(facts).encode()
    shown = json.loads(display(piece(Media.JSON), body, Viewer.JUROR).content.whole())
    assert shown == {
        "order": "O-1", "buyer": "***", "shop_name": "***", "sellerId": "***", "name": ["***"],
        "user": {"city": "x", "nick": "***"}, "lines": [{"title": "lamp", "product_name": "A 1"}],
    }  # fmt: skip
    # The seller sent the parcel to that very buyer.
    assert json.loads(display(piece(Media.JSON), body, Viewer.SELLER).content.whole()) == facts


# -- copies --------------------------------------------------------------------------------------


def test_a_copy_of_a_photo_holds_its_pixels_alone() -> None:
    body = photo_with_place()
    assert b"Testphone" in body
    shown = display(piece(Media.JPEG), body, Viewer.SELLER)
    copy = Image.open(io.BytesIO(shown.content.whole()))
    assert (shown.media_type, shown.is_masked, shown.camera) == ("image/jpeg", True, {})
    assert b"Testphone" not in shown.content.whole()
    assert b"Exif" not in shown.content.whole()
    assert dict(copy.getexif()) == {}
    # Upright: the camera had been turned by a quarter.
    assert copy.size == (shown.width, shown.height) == (240, 320)
    assert shown.piece.words == "打我电话 138****5678"
    assert shown.piece.name == "138****5678.jpg"


def test_staff_read_what_the_camera_wrote_and_its_own_side_sees_its_words() -> None:
    body = photo_with_place()
    staff = display(piece(Media.JPEG), body, Viewer.STAFF)
    assert staff.camera == {
        "make": "Testphone", "model": "T-1000", "place": "30.27400N 120.15500E"
    }  # fmt: skip
    assert staff.piece.words == "打我电话 13812345678"
    assert b"Testphone" not in staff.content.whole()
    own = display(piece(Media.JPEG), body, Viewer.BUYER)
    assert (own.camera, own.is_masked, own.piece.words) == ({}, False, "打我电话 13812345678")


def test_a_large_or_transparent_picture_becomes_a_copy_for_the_screen() -> None:
    wide = making.encoded(making.picture(1, 4000, 1000).convert("RGBA"), "PNG")
    shown = display(piece(Media.PNG), wide, Viewer.SELLER)
    assert (shown.width, shown.height) == (1600, 400)
    paletted = making.encoded(making.picture().convert("P"), "GIF")
    assert display(piece(Media.GIF), paletted, Viewer.SELLER).width == 320


def test_boxes_are_blackened_for_the_other_side_alone() -> None:
    half = [(0.0, 0.0, 0.5, 1.0)]
    white = making.encoded(Image.new("RGB", (200, 100), "white"))
    other = display(piece(Media.JPEG), white, Viewer.SELLER, hidden=half)
    own = display(piece(Media.JPEG), white, Viewer.BUYER, hidden=half)
    left = Image.open(io.BytesIO(other.content.whole())).convert("L").getpixel((20, 50))
    right = Image.open(io.BytesIO(other.content.whole())).convert("L").getpixel((180, 50))
    assert (left, right) == (0, 255)
    assert Image.open(io.BytesIO(own.content.whole())).convert("L").getpixel((20, 50)) == 255


def test_a_video_keeps_its_frames_and_loses_its_place() -> None:
    body = film()
    shown = display(piece(Media.MP4), body, Viewer.SELLER)
    assert b"+30.2740" in body
    assert b"+30.2740" not in shown.content.whole()
    assert len(shown.content.whole()) == len(body)
    assert [kind for depth, kind, _, _ in boxes(shown.content) if depth == 0] == [
        b"ftyp", b"moov", b"mdat",
    ]  # fmt: skip
    assert shown.content.whole().index(b"frames") == body.index(b"frames")
    assert display(piece(Media.MP4), body, Viewer.BUYER).content.whole() == body


def test_a_document_of_the_other_side_is_withheld_and_says_why() -> None:
    shown = display(piece(Media.PDF, Party.SELLER), paper(), Viewer.BUYER)
    assert (shown.content.whole(), shown.is_masked) == (b"", True)
    assert "平台" in shown.withheld_zh
    assert "platform" in shown.withheld_en
    for party, viewer in ((Party.SELLER, Viewer.SELLER), (Party.SELLER, Viewer.STAFF),
                          (Party.EXPERT, Viewer.BUYER)):  # fmt: skip
        assert display(piece(Media.PDF, party), paper(), viewer).content.whole() == paper()


def test_text_is_masked_for_the_other_side() -> None:
    body = "打 13812345678".encode()
    assert (
        display(piece(Media.TEXT), body, Viewer.JUROR).content.whole() == "打 138****5678".encode()
    )
    assert display(piece(Media.TEXT), body, Viewer.BUYER).content.whole() == body


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("viewer", list(Viewer))
def test_words_are_whole_for_their_own_side_and_staff(party: Party, viewer: Viewer) -> None:
    own = {(Party.BUYER, Viewer.BUYER), (Party.SELLER, Viewer.SELLER)}
    staff = viewer in (Viewer.STAFF, Viewer.REGULATOR)
    listed = as_listed(piece(Media.TEXT, party), viewer)
    assert ("13812345678" in listed.words) is ((party, viewer) in own or staff)
    assert is_personal_look(party, viewer) is staff


# -- fingerprints --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_the_same_picture_scaled_and_compressed_is_near(seed: int) -> None:
    one = fingerprint(photo(seed), Media.JPEG)
    smaller = making.picture(seed).resize((200, 150))
    for body, media in ((making.encoded(smaller, quality=60), Media.JPEG),
                        (making.encoded(making.picture(seed), "PNG"), Media.PNG)):  # fmt: skip
        other = fingerprint(body, media)
        assert distance(one.phash, other.phash) <= 8
        assert distance(one.dhash, other.dhash) <= 16
    different = fingerprint(photo(seed + 100), Media.JPEG)
    assert distance(one.phash, different.phash) > 8
    assert not one.is_flat


def test_a_wall_is_flat() -> None:
    assert fingerprint(making.encoded(Image.new("RGB", (90, 90), "red")), Media.JPEG).is_flat


@given(st.integers(-(2**63), 2**63 - 1), st.sets(st.integers(0, 63), max_size=3))
def test_hashes_three_bits_apart_share_a_band(phash: int, bits: set[int]) -> None:
    other = phash
    for bit in bits:
        other ^= 1 << bit
    assert distance(phash, other) == len(bits)
    assert any(a == b for a, b in zip(bands_of(phash), bands_of(other), strict=True))
    assert all(0 <= band < 2**16 for band in bands_of(phash))


def test_every_kind_of_piece_has_a_word() -> None:
    assert len({words.zh for words in KINDS.values()}) == len(KINDS)


@pytest.mark.skipif(not reading.is_installed(), reason="rapidocr and onnxruntime not installed")
def test_text_in_a_picture_is_read_and_hidden() -> None:
    from PIL import ImageDraw, ImageFont

    canvas = Image.new("RGB", (640, 200), "white")
    ImageDraw.Draw(canvas).text(
        (40, 60), "13812345678", fill="black", font=ImageFont.load_default(64)
    )
    lines = reading.lines_in(making.encoded(canvas, "PNG"), Media.PNG)
    assert [line.words for line in lines] == ["13812345678"]
    assert len(reading.personal_boxes(lines)) == 1
