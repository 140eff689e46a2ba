"""Forms around the translations of a notice: the text itself, who is asked, what families get meanwhile, the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging.models import LanguageChoice, MachineUse, TranslationReason
from messaging.models.texts import SLOTS
from messaging.noticepage import SLOT_LABELS
from messaging.sealednotice import LINES, Words
from messaging.sealing import CHILD
from messaging.translationrules import Rules
from messaging.translationstate import LanguageState
from schools import clock
from schools.languages import MASTER, Language, language
from schools.lines import Lines

#: Longest words of a line, as in the model; a whole text.
LONGEST = {"title": 160, "subject": 120, "sms": 320, "body": 8000} | dict.fromkeys(SLOTS, 300)
LABELS: dict[str, Any] = {
    "title": _("Title"),
    "subject": _("Subject of the e-mail, without names"),
    "sms": _("Text message"),
    "body": _("Text"),
} | SLOT_LABELS
#: These stand on screens that others see: the child's name has no place in them.
_READ_BY_OTHERS = frozenset({"subject", "sms"})
#: Translators have at most this long, and a notice waits no longer for them.
FARTHEST = timedelta(days=60)


#: The words of a notice as its page has them, then what goes before it.
IN_ORDER = ("title", *SLOTS, "body", "subject", "sms")


class WordsForm(forms.Form):
    """All words of a notice in one language, written in its direction. What the Dutch leaves empty is not asked."""

    def __init__(self, data: Any = None, *, words: Words, dutch: Words, entry: Language) -> None:
        super().__init__(data, initial=words.as_fields())
        originals = dutch.as_fields()
        for name in IN_ORDER:
            if originals[name].strip():
                self.fields[name] = _text_field(name, entry)

    def words(self) -> Words:
        return Words.of_fields(self.cleaned_data)

    def pairs(self, dutch: Mapping[str, Any]) -> list[tuple[Any, Any]]:
        """Each field with the Dutch that stands beside it."""
        return [(self[name], dutch[name]) for name in self.fields if name in dutch]


class _Text(forms.CharField):
    """Words that may have been written elsewhere. What is pasted too long stays whole, and is answered with a sentence:
    a browser that knows the limit cuts the rest off and says nothing."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class _Line(_Text):
    """One line, however it was broken where it came from."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


def _text_field(name: str, entry: Language) -> forms.CharField:
    attrs = {"lang": entry.html_lang, "dir": entry.direction}
    size = {"rows": 10, "class": "long-text"} if name == "body" else {"rows": 3 if name == "sms" else 2}
    widget = forms.TextInput(attrs) if name in ("title", "subject") else Lines(attrs=attrs | size)
    kind = _Line if name in LINES else _Text
    checks = [_names_no_child] if name in _READ_BY_OTHERS else []
    return kind(label=LABELS[name], max_length=LONGEST[name], widget=widget, validators=checks)


def _names_no_child(words: str) -> None:
    if CHILD in words:
        raise forms.ValidationError(_("Nobody fills this in: %(names)s.") % {"names": CHILD})


class OwnWordsForm(forms.Form):
    """The Dutch of a notice in the author's own words. ``began_from`` names the Dutch that stood there before."""

    began_from = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, words: Words, began_from: str) -> None:
        super().__init__(data, initial=words.as_fields() | {"began_from": began_from})
        for name in ("title", "body", *SLOTS, "subject", "sms"):
            self.fields[name] = _text_field(name, language(MASTER))
            self.fields[name].required = name not in SLOTS
        self.fields["subject"].help_text = _("Others may see it on a screen: no name, and nothing of what it is about.")

    def words(self) -> Words:
        return Words.of_fields(self.cleaned_data)


class ColleagueForm(WordsForm):
    """A colleague's translation; who reads the language as a native speaker says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_native"] = forms.BooleanField(
            label=_("A native speaker has read it like this"),
            required=False,
            help_text=_("Your name and the day are kept with it."),
        )


class AskForm(forms.Form):
    """Translators are asked for some languages, by a day, with a word on what it is about."""

    languages = forms.MultipleChoiceField(
        label=_("Into which languages?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    due_on = forms.DateField(label=_("Wanted by"))
    context = forms.CharField(
        label=_("What the translator should know"),
        max_length=500,
        required=False,
        help_text=_("For example: for parents of six-year-olds. Write no names: translators know no families."),
        widget=Lines(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, rows: Sequence[LanguageState]) -> None:
        super().__init__(data, prefix="ask", initial={"due_on": clock.today() + timedelta(days=3)})
        _offer(self.fields["languages"], rows)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        if day > clock.today() + FARTHEST:
            raise forms.ValidationError(_("This is more than two months ahead. Choose an earlier day."))
        return day


class MachineForm(forms.Form):
    """The machine is asked for some languages."""

    languages = forms.MultipleChoiceField(
        label=_("Into which languages?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )

    def __init__(self, data: Any = None, *, rows: Sequence[LanguageState]) -> None:
        super().__init__(data, prefix="machine", initial={"languages": [row.code for row in rows if row.obstacle]})
        _offer(self.fields["languages"], rows)


def _offer(field: forms.Field, rows: Sequence[LanguageState]) -> None:
    assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
    field.choices = [(row.code, row.language.own_name) for row in rows]


class ReasonForm(forms.Form):
    """For which purpose it is translated; a school that need not say may leave it open."""

    def __init__(self, data: Any = None, *, reason: str, rules: Rules) -> None:
        super().__init__(data, initial={"reason": reason})
        none = [] if rules.needs_reason and reason else [("", _("No purpose chosen"))]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Purpose of the translation"),
            choices=[*none, *TranslationReason.choices],
            required=rules.needs_reason,
            help_text=_("The law allows other languages beside the Dutch for one of these purposes."),
        )


def _for_whom_and_why(row: LanguageState) -> str:
    words = ngettext("%(parents)s parent. %(why)s", "%(parents)s parents. %(why)s", row.parents)
    return words % {"parents": row.parents, "why": row.why}


#: From so many languages on they can be given the same choice at once.
MANY_LANGUAGES = 3


class ChoicesForm(forms.Form):
    """For each language without a text to send, what its readers get; and until when the notice waits at most."""

    def __init__(self, data: Any = None, *, rows: Sequence[LanguageState], wait_until: Any = None) -> None:
        super().__init__(data, prefix="talen", initial={"wait_until": wait_until})
        self.rows = rows
        choices = [("", _("Choose…")), *LanguageChoice.choices]
        if len(rows) >= MANY_LANGUAGES:
            self.fields["same"] = forms.ChoiceField(
                label=_("The same for each of these languages"),
                choices=choices,
                required=False,
                help_text=_("What you choose at a language below holds for that language."),
            )
        for row in rows:
            field = forms.ChoiceField(
                label=row.language.own_name,
                choices=choices,
                required=not self.has_many,
                initial=row.choice,
                help_text=_for_whom_and_why(row),
            )
            field.error_messages["required"] = _("Choose what these families get.")
            field.has_answer = True  # type: ignore[attr-defined]
            self.fields[row.code] = field
        self.fields["wait_until"] = forms.DateTimeField(
            label=_("Wait at most until"),
            required=False,
            help_text=_("What is not in by then goes in Dutch, with an offer to call."),
        )
        self.fields["wait_until"].has_answer = True  # type: ignore[attr-defined]  # where one waits it is needed

    @property
    def has_many(self) -> bool:
        return "same" in self.fields

    def choices(self) -> dict[str, str]:
        return {row.code: self.cleaned_data[row.code] for row in self.rows}

    def pairs(self) -> list[tuple[Any, LanguageState]]:
        return [(self[row.code], row) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.has_many:
            self._fill(cleaned)
        waits = any(cleaned.get(row.code) == LanguageChoice.WAIT for row in self.rows)
        moment = cleaned.get("wait_until")
        if waits and "wait_until" not in self.errors and (moment is None or moment <= clock.now()):
            self.add_error("wait_until", _("Choose until when the notice waits: a moment that is still to come."))
        elif moment and moment > clock.now() + FARTHEST:
            self.add_error("wait_until", _("This is more than two months ahead. Choose an earlier day."))
        return cleaned

    def _fill(self, cleaned: dict[str, Any]) -> None:
        """Languages at which nothing was chosen get what was chosen for all; that it is missing is said once."""
        open_ones = [row.code for row in self.rows if row.code not in self.errors and not cleaned.get(row.code)]
        same = cleaned.get("same", "")
        cleaned |= dict.fromkeys(open_ones, same)
        if open_ones and not same and "same" not in self.errors:
            names = [str(self.fields[code].label) for code in open_ones]
            words = _("Choose what these families get: %(languages)s.")
            self.add_error("same", words % {"languages": ", ".join(names)})


class RulesForm(forms.Form):
    """What a school, or all schools of a network, allow."""

    needs_reason = forms.TypedChoiceField(
        label=_("Must a translation name its purpose?"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", _("Yes: language law asks it of schools and municipalities")),
            ("no", _("No: this organisation may write in any language")),
        ],
    )
    machine = forms.ChoiceField(label=_("A machine translation"), choices=MachineUse.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, rules: Rules) -> None:
        super().__init__(
            data, initial={"needs_reason": "yes" if rules.needs_reason else "no", "machine": rules.machine}
        )


class HandInForm(WordsForm):
    """A translator's work."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_native"] = forms.BooleanField(
            label=_("I am a native speaker of this language"),
            required=False,
            help_text=_("Then parents are not told that nobody checked it."),
        )
