"""What colleagues type and choose in conversations with families."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.services.post_translations import LONGEST_TRANSLATION
from messaging.services.threads import LONGEST_POST
from schools.languages import Language
from schools.lines import Lines
from schools.models import SchoolClass

WHO = [("", _("everybody")), ("mij", _("me")), ("niemand", _("nobody yet"))]


class InboxForm(forms.Form):
    """Which conversations of the shared inbox are shown. An unknown choice shows everything."""

    stand = forms.CharField(required=False, widget=forms.HiddenInput)
    wie = forms.ChoiceField(label=_("Whose"), choices=WHO, required=False)
    klas = forms.ModelChoiceField(
        label=_("Class"), queryset=SchoolClass.objects.none(), required=False, empty_label=_("all classes")
    )

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["klas"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = classes
        rows = list(classes)
        several = len({row.school_id for row in rows}) > 1
        names = [(row.pk, f"{row.name} · {row.school.name}" if several else row.name) for row in rows]
        field.choices = [("", field.empty_label), *names]


class ReplyForm(forms.Form):
    """An answer in a conversation, and its translation by whoever knows the language."""

    text = forms.CharField(
        label=_("Your reply"),
        max_length=LONGEST_POST,
        widget=Lines(attrs={"rows": 5}),
        help_text=_("Short sentences. Write one thing at a time, and say who can help."),
        error_messages={"required": _("Write an answer first.")},
    )
    translation = forms.CharField(max_length=LONGEST_TRANSLATION, required=False)

    def __init__(self, *args: Any, reads: Language, writes: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reads.text == writes or reads.spoken_only:
            del self.fields["translation"]
            return
        field = self.fields["translation"]
        field.label = _("The same in %(language)s") % {"language": reads.own_name}
        field.help_text = _("Only if you or a colleague knows this language. The family sees both.")
        field.widget = Lines(attrs={"rows": 4, "lang": reads.html_lang, "dir": reads.direction})
