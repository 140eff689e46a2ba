"""Invented people, words and drawings that the gallery's specimens show."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from reports.charts import Chart, Series, sparkline, svg

LONG_NAME = "Maria-Magdalena Vanderstraeten-Oyelaran van de Wiele-Hadžihasanović"
LONG_TEXT = (
    "Veertien gezinnen van de klas van juf Annemie zijn sinds de herfstvakantie door niemand van de school of van het "
    "team gesproken, en bij drie ervan kwam ook geen enkel bericht aan."
)
SPARK = sparkline([41, 44, 46, 52, 51, 58, 61, 64, 67])
CHART = format_html(
    '<figure class="chart"><figcaption>Bereikte gezinnen per maand</figcaption>'
    '<div class="chart-window" tabindex="0" role="group" aria-label="Bereikte gezinnen per maand">{}</div></figure>',
    svg(
        Chart(
            "lines",
            "Bereikte gezinnen per maand",
            ["sep", "okt", "nov", "dec", "jan"],
            [Series("Nederlands", [75, 79, None, 88, 92]), Series("andere", [50, 54, 66, 78, 86], "blossom")],
            unit="%",
            max=100,
            alt="Nederlandstalig van 75 naar 92 %, anderstalig van 50 naar 86 %",
        )
    ),
)
ACTION = mark_safe('<a href="#">Alles zien</a>')
PARAGRAPH = mark_safe("<p>Een rustig vlak met een titel en wat tekst.</p>")
TABLE_ROWS = mark_safe(
    '<thead><tr><th scope="col">Gezin</th><th scope="col">Taal</th><th scope="col" class="numeric">Gesprekken</th></tr>'
    '</thead><tbody><tr><th scope="row">Gezin Singh</th><td data-label="Taal">ਪੰਜਾਬੀ</td>'
    '<td data-label="Gesprekken" class="numeric">4</td></tr></tbody>'
)


@dataclass(frozen=True, slots=True)
class Person:
    """What the user menu asks of a user."""

    is_authenticated: bool = True

    def get_full_name(self) -> str:
        return "Annemie Peeters"

    def get_short_name(self) -> str:
        return "Annemie"

    def get_username(self) -> str:
        return "annemie"


@dataclass(frozen=True, slots=True)
class Message:
    """What the messages component asks of one of Django's messages."""

    text: str
    level_tag: str

    def __str__(self) -> str:
        return self.text


MESSAGES = [
    Message("Het gesprek is bewaard.", "success"),
    Message("Drie gezinnen hebben geen e-mailadres.", "warning"),
    Message("Het bericht is niet verstuurd. Probeer het opnieuw.", "error"),
]
NAVIGATION = [
    {"label": "Mijn week", "url": "#", "icon": "calendar-check", "current": True, "count": 3},
    {"label": "Gezinnen", "url": "#", "icon": "users"},
    {"label": "Berichten", "url": "#", "icon": "send", "count": 12},
    {"label": "Niet bereikt", "url": "#", "icon": "phone"},
    {"label": "Cijfers", "url": "#", "icon": "trending-up"},
    {"label": "Evaluatie", "url": "#", "icon": "clipboard-list"},
    {"label": "Draaiboek", "url": "#", "icon": "book-open"},
]
PARENT_NAVIGATION = [
    {"label": "Berichten", "url": "#", "icon": "mail", "current": True},
    {"label": "Mijn keuzes", "url": "#", "icon": "settings"},
]
ANSWERS = [
    {"key": "yes", "label": "Ja, ik kom", "pictogram": "yes"},
    {"key": "yes_interpreter", "label": "Ja, met een tolk", "pictogram": "interpreter"},
    {"key": "other_day", "label": "Ik wil een andere dag", "pictogram": "other-day"},
]
ANSWERS_AR = [
    {"key": "yes", "label": "نعم، سآتي", "pictogram": "yes"},
    {"key": "yes_interpreter", "label": "نعم، مع مترجم", "pictogram": "interpreter"},
    {"key": "other_day", "label": "أفضّل يوماً آخر", "pictogram": "other-day"},
]
SLOTS = {
    "what": "We praten samen over hoe het gaat met Jasleen op school.",
    "when": "ma 12 feb, 15.30",
    "where": "Klas 3B, eerste verdieping",
    "bring": "Het rapport",
    "answer": "Voor vrijdag 9 februari",
}
SLOTS_AR = {
    "what": "نتحدث معاً عن أحوال طفلكم في المدرسة.",
    "when": "الاثنين 12 فبراير، 15:30",
    "where": "الصف 3B، الطابق الأول",
    "bring": "التقرير المدرسي",
    "answer": "قبل يوم الجمعة 9 فبراير",
}
COLUMNS = [{"label": "School"}, {"label": "Bereikt", "numeric": True}, {"label": "n/N", "numeric": True}]
ROWS = [["De Kersenboom", "67 %", "26 / 40"], ["De Lindelaan", "71 %", "35 / 49"]]
FACTS = [
    {"term": "Taal thuis", "value": "ਪੰਜਾਬੀ"},
    {"term": "Telefoon", "value": "0470 12 34 56", "dir": "ltr"},
    {"term": "Adres", "value": ""},
]
ORIGINAL = "Beste ouder,\n\nWe nodigen u uit voor het oudercontact. Er kan een tolk komen. Dat is gratis."
