"""The gallery: every component in its empty, long, wrong and right-to-left state, for developing and testing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from ingroeibloei import gallery_words as words
from ingroeibloei import icons
from ingroeibloei.gallery_samples import SPECIMENS
from schools import languages
from schools.lines import Lines


@dataclass(frozen=True, slots=True)
class Specimen:
    """One component in one state; ``code`` is the language its words are in."""

    name: str
    state: str
    variables: dict[str, Any] = field(default_factory=dict)
    code: str = "nl"

    @property
    def html(self) -> str:
        """The component as a page in that language shows it."""
        with translation.override(languages.language(self.code).interface):
            return render_to_string(f"components/{self.name}.html", {**self.variables, "csrf_token": "sample"})


class SampleForm(forms.Form):
    """One field of every kind that ``as_fields`` knows."""

    kind = forms.ChoiceField(
        label="Hoe sprak je met de ouder?",
        widget=forms.RadioSelect,
        choices=[("gate", "Aan de schoolpoort"), ("phone", "Aan de telefoon"), ("visit", "Huisbezoek")],
        help_text="Kies wat het dichtst aanleunt.",
    )
    topics = forms.MultipleChoiceField(
        label="Waarover?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("well", "Welbevinden"), ("learning", "Leren"), ("language", "Taal")],
    )
    day = forms.DateField(label="Wanneer?")
    school_class = forms.ChoiceField(label="Klas", choices=[("3A", "3A"), ("3B", "3B")])
    email = forms.EmailField(label="E-mailadres", required=False)
    line = forms.CharField(label="Feitelijke lijn", widget=Lines, help_text="Zichtbaar voor de school.")
    agreed = forms.BooleanField(label="De ouder weet dat dit genoteerd wordt")
    token = forms.CharField(widget=forms.HiddenInput, initial="x")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choice_icons = {"gate": "door-open", "phone": "phone-call", "visit": "house"}
        kind.choice_help = {"visit": "Samen met een collega"}


class FilterForm(forms.Form):
    """What a filter bar holds."""

    school_class = forms.ChoiceField(label="Klas", required=False, choices=[("", "Alle klassen"), ("3B", "3B")])
    words = forms.CharField(label="Naam", required=False)


def _specimens() -> list[Specimen]:
    """The plain samples and those that need forms, pages or dates."""
    wrong = SampleForm({"email": "geen adres"}, prefix="wrong")
    empty = SampleForm(prefix="plain")
    pages = Paginator(range(95), 20)
    found = [Specimen(*entry) for entry in SPECIMENS]
    found += [
        Specimen("form_fields", "default", {"form": empty}),
        Specimen("form_fields", "error", {"form": wrong}),
        Specimen(
            "sent_form",
            "default",
            {"name": "search", "form": FilterForm(prefix="sent"), "label": "Bewaren", "icon": "check"},
        ),
        Specimen("error_summary", "error", {"form": wrong}),
        Specimen("field", "default", {"field": SampleForm(prefix="one")["line"]}),
        Specimen("field_notes", "error", {"field": SampleForm({}, prefix="two")["line"]}),
        Specimen("filter_bar", "default", {"form": FilterForm(prefix="f"), "clear_url": "#"}),
        Specimen("pagination", "default", {"page": pages.page(2), "query": "klas=3B"}),
        Specimen("pagination", "empty", {"page": Paginator([], 20).page(1)}),
        Specimen("demo_banner", "default", {"today": dt.date(2027, 5, 15), "url": "#"}),
        Specimen("messages", "default", {"messages": words.MESSAGES}),
        Specimen("language_switch", "default", {"languages": _languages("nl")}),
        Specimen("language_switch", "rtl", {"languages": _languages("ar")}, "ar"),
        Specimen("user_menu", "default", {"user": words.Person(), "assignment_label": "Juf van 3B"}),
    ]
    return sorted(found, key=lambda specimen: specimen.name)


def _languages(current: str) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "own_name": languages.language(code).own_name,
            "html_lang": languages.language(code).html_lang,
            "url": f"?taal={code}",
            "current": code == current,
        }
        for code in languages.INTERFACE_CODES
    ]


def gallery(request: HttpRequest) -> HttpResponse:
    """All components, icons and pictograms on one page; ``?taal=ar`` turns the page itself round."""
    code = languages.language(request.GET.get("taal", "nl")).code
    context = {
        "specimens": _specimens(),
        "icons": icons.names("icons"),
        "pictograms": icons.names("pictograms"),
        "page_language": languages.language(code).html_lang,
        "page_direction": languages.direction(code),
        "languages": _languages(code),
        "navigation": words.NAVIGATION,
        "log_contact_url": "#",
    }
    return render(request, "gallery.html", context)
