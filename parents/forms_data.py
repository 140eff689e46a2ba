"""Forms about people's data, for colleagues: requests, consents, legal holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models import (
    FOR_A_CHILD,
    ConsentPurpose,
    ContactMoment,
    DataRequest,
    Decision,
    GivenHow,
    Guardian,
    Guardianship,
    Identity,
    RequestKind,
)
from schools import clock
from schools.lines import Lines
from schools.models import CLBCentre, Pupil, School

#: What happens when it is granted, said before it is.
_WHEN_GRANTED = {
    RequestKind.ACCESS: _("Nothing is sent by itself: hand over the file above."),
    RequestKind.RECTIFY: _(
        "When granted, also in part, the guardian's words stand beside what was noted, which stays. A wrong name,"
        " number or address you put right yourself."
    ),
    RequestKind.ERASE: _(
        "When granted, also in part, what you keep about this guardian goes at once, and nobody can bring it back."
    ),
    RequestKind.RESTRICT: _(
        "When granted, also in part, nothing is sent to this guardian and nothing else is done with the data, until"
        " somebody works with them again."
    ),
    RequestKind.OBJECT: _(
        "When granted, also in part, nothing is sent to this guardian any more, urgent notices neither, until somebody"
        " works with the data again."
    ),
}


class DecisionForm(forms.Form):
    """What is decided, and why: the guardian reads the reason."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=600,
        widget=Lines(attrs={"rows": 3}),
        help_text=_("The guardian reads this on the own page. For a refusal also say where to complain."),
    )
    moment = forms.ModelChoiceField(
        ContactMoment.objects.none(),
        label=_("Beside which note does the own version stand?"),
        required=False,
        empty_label=_("beside the whole file of the family"),
    )

    #: What was asked when the page was made: words may be added while it is open.
    asked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: DataRequest, moments: Any, **kwargs: Any) -> None:
        self._asked = hashlib.sha256(request.words.encode()).hexdigest()[:16]
        super().__init__(*args, **kwargs)
        self.fields["asked"].initial = self._asked
        self.fields["decision"].help_text = _WHEN_GRANTED[RequestKind(request.kind)]
        if request.kind == RequestKind.ERASE:
            self.fields["reason"].help_text = _(
                "Tell it to the guardian first: when erased, there is no page to read it on and no number to call. For"
                " a refusal also say where to complain."
            )
        field: Any = self.fields["moment"]
        if request.kind == RequestKind.RECTIFY:
            field.queryset = moments
        else:
            del self.fields["moment"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.pop("asked", "") not in ("", self._asked):
            self.data = {**self.data.dict(), "asked": self._asked}  # type: ignore[attr-defined]  # on the page that says so
            raise forms.ValidationError(_("The parent asked something more meanwhile. Read it above, then decide."))
        return given


class ExtendForm(forms.Form):
    """Why an answer takes two months more: the guardian reads it."""

    because = forms.CharField(label=_("Why it takes longer"), max_length=300)


class AskedOfForm(forms.Form):
    """What is asked of a school or a centre: ``place`` is one of ``places``."""

    def __init__(self, *args: Any, places: Iterable[School | CLBCentre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place_key(place): place for place in places}
        field: Any = self.fields["place"]
        field.choices = [(key, place.name) for key, place in self.places.items()]

    def clean_place(self) -> School | CLBCentre:
        return self.places[self.cleaned_data["place"]]


class NewRequestForm(AskedOfForm):
    """A request that a guardian made by voice or on paper."""

    place = forms.ChoiceField(label=_("Who answers it?"))
    kind = forms.ChoiceField(label=_("What is asked?"), choices=RequestKind.choices, widget=forms.RadioSelect)
    identity = forms.ChoiceField(
        label=_("How do you know who asks?"),
        choices=[row for row in Identity.choices if row[0] != Identity.CODE],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In the guardian's words"),
        max_length=2000,
        required=False,
        widget=Lines(attrs={"rows": 3}),
    )


def place_key(place: School | CLBCentre) -> str:
    """``school-3`` or ``clb-1``."""
    return f"{'school' if isinstance(place, School) else 'clb'}-{place.pk}"


def _decides(guardian: Guardian, child: Pupil) -> bool:
    return Guardianship.objects.current().filter(guardian=guardian, pupil=child, may_decide=True).exists()


class ConsentForm(forms.Form):
    """A consent that a guardian gave to a colleague."""

    guardian = forms.ModelChoiceField(Guardian.objects.none(), label=_("Who agrees?"), empty_label=None)
    purpose = forms.ChoiceField(label=_("For what?"), choices=ConsentPurpose.choices)
    child = forms.ModelChoiceField(
        Pupil.objects.none(),
        label=_("For which child?"),
        required=False,
        empty_label="—",
        help_text=_("Only for photos and for sharing from the CLB to the school."),
    )
    how = forms.ChoiceField(label=_("How?"), choices=[row for row in GivenHow.choices if row[0] != GivenHow.OWN_PAGE])
    given_on = forms.DateField(label=_("Given on"), initial=clock.today)

    def __init__(self, *args: Any, guardians: Any, pupils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["guardian"]
        about: Any = self.fields["child"]
        who.queryset, about.queryset = guardians, pupils
        about.has_answer = True  # its note says when it is needed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("purpose") in FOR_A_CHILD and not cleaned.get("child"):
            self.add_error("child", _("Say for which child this is."))
        elif cleaned.get("purpose") not in FOR_A_CHILD:
            cleaned["child"] = None
        elif cleaned.get("guardian") and not _decides(cleaned["guardian"], cleaned["child"]):
            self.add_error("guardian", _("This person does not decide about this child."))
        return cleaned


class HoldForm(forms.Form):
    """Why and until when a family's data stay beyond their time."""

    because = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For example: complaint of 12 March. No names and no content.")
    )
    until = forms.DateField(label=_("Until and including"))
