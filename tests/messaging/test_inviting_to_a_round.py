"""The words that invite to a round in which parents choose a time: for such rounds alone, and no other words for them.

Words that name a day and an hour say the same to everybody, which is wrong where each family has a time of its own.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from messaging.models import Delivery, Notice, Reason
from messaging.models.notices import AudienceKind
from messaging.models.templates import ROUND_INVITATION
from messaging.reminders import in_vain, still_wanted
from parents.models import ConferenceHour, ConferenceRound, ConferenceSlot, Guardian
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, template
from tests.parents.conferences import invite, round_of

pytestmark = pytest.mark.django_db
INVITE = f"/school/berichten/nieuw/{ROUND_INVITATION}/"
SHEET = "/school/berichten/nieuw/blank-sheet/"


@pytest.fixture(autouse=True)
def _templates(cast: Cast) -> None:
    template()


def named(form: Any) -> list[str]:
    """The groups a form offers, first and further on."""
    grouped = form.fields["group"].choices[1:] if "group" in form.fields else []
    further = [choice for _title, choices in grouped for choice in choices]
    return [str(value) for value, _words in [*form.fields["audience"].choices, *further] if value]


def test_only_the_words_that_let_choose_are_for_such_a_round(cast: Cast) -> None:
    made, teacher = round_of(cast), cast.client("teacher_3b")
    group = f"round:{made.pk}"
    assert named(teacher.get(INVITE).context["form"]) == [group]
    assert group not in named(teacher.get(COMPOSE).context["form"])
    assert group in named(teacher.get(SHEET).context["form"])
    refused = teacher.post(COMPOSE, {"audience": "", "group": group})
    assert (refused.status_code, "group" in refused.context["form"].errors) == (422, True)
    ConferenceRound.objects.update(books_until=None)
    assert group in named(teacher.get(COMPOSE).context["form"])


def test_it_is_ready_as_it_opens_and_names_no_hour(cast: Cast) -> None:
    made, teacher = round_of(cast), cast.client("teacher_3b")
    form = teacher.get(INVITE).context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value()}
    assert teacher.post(INVITE, fields).status_code == 302
    notice = Notice.objects.get()
    until = clock.local_date(made.books_until)  # type: ignore[arg-type]
    assert (notice.audience, notice.conference_round, notice.answer_by) == (AudienceKind.ROUND, made, until)
    assert {option["key"] for option in notice.answers} >= {"yes", "yes_interpreter"}, "on paper"
    body = notice.texts.get(language="nl").body
    assert "U kiest zelf het uur." in body
    assert " om " not in body
    again = teacher.get(reverse("notice_edit", args=[notice.pk])).context["form"]
    assert again.initial["audience"] == f"round:{made.pk}"


def test_who_chose_no_time_is_reminded_with_the_same_words_and_times(cast: Cast) -> None:
    made, head = round_of(cast), cast.client("head")
    first = invite(cast, made, "separated_father").notice
    group = f"unanswered:{first.pk}"
    form = head.get(INVITE, {"aan": group}).context["form"]
    assert group in named(form)
    fields = {name: form[name].value() for name in form.fields if form[name].value()} | {"audience": ""}
    assert head.post(INVITE, fields).status_code == 302
    reminder = Notice.objects.latest("pk")
    assert (reminder.audience, reminder.earlier, reminder.leads_to_times) == (AudienceKind.UNANSWERED, first, True)
    made.books_until = clock.now()
    made.save(update_fields=["books_until"])
    assert head.post(INVITE, fields).status_code == 422, "nobody can choose any more"


@pytest.mark.parametrize("rooms", [["3b"], ["3b", "1a"]], ids=["alone", "beside one whose parents all have a time"])
def test_nobody_is_reminded_to_choose_where_nothing_is_left_to_choose(cast: Cast, rooms: list[str]) -> None:
    """The teacher called the evening off, and has not said yet when she receives instead."""
    made, head = round_of(cast, *rooms), cast.client("head")
    ConferenceSlot.objects.exclude(school_class=cast.classes["3b"]).delete()
    first = invite(cast, made, "separated_father").notice
    at_home = reverse("notice_detail", args=[first.pk])
    people = Guardian.objects.filter(pk=cast.guardians["separated_father"].pk)
    assert list(still_wanted(first, people)) == list(people)
    ConferenceHour.objects.filter(host__round=made, host__school_class=cast.classes["3b"]).delete()
    assert list(still_wanted(first, people)) == []
    page = " ".join(head.get(at_home).content.decode().split())
    assert "er is geen uur meer om te kiezen" in page


def test_a_reminder_that_waits_is_taken_back_when_the_last_time_goes(cast: Cast) -> None:
    made = round_of(cast)
    waits = invite(cast, made, "separated_father")
    rows = Delivery.objects.filter(pk=waits.pk)
    assert in_vain(rows) == {}
    ConferenceHour.objects.filter(host__round=made).delete()
    assert in_vain(rows) == {Reason.OVER: [waits.pk]}


def test_without_such_a_round_one_is_told_what_is_missing(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(INVITE).content.decode()
    assert "Geen ronde om voor uit te nodigen" in page
    assert reverse("conference_new") in page
    assert reverse("conference_new") not in cast.client("joint").get(INVITE).content.decode(), "it would be refused"


def test_one_family_is_not_invited_to_choose_among_the_times_of_nobody(cast: Cast) -> None:
    round_of(cast)
    teacher, family = cast.client("teacher_3b"), f"family:{cast.families['haddad'].pk}"
    cards = reverse("notice_new")
    assert INVITE not in teacher.get(cards, {"aan": family}).content.decode()
    assert INVITE in teacher.get(cards).content.decode()
    form = teacher.get(INVITE, {"aan": family}).context["form"]
    assert family not in named(form)
    assert form.selection() is None
