"""What a guardian told the school: the language for contact, another number or e-mail address, another home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parents.forms_portal import NONE_OF_THEM, ContactField, NewContactForm
from parents.models import ContactPoint, Guardian, PointKind
from parents.services.homes import Address
from schools import languages
from schools.roster import limits
from schools.roster.contacts import written_phone


class LanguageToldForm(forms.Form):
    """The language in which the guardian wants notices."""

    language = forms.ChoiceField(label=_("Language for contact"), choices=languages.contact_choices)
    told = forms.BooleanField(
        label=_("This person said so."),
        error_messages={"required": _("Ask this person first: a language is never guessed.")},
    )


class HomeForm(forms.Form):
    """Where the guardian lives now; ``mates`` may move along."""

    street = forms.CharField(label=_("Street and number"), max_length=limits.STREET)
    postcode = forms.CharField(label=_("Postcode"), max_length=limits.POSTCODE)
    city = forms.CharField(label=_("Town"), max_length=limits.CITY)
    together = forms.BooleanField(required=False)

    def __init__(self, *args: Any, mates: Sequence[Guardian], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mates:
            names = ", ".join(person.full_name for person in mates)
            self.fields["together"].label = gettext("Moves along: %(names)s") % {"names": names}
        else:
            del self.fields["together"]

    def address(self) -> Address:
        street, postcode, city = (" ".join(self.cleaned_data[name].split()) for name in ("street", "postcode", "city"))
        return Address(street, postcode, city)


def written(point: ContactPoint) -> str:
    """A number as people write it; an address as it is."""
    return written_phone(point.value) if point.kind == PointKind.PHONE else point.value


class ContactToldForm(NewContactForm):
    """A number or address, and which of ``points`` it takes the place of. Colleagues see them whole."""

    contact = ContactField(
        label=_("New e-mail address or phone number"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    replaces = forms.ChoiceField(label=_("Which one is no longer used?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, points: Sequence[ContactPoint], **kwargs: Any) -> None:
        super().__init__(*args, points=points, **kwargs)
        if field := self.fields.get("replaces"):
            whole = [(str(point.pk), format_html('<bdi dir="ltr">{}</bdi>', written(point))) for point in points]
            field.choices = [*whole, (NONE_OF_THEM, _("None: this is one more"))]  # type: ignore[attr-defined]
