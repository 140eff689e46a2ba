"""Files that two cards carry: pictograms to cut out, and a list of who came, in Dutch and French."""

from __future__ import annotations

from docx.shared import Cm, Pt

from ingroeibloei.demo.world import World
from messaging.files.checking import checked
from reports.cardfiles import KINDS
from reports.filing import add_card_file
from reports.models.cardfiles import CARD_FILE_BYTES
from reports.render.word import file
from schools.typeset import pictogram_drawings, typeset

#: Pictogram → its word on the sheet.
PICTURES = {
    "school": "school", "no-school": "geen school", "sport-shoes": "turnen", "swim": "zwemmen", "bus": "uitstap",
    "library": "bibliotheek", "party": "feest", "photo": "foto", "meal": "boterhammen", "bring-bag": "zwemzak",
    "money": "geld", "signature": "handtekening", "parents-evening": "oudercontact", "coffee": "koffiemoment",
    "ill": "ziek", "phone": "bellen",
}  # fmt: skip
#: Title, sentence above the lines and heads of the columns of the list, by language. Families are counted, not named.
LISTS = {
    "nl": (
        "Telblad van een koffiemoment",
        "Zet een streepje per gezin. Schrijf geen namen op: het blad telt, meer niet.",
        ("Datum", "Thema", "Gezinnen", "Voor het eerst", "Tolk (taal)"),
    ),
    "fr": (
        "Feuille de comptage d’un moment café",
        "Un trait par famille. N’écrivez pas de noms : la feuille compte, rien de plus.",
        ("Date", "Thème", "Familles", "Première fois", "Interprète (langue)"),
    ),
}
ROWS = 12


def build(world: World) -> None:
    joint = world.cast["gezamenlijke"]
    add_card_file(
        method=world.methods["pictogram-calendar"],
        file=checked(pictogram_sheet(), KINDS, CARD_FILE_BYTES),
        title="Pictogrammen om uit te knippen",
        language="nl",
        by=joint,
    )
    for language, (title, _lead, _heads) in LISTS.items():
        add_card_file(
            method=world.methods["coffee-moment"],
            file=checked(counting_list(language), KINDS, CARD_FILE_BYTES),
            title=title,
            language=language,
            by=joint,
        )


def pictogram_sheet() -> bytes:
    """One sheet of the house's own pictograms."""
    return typeset(
        "pictograms",
        {
            "lang": "nl-BE",
            "date": "2026-08-01",
            "title": "Pictogrammen voor de kalender",
            "lead": "Knip uit, hang bij de dag. Gebruik voor hetzelfde altijd hetzelfde pictogram.",
            "footer": "In groei en bloei",
            "licence": "CC BY 4.0",
            "pictures": [{"name": name, "word": word} for name, word in PICTURES.items()],
            "drawings": pictogram_drawings(PICTURES),
        },
    )


def counting_list(language: str) -> bytes:
    """A table to print or to fill in."""
    title, lead, heads = LISTS[language]
    document = file.blank()
    document.sections[0].left_margin = document.sections[0].right_margin = Cm(2)
    document.add_paragraph(title, style="Title")
    document.add_paragraph(lead)
    table = document.add_table(rows=1 + ROWS, cols=len(heads), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in table.rows[1:]:
        row.height = Pt(34)
    return file.saved(document)
