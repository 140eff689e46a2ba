"""Two invented files that go with notices of the demo: the course of an evening as a PDF, the way to the library as a
drawing."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pikepdf
from PIL import Image, ImageDraw

from messaging.files.checking import checked
from messaging.models import Notice
from messaging.models.templates import ROUND_INVITATION
from messaging.services import attach_file

_PAPER, _PATH, _HOUSE, _GREEN, _INK = "#fbf8f0", "#d9d2c0", "#b7d3e8", "#9cc59a", "#2f4f3a"
_LINES = (
    "Zo verloopt de avond",
    "",
    "15.45   De deur gaat open. Koffie en thee staan klaar.",
    "16.00   Gesprek met de leerkracht: tien minuten per kind.",
    "17.00   Rondgang: de kinderen tonen hun klas. De gesprekken gaan door.",
    "19.30   Einde.",
    "",
    "Een tolk nodig? Zeg het als u een uur kiest. Het kost niets.",
)
#: Template of the notice → what parents read about the file, and who makes it.
_TITLES = {ROUND_INVITATION: "Zo verloopt de avond", "library-class-visit": "De weg naar de bibliotheek"}


def attach(notice: Notice, slug: str, day: date) -> None:
    """Let the file that belongs to a template go with a draft; most have none."""
    title = _TITLES.get(slug)
    if title is None:
        return
    content = _programme(day) if slug == ROUND_INVITATION else _map()
    language = "nl" if slug == ROUND_INVITATION else ""
    attach_file(notice=notice, by=notice.author, file=checked(content), title=title, language=language)


def _programme(day: date) -> bytes:
    """One page of words in the PDF's own type."""
    rows = [f"{day.day}/{day.month}/{day.year}", *_LINES]
    drawn = " ".join(f"({line}) Tj T*" for line in (row.replace("(", "").replace(")", "") for row in rows))
    document = pikepdf.new()
    document.add_blank_page(page_size=(420, 298))
    page = document.pages[0]
    type_face = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=type_face))
    page.Contents = pikepdf.Stream(document, f"BT /F1 13 Tf 22 TL 36 250 Td {drawn} ET".encode("latin-1"))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _map() -> bytes:
    """From the school to the library, past the park."""
    picture = Image.new("RGB", (900, 600), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 260, 900, 330), fill=_PATH)
    pen.rectangle((420, 0, 490, 600), fill=_PATH)
    pen.ellipse((520, 360, 860, 570), fill=_GREEN)
    for box, name in (((60, 350, 300, 520), "School"), ((560, 60, 820, 230), "Bibliotheek")):
        pen.rounded_rectangle(box, 18, fill=_HOUSE, outline=_INK, width=4)
        pen.text((box[0] + 30, box[1] + 65), name, fill=_INK, font_size=36)
    pen.text((640, 445), "Park", fill=_INK, font_size=36)
    pen.line(((180, 350), (180, 295), (690, 295), (690, 230)), fill=_INK, width=8, joint="curve")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
