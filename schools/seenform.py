"""A form that keeps what stands: what somebody else changed since the page was opened is not put back unseen."""

from __future__ import annotations

import hashlib
from datetime import date, time
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from schools.days import full_day

_SEEN = "seen"


class SeenForm(forms.Form):
    """``seen`` comes along with the page: by field, a mark of what stood in it then. The rows are read under a lock
    where nobody may come in between."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100_000)

    def watch(self, is_watched: bool) -> None:
        """Say so once all fields are there; what is new has nothing that somebody else could have changed."""
        self._is_watched = is_watched
        self.fields[_SEEN].initial = lambda: _written(self._marks())

    def _marks(self) -> dict[str, str]:
        """By field, a mark of what stands in it."""
        marks = {}
        for name, field in self.fields.items():
            if name != _SEEN:
                value = self.get_initial_for_field(field, name)
                value = sorted(one.pk for one in value) if isinstance(value, list) else value
                marks[name] = hashlib.sha256(str(value or "").encode()).hexdigest()[:12]
        return marks

    def _now(self, name: str) -> str:
        """What stands in it by now: below it the field shows what was just typed."""
        field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        each = value if isinstance(value, list) else [value]
        return ", ".join(_in_words(field, one) for one in each if one not in (None, "")) or "–"

    def _stands(self, name: str, given: dict[str, Any]) -> bool:
        """Whether it says what stands there by now, as at a second press, so that nothing is put back; a number also
        however it was typed."""
        stored = getattr(getattr(self, "instance", None), name, self.get_initial_for_field(self.fields[name], name))
        return name not in self.changed_data or (name in given and given[name] == stored)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        seen, now = dict(one.partition("=")[::2] for one in given.pop(_SEEN, "").split()), self._marks()
        other = [name for name, mark in now.items() if seen.get(name) != mark and not self._stands(name, given)]
        changed = [f"{self.fields[name].label} ({self._now(name)})" for name in other]
        if self._is_watched and seen and changed:
            words = _("Somebody else changed this meanwhile: %(what)s. Look at it below, then save once more.")
            self.add_error(None, words % {"what": ", ".join(changed)})
            shown: Any = self.data
            again = shown.copy()
            again[self.add_prefix(_SEEN)] = _written(now)
            self.data = again
        return given


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        rows = getattr(field, "queryset", None)
        if rows is not None:
            return str(value if isinstance(value, Model) else rows.filter(pk=value).first())
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    if isinstance(value, date):
        return full_day(value)
    return f"{value.hour}.{value.minute:02}" if isinstance(value, time) else str(value)


def _written(marks: dict[str, str]) -> str:
    return " ".join(f"{name}={mark}" for name, mark in marks.items())
