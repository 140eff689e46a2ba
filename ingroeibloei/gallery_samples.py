"""Invented words for the gallery: (component, state, parameters[, language])."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

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
    "what": "نتحدث معاً عن أحوال طفلك في المدرسة.",
    "when": "الإثنين 12 فبراير، 15:30",
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

SPECIMENS: list[tuple[str, str, dict[str, Any]] | tuple[str, str, dict[str, Any], str]] = [
    ("answer_buttons", "default", {"url": "#", "answers": ANSWERS, "legend": "Kunt u komen?"}),
    (
        "answer_buttons",
        "chosen",
        {"url": "#", "answers": ANSWERS, "chosen": "yes", "chosen_text": "U antwoordde op ma 5 feb, 18.02"},
    ),
    ("answer_buttons", "rtl", {"url": "#", "answers": ANSWERS_AR, "legend": "هل يمكنك الحضور؟", "code": "ar"}, "ar"),
    ("answer_buttons", "closed", {"url": "#", "answers": ANSWERS, "closed": True}),
    *(
        ("badge", tone, {"label": label, "tone": tone, "icon": icon})
        for tone, label, icon in (
            ("plain", "Concept", "pencil"),
            ("leaf", "Aangekomen", "check"),
            ("sky", "Verstuurd", "send"),
            ("sun", "Wacht", "clock"),
            ("brick", "Niet aangekomen", "x"),
            ("blossom", "Nieuw antwoord", "reply"),
        )
    ),
    *(
        ("button", variant, {"label": label, "variant": variant, "icon": icon})
        for variant, label, icon in (
            ("primary", "Verstuur", "send"),
            ("secondary", "Bekijk", "eye"),
            ("quiet", "Annuleer", ""),
            ("danger", "Verwijder voorgoed", "trash-2"),
        )
    ),
    ("button", "disabled", {"label": "Verstuur", "disabled": True}),
    ("disclosure", "default", {"summary": "Waarom zie ik dit?", "content": PARAGRAPH}),
    ("disclosure", "long", {"summary": LONG_TEXT, "content": PARAGRAPH, "open": True, "icon": "info"}),
    (
        "empty_state",
        "default",
        {
            "title": "Nog geen gesprekken in deze klas",
            "text": "Noteer een eerste gesprek: drie tikken, en het telt mee.",
            "pictogram": "gate",
            "action_label": "Noteer een gesprek",
            "action_url": "#",
            "action_icon": "plus",
        },
    ),
    ("empty_state", "rtl", {"title": "لا توجد رسائل بعد", "text": "ستظهر رسائل المدرسة هنا."}, "ar"),
    ("facts", "default", {"items": FACTS}),
    ("five_slots", "default", SLOTS),
    ("five_slots", "empty", {"what": "Morgen is er geen school."}),
    ("five_slots", "long", {"what": LONG_TEXT, "bring": LONG_TEXT}),
    ("five_slots", "rtl", {**SLOTS_AR, "code": "ar"}, "ar"),
    ("kind_label", "action", {"kind": "ACTION", "label": "ACTIE"}),
    ("kind_label", "info", {"kind": "INFO", "label": "INFO"}),
    ("kind_label", "urgent", {"kind": "URGENT", "label": "DRINGEND"}),
    ("ladder", "default", {"rung": 4, "since": "sinds ma 12 feb"}),
    ("ladder", "empty", {"rung": 0}),
    ("ladder", "compact", {"rung": 3, "compact": True}),
    ("ladder", "unknown", {"rung": None, "compact": True}),
    ("ladder", "rtl", {"rung": 5}, "ar"),
    ("language_tag", "default", {"code": "pa"}),
    ("language_tag", "rtl", {"code": "ps"}),
    ("link_button", "default", {"label": "Noteer een gesprek", "url": "#", "icon": "plus", "variant": "primary"}),
    ("link_button", "rtl", {"label": "التالي", "url": "#", "icon": "arrow-right"}, "ar"),
    ("listen", "default", {"url": "data:audio/wav;base64,", "code": "pa"}),
    ("mark", "default", {}),
    ("messages", "empty", {"messages": []}),
    (
        "notice_banner",
        "info",
        {"title": "Dit is een vertaling", "text": "Het Nederlands telt.", "action_label": "Lees", "action_url": "#"},
    ),
    (
        "notice_banner",
        "attention",
        {"tone": "attention", "title": "Drie gezinnen zijn niet bereikbaar", "text": LONG_TEXT},
    ),
    ("notice_banner", "success", {"tone": "success", "text": "Verstuurd naar 22 gezinnen."}),
    ("notice_banner", "error", {"tone": "wrong", "title": "Niet bewaard", "text": "Vul eerst de datum in."}),
    ("notice_banner", "rtl", {"text": "هذه ترجمة آلية."}, "ar"),
    ("page_head", "default", {"title": "Mijn week", "lead": LONG_TEXT, "eyebrow": "De Kersenboom · 3B"}),
    (
        "page_head",
        "action",
        {"title": "Berichten", "back_url": "#", "action_label": "Nieuw", "action_url": "#", "action_icon": "plus"},
    ),
    ("panel", "default", {"title": "Opvolging", "icon": "list-todo", "content": PARAGRAPH, "action": ACTION}),
    ("panel", "blossom", {"title": "Nieuwe antwoorden", "icon": "reply", "tone": "blossom", "content": PARAGRAPH}),
    ("panel", "chart", {"title": "Bereik", "icon": "trending-up", "content": CHART}),
    ("parent_nav", "default", {"items": PARENT_NAVIGATION, "label": "Voorbeeld voor ouders"}),
    ("person", "default", {"name": "Harpreet Singh", "detail": "mama van Jasleen, 3B", "url": "#"}),
    ("person", "long", {"name": LONG_NAME, "detail": "voogd"}),
    ("person", "rtl", {"name": "أحمد العلي", "detail": "papa van Sara, 1A"}),
    ("phone", "default", {"number": "+32470123456"}),
    ("phone", "abroad", {"number": "+31612345678", "label": "Bel"}),
    ("phone", "error", {"number": "vraag aan buurvrouw", "link": False}),
    (
        "picture_link",
        "default",
        {"pictogram": "letter", "label": "Berichten", "detail": "2 nieuwe", "url": "#", "count": 2},
    ),
    ("picture_link", "rtl", {"pictogram": "child", "label": "أطفالي", "url": "#"}, "ar"),
    ("post_button", "default", {"url": "#", "label": "Ongedaan maken", "icon": "undo-2"}),
    ("progress", "default", {"label": "Versturen", "value": 212, "maximum": 300, "text": "212 van 300 verstuurd"}),
    ("progress", "empty", {"label": "Versturen", "value": 0, "maximum": 300}),
    ("search_box", "default", {"url": "#"}),
    ("side_by_side", "default", {"code": "nl", "title": "Uitnodiging", "content": ORIGINAL}),
    (
        "side_by_side",
        "rtl",
        {
            "code": "ar",
            "title": "دعوة إلى لقاء المدرسة",
            "content": "عزيزي ولي الأمر،\n\nندعوك إلى لقاء المعلم. يمكن أن يحضر مترجم مجاناً.",
            "original_title": "Uitnodiging voor het oudercontact",
            "original": ORIGINAL,
            "note": "هذه ترجمة. النص الهولندي هو الأصل.",
        },
        "ar",
    ),
    ("skip_link", "default", {}),
    (
        "stat",
        "default",
        {
            "label": "Bereik van gezinnen",
            "value": "65 %",
            "numerator": 26,
            "denominator": 40,
            "period": "sep–mei",
            "change": "+12 pp sinds nulmeting",
            "change_tone": "leaf",
            "chart": SPARK,
            "url": "#",
        },
    ),
    ("stat", "empty", {"label": "Reactietijd", "value": "–", "unit": "schooldagen", "numerator": 0, "denominator": 0}),
    ("stat", "suppressed", {"label": "Bereik, Pasjtoe", "suppressed": "Verborgen: minder dan 5 gezinnen"}),
    ("stat", "rtl", {"label": "العائلات", "value": "65 %", "numerator": 26, "denominator": 40}, "ar"),
    ("steps", "default", {"items": ["Tekst", "Wie", "Nakijken", "Verstuurd"], "current": 3}),
    ("suppressed_cell", "default", {}),
    (
        "table",
        "default",
        {"caption": "Bereik per school", "columns": COLUMNS, "rows": ROWS, "foot": ["Samen", "69 %", "61 / 89"]},
    ),
    ("table", "empty", {"caption": "Nog leeg", "columns": COLUMNS, "rows": []}),
    ("table", "long", {"caption": "Lange namen", "columns": COLUMNS, "rows": [[LONG_NAME, "67 %", "26 / 40"]]}),
    ("table_wrap", "default", {"caption": "Gezinnen van 3B", "content": TABLE_ROWS}),
    (
        "tabs",
        "default",
        {
            "label": "Toon",
            "items": [
                {"label": "Alles", "url": "#", "current": True, "count": 24},
                {"label": "Niet bereikt", "url": "#", "count": 3},
                {"label": "Per taal", "url": "#"},
            ],
        },
    ),
    (
        "task_card",
        "default",
        {
            "count": 14,
            "text": "14 gezinnen van 3B niet gesproken sinds oktober",
            "action_label": "Bekijk wie",
            "action_url": "#",
            "action_icon": "arrow-right",
            "tone": "sun",
        },
    ),
    ("task_card", "long", {"count": 0, "text": LONG_TEXT, "detail": "Dat is minder dan vorige maand."}),
    (
        "timeline_item",
        "default",
        {
            "title": "Gesprek aan de schoolpoort",
            "when": "ma 12 feb, 15.30",
            "datetime": dt.date(2027, 2, 12).isoformat(),
            "who": "Annemie Peeters",
            "text": "Jasleen leest graag voor aan haar broer.",
            "icon": "door-open",
            "tone": "leaf",
        },
    ),
    ("timeline_item", "long", {"title": LONG_TEXT, "when": "do 8 feb", "icon": "phone-call", "tone": "sky"}),
    ("toolbar", "default", {"label": "Acties", "content": mark_safe('<a class="button" href="#">Afdrukken</a>')}),
    ("undo_toast", "default", {"text": "Het gesprek is bewaard.", "url": "#"}),
    ("rail", "default", {"navigation": NAVIGATION, "label": "Voorbeeld"}),
]
