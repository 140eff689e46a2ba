"""Who hears a page hears of each button in a list which row it is about: no two of them have one name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from messaging.models import PrintedLetter, Thread
from messaging.services import ask_question, attach_file, print_letters, publish_notice, return_letter
from parents.models import ContactPointUse, LegalHold
from parents.services.absences import report_absence
from schools import clock
from schools.models import Enrolment, Holiday
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, sent
from tests.messaging.voices import a_voice
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def two_files(cast: Cast) -> Any:
    notice = draft(cast)
    for words in ("Menu", "Kalender"):
        file = CheckedFile(Kind.PDF, b"%PDF-1.7\n" + words.encode())
        attach_file(notice=notice, by=notice.author, file=file, title=words, language="nl")
    return cast.client("teacher_3b").get(reverse("notice_files", args=[notice.pk]))


def two_voices(cast: Cast) -> Any:
    notice = draft(cast)
    for code in ("ar", "pa"):
        a_voice(notice, code)
    publish_notice(notice=notice, by=notice.author)
    return cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]))


def two_questions(cast: Cast) -> Any:
    Thread.objects.all().delete()
    for guardian, pupil in (("mother", "simran"), ("separated_father", "yusuf")):
        ask_question(guardian=cast.guardians[guardian], pupil=cast.pupils[pupil], notice=None, text="?", language="pa")
    Thread.objects.update(assigned_to=None)
    return cast.client("head").get(reverse("thread_list"))


def two_absences(cast: Cast) -> Any:
    place, father = Enrolment.objects.get(pupil=cast.pupils["yusuf"]), cast.guardians["separated_father"]
    calendar = Holiday.objects.calendar(place.school)
    for ahead in (3, 5):
        day = calendar.add_school_days(clock.today(), ahead)
        report_absence(place=place, by=father, starts_on=day, ends_on=day)
    return cast.guardian_client("separated_father").get(reverse("portal_absence", args=[place.pupil_id]))


def two_holds(cast: Cast) -> Any:
    family, school = cast.families["kaur"], cast.schools["kersenboom"]
    for days in (10, 20):
        LegalHold.objects.create(
            family=family,
            school=school,
            because="klacht",
            until=clock.today() + timedelta(days=days),
            held_by=cast.staff["head"],
            held_at=clock.now(),
        )
    return cast.client("head").get(reverse("family_rights", args=[family.pk]))


def two_left_holds(cast: Cast) -> Any:
    two_holds(cast)
    Enrolment.objects.update(ends_on=clock.today() - timedelta(days=1))
    return cast.client("admin").get(reverse("processing_register"))


def letters_to_both_parents(cast: Cast) -> list[PrintedLetter]:
    ContactPointUse.objects.all().delete()
    print_letters(notice=sent(cast), by=cast.staff["teacher_3b"])
    parents = [cast.guardians["separated_father"], cast.guardians["separated_mother"]]
    return list(PrintedLetter.objects.filter(delivery__guardian__in=parents).select_related("delivery__notice"))


def two_letters_found(cast: Cast) -> Any:
    letters_to_both_parents(cast)
    return cast.client("teacher_3b").post(reverse("letters_returned"), {"words": "Yusuf"})


def two_letters_returned(cast: Cast) -> Any:
    for letter in letters_to_both_parents(cast):
        assert return_letter(delivery=letter.delivery, by=cast.staff["teacher_3b"])
    return cast.client("teacher_3b").get(reverse("letters_returned"))


LISTS = [
    *(two_files, two_voices, two_questions, two_absences, two_holds, two_left_holds),
    *(two_letters_found, two_letters_returned),
]


@pytest.mark.parametrize("page", LISTS)
def test_each_button_of_a_list_has_a_name_of_its_own(cast: Cast, page: Callable[[Cast], Any]) -> None:
    main = text_of(page(cast)).split("<main")[1].split("</main>")[0]
    forms = re.findall(r"<form.*?</form>", main, re.DOTALL)
    buttons = [
        re.sub(r"<[^>]+>", "", found) for form in forms for found in re.findall(r"<button.*?</button>", form, re.S)
    ]
    names = [" ".join(words.split()) for words in buttons]
    assert len(names) >= 2
    assert sorted(names) == sorted(set(names))
