"""The pictograms of the five slots as mail programs show them: drawn beforehand as PNG, carried in the mail itself.

Mail programs show no SVG, and fetch pictures from elsewhere only when asked; what they fetch tells who reads when.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from messaging.channels.base import Picture
from messaging.models.texts import SLOTS

_FOLDER = Path(__file__).parent / "content" / "pictograms"
_NAME = "{key}@pictogram.ingroeibloei"


def name_of(key: str) -> str:
    """What a mail's HTML calls the picture of a slot, behind ``cid:``."""
    return _NAME.format(key=key)


@cache
def picture(key: str) -> Picture:
    return Picture(name_of(key), (_FOLDER / f"{key}.png").read_bytes())


def pictures_in(html: str) -> tuple[Picture, ...]:
    """The pictures that a mail's HTML asks for."""
    return tuple(picture(key) for key in SLOTS if f"cid:{name_of(key)}" in html)


def shown_in_a_page(html: str) -> str:
    """A mail's HTML for a browser, which has no parts to look into: its pictures stand in it."""
    for found in pictures_in(html):
        data = base64.b64encode(found.content).decode()
        html = html.replace(f"cid:{found.name}", f"data:image/png;base64,{data}")
    return html
