"""The variables of a template as a sender types them, and as a notice stores them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.dayinput import ComingDay
from schools.models import School, SchoolClass


def _line(label: Any, *, maximum: int = 80, help_text: Any = "", **attrs: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=maximum, help_text=help_text, widget=forms.TextInput(attrs=attrs))


def variable_field(name: str) -> forms.Field:
    """The field that asks for a variable of a template; a name nobody foresaw is asked as a line of text."""
    match name:
        case "date":
            return ComingDay(label=_("Day"))
        case "deadline":
            return ComingDay(label=_("Answer or hand in by"))
        case "time":
            return forms.TimeField(label=_("Hour"))
        case "amount":
            return forms.DecimalField(label=_("Amount, in euro"), min_value=0, max_value=9999, decimal_places=2)
        case "place":
            return _line(_("Where"), help_text=_("A name parents know, such as: classroom 3B, or the gym."))
        case "activity":
            return _line(_("Activity"), help_text=_("In short, simple Dutch. This word is not translated."), lang="nl")
        case "teacher":
            return _line(_("Teacher"))
        case "phone":
            return forms.CharField(
                label=_("Telephone number for questions"),
                max_length=20,
                widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
            )
    return _line(name.replace("_", " ").capitalize())


def words_around(text: str, name: str) -> str:
    """The sentence in which a variable stands by itself, as it will read: "Terug op school: …"; empty where the name of
    the field says as much, because it follows another one or nothing."""
    held = f"{{{name}}}"
    sentence = next((one.strip() for one in text.replace("\n", ". ").split(". ") if held in one), "")
    words = sentence.replace(held, "…")
    return words if "{" not in words and words not in ("", "…") else ""


def stored_values(
    names: list[str], cleaned: Mapping[str, Any], *, school: School | None, school_class: SchoolClass | None
) -> dict[str, str]:
    """Values as a notice stores them: days in ISO form, hours as HH:MM, amounts with a point."""
    values = {name: _as_typed(cleaned[name]) for name in names if cleaned.get(name) not in (None, "")}
    if school:
        values["school"] = school.name
    if school_class:
        values["class_name"] = school_class.name
    return values


def _as_typed(value: Any) -> str:
    if hasattr(value, "hour"):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
