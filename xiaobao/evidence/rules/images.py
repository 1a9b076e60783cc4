"""Pictures, by pillow: whether one is whole, its copy for display, what its camera wrote in it.

Only four formats are ever tried, and nothing is decoded before its size was read from its header
by `sizes` and found within the limit.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image, ImageDraw, ImageOps

from xiaobao.evidence.facts import Media
from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.kernel.contents import Content

# Ours are asked first, from the pack; pillow's own would only repeat them as a warning.
Image.MAX_IMAGE_PIXELS = None

FORMATS = {Media.JPEG: "JPEG", Media.PNG: "PNG", Media.WEBP: "WEBP", Media.GIF: "GIF"}
# What decoders raise on bytes that are not what their header says.
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, AttributeError,
    MemoryError, OverflowError, struct.error, zlib.error,
)  # fmt: skip
DISPLAY_EDGE = 1600
_QUALITY = 85
_OPAQUE = ("RGB", "L")
_TOLD = {"Make": "make", "Model": "model", "Software": "software", "DateTime": "changed"}
_TOLD_OF_PICTURE = {"DateTimeOriginal": "taken", "OffsetTimeOriginal": "zone"}


def _opened(body: bytes | Content, media: Media) -> Image.Image:
    return Image.open(content_of(body).opened(), formats=[FORMATS[media]])


def is_whole(body: bytes | Content, media: Media, width: int, height: int) -> bool:
    """Whether the first picture in it can be read to its end, and is as large as it said."""
    try:
        picture = _opened(body, media)
        if picture.size != (width, height):
            return False
        # JPEG is then decoded at an eighth of its size: all bytes are read, little is held.
        picture.draft("RGB", (max(1, width // 8), max(1, height // 8)))
        picture.load()
    except UNREADABLE:
        return False
    return True


def display_copy(
    body: bytes | Content, media: Media,
    *, hidden: Iterable[tuple[float, float, float, float]] = (),
) -> tuple[bytes, int, int]:  # fmt: skip
    """A JPEG for the screen, upright, without anything but its pixels; its width and height.

    `hidden` are boxes (left, top, right, bottom, as shares of the whole) to be blackened.
    """
    picture = opened_upright(body, media)
    paint = ImageDraw.Draw(picture)
    wide, high = picture.size
    for left, top, right, bottom in hidden:
        paint.rectangle((left * wide, top * high, right * wide, bottom * high), fill=0)
    out = io.BytesIO()
    # A new picture of the same pixels: no comment, profile or EXIF can come along.
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    clean.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), *clean.size


def opened_upright(body: bytes | Content, media: Media) -> Image.Image:
    """The picture as it is to be looked at: upright, opaque, at most as large as a screen."""
    picture: Image.Image = _opened(body, media)
    width, height = picture.size
    longest = max(width, height)
    # A JPEG is decoded at half, a quarter or an eighth where that is still enough.
    aim = max(1, width * DISPLAY_EDGE // longest), max(1, height * DISPLAY_EDGE // longest)
    picture.draft("RGB", aim)
    picture.thumbnail((DISPLAY_EDGE, DISPLAY_EDGE))
    return _flat(ImageOps.exif_transpose(picture)).convert("RGB")


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it is transparent."""
    if picture.mode in _OPAQUE:
        return picture
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def upright_grey(body: bytes | Content, media: Media) -> Image.Image:
    """The picture in greys, upright, for fingerprints."""
    picture: Image.Image = _opened(body, media)
    picture.draft("L", (256, 256))
    return _flat(ImageOps.exif_transpose(picture)).convert("L")


def resized(picture: Image.Image, width: int, height: int) -> Image.Image:
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def camera_words(body: bytes | Content, media: Media) -> dict[str, str]:
    """What the camera wrote into the file: make, model, when, where; for staff alone."""
    try:
        exif = _opened(body, media).getexif()
        told = _named(exif, _TOLD) | _named(exif.get_ifd(ExifTags.IFD.Exif), _TOLD_OF_PICTURE)
        return told | _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (*UNREADABLE, ZeroDivisionError):
        return {}


def _named(tags: Any, wanted: dict[str, str]) -> dict[str, str]:
    read = {ExifTags.TAGS.get(tag, ""): str(value).strip("\0 ") for tag, value in tags.items()}
    return {ours: read[theirs] for theirs, ours in wanted.items() if read.get(theirs)}


def _place(gps: Any) -> dict[str, str]:
    if ExifTags.GPS.GPSLatitude not in gps or ExifTags.GPS.GPSLongitude not in gps:
        return {}
    north = _degrees(gps[ExifTags.GPS.GPSLatitude])
    east = _degrees(gps[ExifTags.GPS.GPSLongitude])
    south_or_north = str(gps.get(ExifTags.GPS.GPSLatitudeRef, "N"))
    west_or_east = str(gps.get(ExifTags.GPS.GPSLongitudeRef, "E"))
    return {"place": f"{north:.5f}{south_or_north} {east:.5f}{west_or_east}"}


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
