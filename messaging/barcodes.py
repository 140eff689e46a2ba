"""QR codes, for paper and for screens."""

from __future__ import annotations

from typing import Any

import zxingcpp

#: A printed pixel is 0 and paper 255; the template wants a "1" for each printed module.
_MODULES = bytes(ord("0") if value else ord("1") for value in range(256))
#: Modules of white around it, without which phones do not find it.
QUIET = 4


def qr_rows(link: str) -> list[str]:
    """The modules of a QR code, one row each, without its quiet zone."""
    barcode = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    picture = memoryview(image)
    height, width = picture.shape or (0, 0)
    modules = picture.tobytes().translate(_MODULES).decode("ascii")
    return [modules[row * width : (row + 1) * width] for row in range(height)]


def qr_drawing(link: str) -> dict[str, object]:
    """The same for an SVG: its ``size`` with the quiet zone, and the ``path`` of its black modules."""
    rows = qr_rows(link)
    squares = (
        f"M{across + QUIET} {down + QUIET}h1v1h-1z"
        for down, row in enumerate(rows)
        for across, module in enumerate(row)
        if module == "1"
    )
    return {"size": len(rows) + 2 * QUIET, "path": "".join(squares)}
