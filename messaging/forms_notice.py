from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from messaging.addressees import AddressBook
from messaging.forms_audience import AudienceForm
from messaging.models import Notice, NoticeKind, NoticeTemplate, TranslationReason
from messaging.models.notices import AudienceKind
from messaging.models.templates import LOOKING_BACK, AnswerScope
from messaging.purposes import URGENT_REASONS
from messaging.selections import group_of
from messaging.variables import stored_values, variable_field, words_around
from schools import clock
from schools.dayinput import ComingDay
from schools.languages import MASTER
from schools.models import Pupil
from schools.roster.contacts import written_phone

#: Filled in by the portal itself: the sender never types them.
AUTOMATIC = frozenset({"school", "child", "class_name"})
#: Categories that are nearly always about today.
ABOUT_TODAY = frozenset({"absence", "urgent"})
#: Who schedules further ahead has the year wrong.
FARTHEST = timedelta(days=180)
#: Not required of every submission, but never left open: it comes filled in, or another field says it.
_NOT_OPTIONAL = frozenset({"audience", "urgent_reason", "answer_scope", "translation_reason"})
KIND_ICONS = {NoticeKind.ACTIE: "hand", NoticeKind.INFO: "info", NoticeKind.DRINGEND: "bell-ring"}
KIND_HELP = {
    NoticeKind.ACTIE: _("Parents have something to do or to answer."),
    NoticeKind.INFO: _("Parents only need to know it."),
    NoticeKind.DRINGEND: _("For today. Goes out at once, also to parents who want fewer notices."),
}


class NoticeForm(AudienceForm):
    """What the sender fills in: to whom, the template's variables, what kind of notice it is, what parents may answer.

    ``revision`` and ``page`` tell which version of the draft the sender began from, and on which page.
    """

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        template: NoticeTemplate,
        book: AddressBook,
        languages: Sequence[str],
        author_name: str,
        notice: Notice | None = None,
        preset: str = "",
        **kwargs: Any,
    ) -> None:
        self.template, self.book, self.notice = template, book, notice
        if notice is not None and notice.is_invitation:
            self.announces = notice.gathering
        self.options = list(template.answers.all())
        self.asked = [name for name in template.variables if name not in AUTOMATIC]
        kwargs["initial"] = _typed_before(notice, book) if notice else self._usual(author_name, preset)
        super().__init__(*args, **kwargs)
        for name in self.asked:
            self.fields[name] = variable_field(name)
            self.fields[name].required = not template.is_blank
        if "time" in self.fields:
            self.fields["time"].help_text = words_around(getattr(template, f"when_{MASTER}") or "", "time")
        self._add_kind()
        self._add_answers()
        for name in _NOT_OPTIONAL & set(self.fields):
            self.fields[name].has_answer = True  # type: ignore[attr-defined]
        self.offer(languages)

    @property
    def last_day_name(self) -> str:
        """The field with the last day to answer: the template's own deadline where it has one."""
        return "deadline" if "deadline" in self.asked else "answer_by"

    def _usual(self, author_name: str, preset: str) -> dict[str, Any]:
        schools, only = self.book.schools_within, self.book.only_one
        is_place = self.book.stands_first(preset)
        chosen = self.book.read(preset or only)
        meetings = chosen.conference_round if chosen else None
        until = meetings.books_until if meetings else None
        return {
            "audience": preset if is_place else "" if preset else only,
            "group": "" if is_place else preset,
            "teacher": author_name,
            "phone": written_phone(next(iter(schools)).phone) if len(schools) == 1 else "",
            "kind": self.template.kind,
            "urgent_reason": URGENT_REASONS.get(self.template.slug, ""),
            "date": clock.today() if self.template.category in ABOUT_TODAY else meetings.held_on if meetings else None,
            self.last_day_name: clock.local_date(until) if until else None,
            "answers": [] if self.template.is_blank else [option.key for option in self.options],
            "answer_scope": self.template.answer_scope,
            "translation_reason": self.template.translation_reason,
            "revision": 0,
            "page": uuid4(),
        }

    # --- Fields -------------------------------------------------------------------------------------------------------
    def _add_kind(self) -> None:
        kind = forms.ChoiceField(label=_("Kind of notice"), choices=NoticeKind.choices, widget=forms.RadioSelect)
        kind.choice_icons, kind.choice_help = KIND_ICONS, KIND_HELP  # type: ignore[attr-defined]
        self.fields["kind"] = kind
        self.fields["urgent_reason"] = forms.CharField(
            label=_("Why can it not wait?"),
            max_length=200,
            required=False,
            help_text=_("Urgent notices pass the quiet hours. Your reason stays with the notice."),
        )

    def _add_answers(self) -> None:
        if self.last_day_name == "answer_by" and not self.announces:
            self.fields["answer_by"] = ComingDay(label=_("Answer by"), required=False)
        if self.options and not self.announces and not self.book.is_of_rounds:  # what is chosen stands in their place
            self.fields["answers"] = forms.MultipleChoiceField(
                label=_("What parents can answer with one tap"),
                choices=[(option.key, option.label_nl) for option in self.options],  # type: ignore[attr-defined]
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Without any answer parents only confirm that they have read it."),
            )
            self.fields["answer_scope"] = forms.ChoiceField(
                label=_("How many answers?"), choices=AnswerScope.choices, required=False, widget=forms.RadioSelect
            )
        self.fields["translation_reason"] = forms.ChoiceField(
            label=_("Purpose"),
            choices=[*self._no_reason(), *TranslationReason.choices],
            required=False,
            help_text=_("The law allows other languages beside the Dutch for one of these purposes."),
        )
        self.fields["send_at"] = forms.DateTimeField(
            label=_("Leaves later, at"), required=False, help_text=_("Empty: it leaves when you press Send.")
        )

    def _no_reason(self) -> list[tuple[str, Any]]:
        """Of an empty sheet nobody knows beforehand why it is translated."""
        return [("", _("Choose…"))] if self.template.is_blank else []

    # --- What was typed -----------------------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"audience", "group"} & set(self.errors) and self.selection() is None:
            self.add_error("audience", forms.ValidationError(_("Choose a class or the school."), code="required"))
        if cleaned.get("kind") == NoticeKind.DRINGEND and not cleaned.get("urgent_reason"):
            words = _("Write in a few words why this cannot wait.")
            self.add_error("urgent_reason", forms.ValidationError(words, code="required"))
        day, last = cleaned.get("date"), cleaned.get(self.last_day_name)
        if self.template.category in LOOKING_BACK:
            day = None  # it may lie behind us, and behind the hour at which this leaves
        self._refuse_past("date", day)
        if day and last and last > day:
            self.add_error(self.last_day_name, _("This is after the day itself. Choose an earlier day."))
        self._refuse_past(self.last_day_name, last)
        self._check_send_at(cleaned.get("send_at"), day, last)
        return cleaned

    def _refuse_past(self, name: str, day: date | None) -> None:
        if day and day < clock.today():
            self.add_error(name, _("This day has passed. Choose today or a later day."))

    def _check_send_at(self, moment: datetime | None, day: date | None, last: date | None) -> None:
        if moment is None:
            return
        if moment <= clock.now():
            self.add_error("send_at", _("This hour has passed. Choose a later one, or leave it empty."))
        elif moment > clock.now() + FARTHEST:
            self.add_error("send_at", _("This is more than half a year ahead. Choose an earlier day."))
        elif last and clock.local_date(moment) > last:
            self.add_error("send_at", _("This is after the last day to answer. Choose an earlier hour."))
        elif day and clock.local_date(moment) > day:
            self.add_error("send_at", _("This is after the day itself. Choose an earlier hour."))

    def can_be_kept(self) -> bool:
        """Whether it can be saved on the way: whom it is for is known, and nothing typed is wrong, only missing."""
        self.is_valid()
        wrong = any(error.code != "required" for errors in self.errors.as_data().values() for error in errors)
        return not wrong and self.selection() is not None

    def without_complaints(self) -> NoticeForm:
        """For a form that is still being filled in: its children field without the error of an empty choice."""
        self.is_valid()
        self.errors.pop("pupils", None)
        return self

    def without_any_complaints(self) -> NoticeForm:
        """For a form that was not sent: it is shown with what was typed, and not told what is missing."""
        self.is_valid()
        self.errors.clear()
        return self

    def content(self) -> dict[str, Any]:
        """What it says, as services.create_notice and update_notice take it."""
        cleaned = self.cleaned_data
        is_urgent = cleaned.get("kind") == NoticeKind.DRINGEND
        facts = {
            "values": dict.fromkeys(self.asked, "")
            | stored_values(self.asked, cleaned, school=None, school_class=None),
            "answer_by": cleaned.get(self.last_day_name),
            "kind": cleaned.get("kind"),
            "urgent_reason": cleaned.get("urgent_reason", "") if is_urgent else "",
            "translation_reason": cleaned.get("translation_reason"),
            "send_at": cleaned.get("send_at"),
        }
        if self.options and not self.book.is_of_rounds:  # on paper one answers by the template's
            facts |= {"answer_keys": cleaned.get("answers", []), "answer_scope": cleaned.get("answer_scope")}
        return facts

    def show_newer(self, newer: Notice) -> None:
        """Shown again with the revision of the version that another window saved: to save once more is a decision."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["revision"] = str(newer.revision)
        self.data = data

    def values(self) -> dict[str, str]:
        """The variables filled in and right so far, as a notice stores them."""
        school, school_class = self.place()
        return stored_values(self.asked, self._given(), school=school, school_class=school_class)

    def chosen_answers(self) -> list[Any]:
        """The template's answers that parents are offered."""
        keys = self._given().get("answers") or []
        return [option for option in self.options if option.key in keys]

    @property
    def chosen_kind(self) -> str:
        return str(self._given().get("kind") or self.template.kind)

    @property
    def last_day(self) -> date | None:
        """The last day to answer, when it is filled in and right so far."""
        day = self._given().get(self.last_day_name)
        return day if isinstance(day, date) else None

    # --- How it is shown ----------------------------------------------------------------------------------------------
    @property
    def opens_more(self) -> bool:
        """Likewise for answers, purpose and hour."""
        names = {"answers", "answer_scope", "translation_reason", "send_at"}
        unusual = self.template.is_blank
        if self.notice is not None and "answers" in self.fields:
            unusual = unusual or len(self.notice.answers) != len(self.options)
        return unusual or bool(names & set(self.errors)) or bool(self["send_at"].value())


def _typed_before(notice: Notice, book: AddressBook) -> dict[str, Any]:
    group = group_of(notice)
    is_place = book.stands_first(group)
    picked = notice.audience == AudienceKind.PUPILS
    return notice.values | {
        "audience": group if is_place else "",
        "group": "" if is_place else group,
        "pupils": list(Pupil.objects.filter(pk__in=notice.notice_pupils.values("pupil_id"))) if picked else [],
        "languages": notice.contact_languages,
        "kind": notice.kind,
        "urgent_reason": notice.urgent_reason,
        "answer_by": notice.answer_by,
        "answers": [option["key"] for option in notice.answers],
        "answer_scope": notice.answer_scope,
        "translation_reason": notice.translation_reason,
        "send_at": notice.send_at,
        "revision": notice.revision,
        "page": uuid4(),
    }
