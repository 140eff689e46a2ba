"""The forms of the parents' own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.masking import point_choices, point_icons
from parents.models import Channel, ContactPoint, PointKind, ReadingMode
from parents.signin import Reachable, read_contact
from schools import languages
from schools.roster.contacts import read_phone

#: No way is preferred; stored as an empty text.
ANY_WAY = "any"
#: A new number or address beside those that the school has.
NONE_OF_THEM = "none"
READING_ICONS = {
    ReadingMode.TEXT: "book-open",
    ReadingMode.EASY_TEXT: "message-square-text",
    ReadingMode.ORAL_ONLY: "phone",
}
READING_CHOICES = [
    (ReadingMode.TEXT, _("I read texts")),
    (ReadingMode.EASY_TEXT, _("Short and simple, with pictures")),
    (ReadingMode.ORAL_ONLY, _("Please call me or talk to me")),
]
CHANNEL_ICONS = {
    ANY_WAY: "check",
    Channel.EMAIL: "mail",
    Channel.SMS: "smartphone",
    Channel.LETTER: "file-text",
    Channel.CALL: "phone",
}


class LanguageForm(forms.Form):
    """The language in which a guardian wants notices; spoken ones are for talks, their pages stay Dutch."""

    language = forms.ChoiceField(label=_("Your language"), choices=languages.contact_choices)
    second = forms.ChoiceField(
        label=_("Another language that you read well"),
        required=False,
        choices=lambda: [("", _("No other language")), *languages.written_choices()],
    )


class FirstQuestionForm(forms.Form):
    """What a school must know to be understood, asked once."""

    language = forms.ChoiceField(label=_("Your language"), choices=languages.contact_choices)
    reading_mode = forms.ChoiceField(
        label=_("How do you like to read?"), widget=forms.RadioSelect, choices=READING_CHOICES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading_mode"].choice_icons = READING_ICONS  # type: ignore[attr-defined]


class ReadingQuestionForm(FirstQuestionForm):
    """The same for whose language is known: how they read alone."""

    language = None  # type: ignore[assignment]


class ReadingForm(forms.Form):
    """How a guardian reads, and by which way the school tries first."""

    reading_mode = forms.ChoiceField(
        label=_("How do you like to read?"),
        widget=forms.RadioSelect,
        choices=READING_CHOICES,
    )
    preferred_channel = forms.ChoiceField(
        label=_("How may we reach you?"),
        widget=forms.RadioSelect,
        choices=[
            (ANY_WAY, _("It does not matter")),
            (Channel.EMAIL, _("E-mail")),
            (Channel.SMS, _("Text message")),
            (Channel.LETTER, _("On paper, with my child")),
            (Channel.CALL, _("Please call me")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading_mode"].choice_icons = READING_ICONS  # type: ignore[attr-defined]
        self.fields["preferred_channel"].choice_icons = CHANNEL_ICONS  # type: ignore[attr-defined]

    def clean_preferred_channel(self) -> str:
        value: str = self.cleaned_data["preferred_channel"]
        return "" if value == ANY_WAY else value


class DigestForm(forms.Form):
    """Whether INFO comes by itself or once a week; for who has an e-mail address that works."""

    wants_digest = forms.TypedChoiceField(
        label=_("News from school by e-mail"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "week",
        choices=[("each", _("One e-mail for each notice")), ("week", _("One e-mail a week with all of them"))],
        help_text=_("What is urgent or cannot wait for that e-mail always comes at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wants_digest"].choice_icons = {"each": "mail", "week": "calendar-days"}  # type: ignore[attr-defined]


class ContactField(forms.CharField):
    """One field for an e-mail address or a telephone number; cleans to a ``Reachable``, or None where it is free."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address or phone number"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "username", "dir": "ltr"}))
        kwargs.setdefault("error_messages", {"required": _("Type an e-mail address or a phone number.")})
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text and not self.required:
            return None
        contact = read_contact(text)
        if contact is None:
            raise forms.ValidationError(_("Type an e-mail address or a phone number."))
        return contact


class NewContactForm(forms.Form):
    """A number or address that the school should use from now on, and which of ``points`` it replaces; they are shown
    ``as_whole`` where the page has them whole."""

    #: Where on its page it stands: the answer opens there.
    spot = "gegevens"
    contact = ContactField(
        label=_("Your new phone number or e-mail address"),
        help_text=_("Did you move house? Call the school."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    replaces = forms.ChoiceField(label=_("Which one do you no longer use?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, points: Sequence[ContactPoint], as_whole: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        field = self.fields["replaces"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [*point_choices(points, as_whole=as_whole), (NONE_OF_THEM, _("None: this is one more"))]
        field.initial = NONE_OF_THEM
        field.has_answer = True  # type: ignore[attr-defined]
        field.choice_icons = point_icons(points) | {NONE_OF_THEM: "plus"}  # type: ignore[attr-defined]
        if not points:
            del self.fields["replaces"]

    def clean_contact(self) -> Reachable:
        contact: Reachable = self.cleaned_data["contact"]
        if contact.value in {point.value for point in self.points.values()}:
            raise forms.ValidationError(_("The school has this number or address already."))
        if contact.kind == PointKind.PHONE and not read_phone(contact.value):
            raise forms.ValidationError(_("This number is not right. Look at it once more."))
        return contact

    def replaced(self) -> ContactPoint | None:
        return self.points.get(self.cleaned_data.get("replaces", ""))


class PointForm(forms.Form):
    """To which of the own contact points a code is to be sent."""

    point = forms.ChoiceField(
        label=_("Where may we send the code?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Tap a number or an address.")},
    )

    def __init__(self, *args: Any, points: Sequence[ContactPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        field = self.fields["point"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = point_choices(points)
        field.choice_icons = point_icons(points)  # type: ignore[attr-defined]
        if len(points) == 1:
            field.initial = str(points[0].pk)

    def chosen(self) -> ContactPoint:
        return self.points[self.cleaned_data["point"]]
