"""Invented people, words and drawings that the gallery's specimens show."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import mark_safe

LONG_NAME = "Maria-Magdalena Vanderstraeten-Oyelaran van de Wiele-Hadžihasanović"
LONG_TEXT = (
    "Veertien gezinnen van de klas van juf Annemie zijn sinds de herfstvakantie door niemand van de school of van het "
    "team gesproken, en bij drie ervan kwam ook geen enkel bericht aan."
)
SPARK = mark_safe(  # our own drawing
    '<svg class="sparkline" viewBox="0 0 200 40" role="img" aria-label="Van 41 % in september naar 67 % in mei">'
    '<path class="chart-line" d="M4 34 28 31 52 30 76 24 100 25 124 18 148 14 172 11 194 6"/>'
    '<circle class="chart-dot" cx="194" cy="6" r="4"/></svg>'
)
CHART = mark_safe(
    '<figure class="chart"><figcaption>Bereikte gezinnen per maand</figcaption>'
    '<svg viewBox="0 0 420 150" role="img" aria-label="Nederlandstalig van 75 naar 92 %, anderstalig van 50 naar 86 %">'
    '<path class="chart-grid" d="M0 20h330M0 65h330M0 110h330"/>'
    '<path class="chart-line" d="M0 55 60 50 120 44 180 40 240 32 330 26"/>'
    '<path class="chart-line chart-line-2" d="M0 108 60 100 120 92 180 70 240 52 330 38"/>'
    '<text class="chart-text-1" x="338" y="22">Nederlands 92 %</text>'
    '<text class="chart-text-2" x="338" y="52">andere 86 %</text>'
    '<text class="chart-text-soft" x="0" y="132">sep</text>'
    '<text class="chart-text-soft" x="316" y="132">mei</text></svg></figure>'
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
