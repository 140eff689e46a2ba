"""A child's place at the school, put right: another class, a last day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.dayinput import day_input
from schools.models import Enrolment, SchoolClass


class MoveForm(forms.Form):
    """Another class of the same school year."""

    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), label=_("To class"), empty_label="—")
    first_day = forms.DateField(
        label=_("From"),
        widget=day_input(),
        help_text=_("A class chosen by mistake is put right with the same day once more."),
    )

    def __init__(self, data: Any = None, *, place: Enrolment, prefix: str = "move") -> None:
        super().__init__(data, prefix=prefix, initial={"first_day": max(clock.today(), place.starts_on)})
        room = place.school_class
        classes = SchoolClass.objects.filter(school_id=room.school_id, year_id=room.year_id).exclude(pk=room.pk)
        field: Any = self.fields["school_class"]
        field.queryset = classes.order_by("level", "name")

    @property
    def leads_anywhere(self) -> bool:
        """Whether there is another class."""
        field: Any = self.fields["school_class"]
        return bool(field.queryset)


class LeaveForm(forms.Form):
    """The last day at the school."""

    last_day = forms.DateField(
        label=_("Last school day"),
        widget=day_input(),
        help_text=_(
            "From the day after, the parents get nothing more. Talks that are booked after it are cancelled, and the "
            "parents hear that. What was said and sent stays."
        ),
    )

    def __init__(self, data: Any = None, *, place: Enrolment) -> None:
        super().__init__(data, prefix="leave", initial={"last_day": place.ends_on or clock.today()})
