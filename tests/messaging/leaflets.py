"""Files as teachers choose them, and as nobody should: made in memory, each with one thing in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

Change = Callable[[pikepdf.Pdf], None]


def pdf(change: Change | None = None, *, pages: int = 1, **saving: Any) -> bytes:
    """A PDF of empty pages."""
    document = pikepdf.new()
    for _number in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    out = BytesIO()
    with warnings.catch_warnings():  # some of these are odd on purpose
        warnings.simplefilter("ignore")
        document.save(out, **saving)
    return out.getvalue()


def opening(**action: Any) -> Change:
    """Something that happens when the document is opened."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(**action)

    return change


def turned(**moments: Any) -> Change:
    """Something that happens when the first page is shown or left."""

    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.AA = pikepdf.Dictionary(**moments)

    return change


def noted(**note: Any) -> Change:
    """A note on the first page."""

    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, **note)])

    return change


def drawing(content: bytes, **how: Any) -> Change:
    """What is drawn on the first page."""

    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].Contents = pikepdf.Stream(document, content, **how)

    return change


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, mode: str = "RGB", **saving: Any) -> bytes:
    out = BytesIO()
    colours: dict[str, Any] = {"RGB": "seagreen", "RGBA": (46, 139, 87, 90)}
    Image.new(mode, size, colours.get(mode, 0)).save(out, kind, **saving)
    return out.getvalue()


def photograph() -> bytes:
    """Held upright by a phone that notes where it was."""
    noted = Image.Exif()
    noted[0x0112] = 6  # turn it to the right
    noted[0x010F] = "Telefoon van Els"
    noted.get_ifd(0x8825).update({1: "N", 2: (50.0, 49.0, 0.0)})
    return picture(size=(4000, 3000), exif=noted, comment=b"Thuis bij Els")
