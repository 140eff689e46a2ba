"""Photographs and drawings, made anew from their dots: place, camera, comments and what hides behind them stay out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

from messaging.files.limits import Kind, Refusal, Refused

#: Dots of a picture as it arrives; a phone's photograph has 12 to 50 million.
MAX_PIXELS = 60_000_000
#: Dots along the longest side of what is kept: sharp on paper, light on a phone.
LONGEST_SIDE = 2_400
_SAVING: dict[Kind, dict[str, Any]] = {
    Kind.JPEG: {"quality": 85, "optimize": True, "progressive": True},
    Kind.PNG: {"optimize": True},
    Kind.WEBP: {"quality": 85, "method": 4},
}


def cleaned(content: bytes, kind: Kind) -> bytes:
    """The picture upright, in plain colours, not larger than it need be, and nothing besides. Raises Refused."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit speaks first, before any dot is read
    try:
        with Image.open(BytesIO(content), formats=[kind.value]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(Refusal.TOO_MANY_PIXELS)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
            upright = ImageOps.exif_transpose(picture)
            return _saved(_plain(upright, kind), kind)
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
        raise Refused(Refusal.BROKEN) from error


def _plain(picture: Image.Image, kind: Kind) -> Image.Image:
    """In sRGB, with transparency where the kind has it and the picture uses it."""
    clear = kind != Kind.JPEG and picture.has_transparency_data
    mode = "RGBA" if clear else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L") and not clear:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            found = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            found = None
        if found is not None:
            return found
    return picture.convert(mode)


def _saved(picture: Image.Image, kind: Kind) -> bytes:
    picture.info.clear()
    out = BytesIO()
    picture.save(out, kind.value, **_SAVING[kind])
    return out.getvalue()
