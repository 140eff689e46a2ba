"""The words of one language of a reference text, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import languages
from schools.languages import MASTER, text_codes
from schools.lines import Lines
from schools.texts import Part, Standing, TextKind
from schools.texts.kinds import tidy
from schools.texts.standing import Shown, faults, faults_of_dutch

#: Characters that a field of one line still shows.
LONGEST_LINE = 160


class WordingForm(forms.Form):
    """One field for each part, in the language and direction of the text; ``seen`` is the version it was shown with."""

    machine = forms.BooleanField(
        label=_("A machine translated this"),
        help_text=_("Parents then read that nobody checked it."),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, *, standing: Standing, code: str) -> None:
        entry = standing.languages[code]
        was_machine = entry.record is not None and entry.record.state == "MACHINE"
        super().__init__(data, initial={"seen": entry.version, "machine": was_machine})
        self._standing, self._code = standing, code
        own = {part.name: _field(part, standing, code) for part in standing.parts}
        self.fields = own | self.fields
        if code == MASTER:
            del self.fields["machine"]

    @property
    def words(self) -> dict[str, str]:
        return {part.name: tidy(str(self.cleaned_data.get(part.name, "")), part) for part in self._standing.parts}

    def clean(self) -> dict[str, Any]:
        """What would reach a reader wrong stands at its field."""
        words, parts = self.words, [part for part in self._standing.parts if part.name not in self.errors]
        found = (
            faults_of_dutch(parts, words) if self._code == MASTER else faults(parts, words, self._standing.master.words)
        )
        for fault in list(found):
            self.add_error(fault.part, fault.words)
        return self.cleaned_data


def _field(part: Part, standing: Standing, code: str) -> forms.CharField:
    entry = languages.language(code)
    attrs = {"lang": entry.html_lang, "dir": entry.direction, "spellcheck": "true"}
    text = standing.languages[code].words[part.name]
    if part.of_lines or part.longest > LONGEST_LINE:
        rows = min(14, max(3, text.count("\n") + 2)) if part.of_lines else 2
        widget: forms.Widget = Lines(attrs=attrs | {"rows": str(rows)})
    else:
        widget = forms.TextInput(attrs=attrs)
    field = forms.CharField(
        label=part.label,
        max_length=part.longest,
        required=bool(standing.master.words[part.name]),
        strip=False,
        initial=text,
        widget=widget,
        help_text=_("One entry on each line.") if part.is_list else "",
    )
    field.has_answer = True  # type: ignore[attr-defined]
    return field


class ReviewForm(forms.Form):
    """Who read a translation."""

    reviewer = forms.CharField(
        label=_("Native speaker who read it"),
        help_text=_("The name is kept with the text, with the day, and shown to those who maintain texts only."),
        max_length=120,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_review_%s", **kwargs)  # the page has the form of the words beside it


class TextFilter(forms.Form):
    """Which texts the list shows: all in the address of the page."""

    soort = forms.ChoiceField(label=_("Kind"), required=False)
    tekst = forms.ChoiceField(label=_("Language"), required=False)
    staat = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, kinds: list[TextKind]) -> None:
        super().__init__(data)
        names = [(code, languages.LANGUAGES[code].own_name) for code in text_codes() if code != MASTER]
        states = [(state.value, state.label) for state in Shown if state != Shown.MASTER]
        self._offer("soort", [("", _("All kinds")), *((kind.code, kind.label) for kind in kinds)])
        self._offer("tekst", [("", _("All languages")), *names])
        self._offer("staat", [("", _("All states")), *states])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
