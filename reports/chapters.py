"""The plan of the evaluation report (domain 3.1): its chapters, what each should say, and which figures stand in it.

The report is a Dutch document, whatever language its readers use on the pages around it, so its words are Dutch here
and in ``content/evaluation/<number>.md``. A figure stands in a text as ``{{ I01 }}``; a table, a chart or a row of
figures as ``{{ T1 }}`` in a paragraph of its own. What a text does not place comes at the end of its chapter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TEXTS = Path(__file__).resolve().parent / "content" / "evaluation"


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A table, a chart or a row of figure cards; ``code`` names how it is made (``reports.evaluation.tables``)."""

    code: str
    form: str
    caption: str


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """``guidance`` stands beside the editor and never in the report; ``needs_author``: the draft cannot know this."""

    number: int
    title: str
    guidance: str
    blocks: tuple[BlockPlan, ...] = ()
    needs_author: bool = False

    @property
    def starts_a_page(self) -> bool:
        """Whether it begins on a new sheet in print."""
        return self.number in NEW_PAGES

    @property
    def opening(self) -> str:
        """The text with which the draft begins."""
        return opening(self.number)


#: Where the report turns to something else; the other chapters follow on.
NEW_PAGES = frozenset({1, 3, 5, 7, 8, 11, 12, 14, 15, 21, 23, 24})


def _table(code: str, caption: str) -> BlockPlan:
    return BlockPlan(code, "TABLE", caption)


def _chart(code: str, caption: str) -> BlockPlan:
    return BlockPlan(code, "CHART", caption)


CHAPTERS: tuple[ChapterPlan, ...] = (
    ChapterPlan(
        0,
        "Identificatie",
        "Eén gegeven per regel, als “Naam: waarde”. Een lege waarde blijft een open punt tot ze is ingevuld.",
        needs_author=True,
    ),
    ChapterPlan(
        1,
        "Samenvatting",
        "Hoogstens één bladzijde, in klare taal. Schrijf ze als laatste. Een federaal fonds vraagt ook wat Frans.",
        (BlockPlan("K1", "SENTENCE", "De kern in cijfers"),),
    ),
    ChapterPlan(
        2,
        "Context en aanleiding",
        "Waarom begon het project? Noem de startvraag en de plaatselijke cijfers. Beschrijf groepen, nooit een gezin.",
        (_table("T9", "De scholen van het project"),),
    ),
    ChapterPlan(
        3,
        "Doelstellingen en indicatoren",
        "Licht bij elke doelstelling toe waarom ze wel, deels of niet is gehaald. De cijfers staan in de tabel.",
        (_table("T0", "Doelstellingen: nulmeting, doel en resultaat"),),
    ),
    ChapterPlan(
        4,
        "Organisatie en samenwerking",
        "Wie zat in de stuurgroep, hoe vaak kwam ze samen, wat veranderde aan de planning?",
        (_table("T8", "Wie draagt de aanstelling van de gezamenlijke medewerker"),),
        needs_author=True,
    ),
    ChapterPlan(
        5,
        "Doelgroep en bereik",
        "Zeg wat de cijfers betekenen en voor wie de drempel nog hoog is. Rangschik geen scholen.",
        (
            _table("T1", "Bereikte gezinnen per school"),
            _table("T2", "Bereikte gezinnen per thuistaal"),
            _chart("F1", "Bereik in de loop van het jaar"),
        ),
    ),
    ChapterPlan(
        6,
        "Activiteiten",
        "Vertel per school één activiteit die je anderen aanraadt. Foto’s alleen met toestemming.",
        (_table("T3", "Contacten en groepsmomenten"), _table("P1", "Een bladzijde per school")),
        needs_author=True,
    ),
    ChapterPlan(
        7,
        "Resultaten per vraag",
        "Drie vragen: volgen ouders de schoolloopbaan, is de school toegankelijk, wat veranderde in het team?",
        (
            _table("Q1", "Volgen ouders de schoolloopbaan en hebben ze contact met de school?"),
            _table("Q2", "Is de school toegankelijk?"),
            _table("T5", "Hoe scholen hun toegankelijkheid zelf zien"),
            _table("Q3", "Wat leerde het team?"),
        ),
    ),
    ChapterPlan(
        8,
        "Van nulmeting naar nu",
        "Schrijf “verandering”, niet “effect”: de cijfers tonen niet waardoor iets verandert.",
        (
            _table("T4", "Nulmeting en laatste meting"),
            _chart("F2", "Van nulmeting naar laatste meting"),
            _chart("F3", "De kloof tussen taalgroepen"),
        ),
    ),
    ChapterPlan(
        9,
        "Stemmen van ouders en teams",
        "Citaten alleen met toestemming. Verander in elk verhaal minstens twee herkenbare details.",
        (_table("T6", "Wat ouders en teams zeggen"),),
        needs_author=True,
    ),
    ChapterPlan(
        10,
        "Wat werkte en wat niet",
        "Noem ook wat tegenviel en wat niemand had verwacht. Daar leert een volgende school het meest van.",
        needs_author=True,
    ),
    ChapterPlan(
        11,
        "Methode en begrippen",
        "Deze tekst volgt uit de definities van de indicatoren. Vul aan wat dit jaar anders liep.",
        (
            _table("D2", "Wat ontbreekt en wat niet getoond is"),
            _table("D1", "Definities van de indicatoren"),
            _table("D3", "Wat elke indicator niet zegt"),
        ),
    ),
    ChapterPlan(
        12,
        "Het draaiboek",
        "Welke fiches zijn beproefd en waarom? Welke vragen nog werk?",
        (_table("M1", "Werkvormen van het draaiboek"),),
    ),
    ChapterPlan(
        13,
        "Verankering en aanbevelingen",
        "Eén aanbeveling per bestemmeling, met wie het doet en tegen wanneer.",
        (_table("U1", "Overgenomen werkvormen per school"),),
        needs_author=True,
    ),
    ChapterPlan(
        14,
        "Financieel verslag",
        "De bewijsstukken blijven bij de promotor. Verklaar elk verschil van meer dan tien procent.",
        (_table("B1", "Begroting en uitgaven"), _table("H1", "Uren van de gezamenlijke medewerker")),
    ),
    ChapterPlan(
        15,
        "Bijlagen",
        "Vragenlijsten en berichten voeg je toe als los document; verwijs er hier naar.",
        (_table("A1", "Alle cijfers van dit verslag"),),
    ),
)

#: Chapters of the application for next year have numbers of their own from here on.
FIRST_OF_APPLICATION = 20
APPLICATION: tuple[ChapterPlan, ...] = (
    ChapterPlan(20, "Identificatie", CHAPTERS[0].guidance, needs_author=True),
    ChapterPlan(21, "Wat werkte", "Neem over wat de evaluatie bewees, met haar cijfers. Eén bladzijde volstaat."),
    ChapterPlan(22, "Noden", "Noem wat niet gehaald is en voor wie de drempel nog hoog is. Nooit een gezin."),
    ChapterPlan(
        23,
        "Doelstellingen",
        "De nulmeting is het resultaat van de evaluatie. De doelen kies je bij “Doelen en begroting”.",
        (_table("V0", "Doelstellingen met nulmeting"),),
    ),
    ChapterPlan(24, "Plan", "Per domein: wat doe je, met wie, wanneer en waaraan zie je het?", needs_author=True),
    ChapterPlan(
        25, "Partners", "Zeg van elke partner wat hij doet en wat hij inbrengt.", (_table("V1", "Partners"),),
        needs_author=True,
    ),
    ChapterPlan(
        26,
        "Begroting",
        "De bedragen kies je bij “Doelen en begroting”. Licht toe wat verandert.",
        (_table("V2", "Begroting"),),
    ),
)  # fmt: skip

#: Figures that texts can name; each is bound to a run for every window in which it means something.
SENTENCES: tuple[str, ...] = (
    "I01", "I02", "I03", "I04", "I06", "I07", "I08", "I09", "I10", "I11", "I12", "I13", "I14", "I15", "I16", "I17",
    "I18", "I19", "I20", "I21", "I22", "I23", "I24", "I25", "I26", "I27", "I28", "I29", "I30", "I31",
)  # fmt: skip
#: Those that are compared with the baseline.
COMPARED: tuple[str, ...] = ("I01", "I02", "I06", "I13", "I17", "I23")


@lru_cache
def opening(number: int) -> str:
    return (TEXTS / f"{number:02d}.md").read_text(encoding="utf-8").strip()


def plan_of(number: int) -> ChapterPlan:
    """The plan of one chapter; IndexError for a number that the report does not have."""
    return APPLICATION[number - FIRST_OF_APPLICATION] if number >= FIRST_OF_APPLICATION else CHAPTERS[number]
