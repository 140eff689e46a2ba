"""A talk noted with the wrong parent or for the wrong readers: put right, earlier words stay where they were."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parents.meetingdata import earlier
from parents.models import ContactMoment, ContactRevision, Guardian, Guardianship
from parents.services import log_contact_moment
from parents.services.correcting import correct_contact_moment
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


def logged(cast: Cast, author: str = "teacher_3b", **facts: Any) -> ContactMoment:
    return log_contact_moment(
        author=cast.staff[author],
        school=cast.schools["kersenboom"],
        pupils=[cast.pupils["simran"]],
        kind="PHONE",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
        **{"note": "Over rekenen", "guardians": [cast.guardians["mother"]]} | facts,
    )


def father(cast: Cast) -> Guardian:
    """Simran's father, whom the school did not know when the talk was noted."""
    person = Guardian.objects.create(first_name="Harjit", last_name="Singh", contact_language="pa")
    Guardianship.objects.create(pupil=cast.pupils["simran"], guardian=person, starts_on=cast.year.starts_on)
    return person


def put_right(cast: Cast, moment: ContactMoment, author: str = "teacher_3b", **changes: Any) -> int:
    """The answer to the form as it stands, with these changes."""
    client, url = cast.client(author), reverse("contact_correct", args=[moment.pk])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value is not None} | changes
    status = client.post(url, sent).status_code
    moment.refresh_from_db()
    return status


def detail(cast: Cast, moment: ContactMoment, person: str) -> str:
    return text_of(cast.client(person).get(reverse("contact_detail", args=[moment.pk])))


def people(moment: ContactMoment) -> list[Guardian]:
    return list(moment.guardians.order_by("pk"))


def test_whom_it_was_with_is_put_right_and_who_stood_there_stays_readable(cast: Cast) -> None:
    mother, other = cast.guardians["mother"], father(cast)
    moment = logged(cast)
    assert put_right(cast, moment, guardians=[other.pk]) == 302
    assert people(moment) == [other]
    revision = ContactRevision.objects.get()
    assert revision.was == {"guardians": [mother.pk]}, "numbers: a name that is erased is gone here too"
    page = detail(cast, moment, "teacher_3b")
    assert mother.full_name in page
    assert other.full_name in page
    assert AuditEntry.objects.get(verb="corrected").detail == {"fields": ["guardians"]}
    Guardian.objects.filter(pk=mother.pk).update(first_name="", last_name="")
    assert mother.full_name not in detail(cast, moment, "teacher_3b")


def test_nobody_of_another_family_is_put_there(cast: Cast) -> None:
    moment = logged(cast)
    assert put_right(cast, moment, guardians=[cast.guardians["dutch_mother"].pk]) == 422
    assert people(moment) == [cast.guardians["mother"]]


def test_who_may_read_it_is_put_right_and_earlier_words_stay_with_those_who_could_read_them(cast: Cast) -> None:
    moment = logged(cast, author="care", note="Een delicaat verhaal", visibility="SCHOOL_CARE")
    url = reverse("contact_detail", args=[moment.pk])
    assert cast.client("teacher_3b").get(url).status_code == 404
    assert put_right(cast, moment, "care", note="Wil graag bellen", visibility="SCHOOL_TEAM") == 302
    assert moment.visibility == "SCHOOL_TEAM"
    assert "Een delicaat verhaal" in detail(cast, moment, "care")
    page = detail(cast, moment, "teacher_3b")
    assert "Wil graag bellen" in page
    assert "Een delicaat verhaal" not in page
    assert "Wat er eerder stond" not in page


def test_a_line_for_the_parents_leaves_their_page_when_it_was_not_for_them(cast: Cast) -> None:
    moment = logged(cast, agreement="Elke week bellen", visibility="PARENT")
    mother, child = cast.guardian_client("mother"), reverse("portal_child", args=[cast.pupils["simran"].pk])
    assert "Elke week bellen" in text_of(mother.get(child))
    assert put_right(cast, moment, visibility="SCHOOL_TEAM") == 302
    assert "Elke week bellen" not in text_of(mother.get(child))


@pytest.mark.parametrize("wanted", ["CLB", "SCHOOL_CARE", "AUTHOR", "x"])
def test_a_teacher_chooses_among_the_readers_a_teacher_has(cast: Cast, wanted: str) -> None:
    moment = logged(cast)
    assert put_right(cast, moment, visibility=wanted) == 422
    assert moment.visibility == "SCHOOL_TEAM"


def test_who_works_for_a_clb_takes_a_line_there_with_its_centre_and_back_only_with_consent(cast: Cast) -> None:
    moment = logged(cast, author="joint")
    assert put_right(cast, moment, "joint", visibility="CLB", centre="") == 422
    assert put_right(cast, moment, "joint", visibility="CLB", centre=cast.centres["vclb"].pk) == 302
    assert (moment.visibility, moment.centre) == ("CLB", cast.centres["vclb"])
    assert cast.client("head").get(reverse("contact_detail", args=[moment.pk])).status_code == 404
    assert put_right(cast, moment, "joint", note="Anders", visibility="SCHOOL_TEAM") == 302
    assert (moment.visibility, moment.note) == ("CLB", "Anders"), "that field is not there"
    with pytest.raises(ValidationError):
        correct_contact_moment(
            moment=moment,
            by=cast.staff["joint"],
            facts={"held_on": moment.held_on, "visibility": "SCHOOL_TEAM"},
            seen=moment.revisions.count(),
        )


def test_the_export_of_a_parent_says_nothing_of_when_it_stood_as_a_talk_with_the_other(cast: Cast) -> None:
    mother, other = cast.guardians["mother"], father(cast)
    moment = logged(cast)
    put_right(cast, moment, note="Over lezen")
    put_right(cast, moment, guardians=[other.pk], note="Over turnen")
    put_right(cast, moment, note="Over zwemmen")
    talks = ContactMoment.objects.filter(pk=moment.pk)
    said = [row["text"] for row in earlier(other, talks)]
    assert len(said) == 1
    assert "Over turnen" in said[0]
    put_right(cast, moment, guardians=[mother.pk])
    said = [row["text"] for row in earlier(mother, talks)]
    assert len(said) == 2, "when it was noted with her first"
    assert "Over lezen" in said[0]
    assert "Over rekenen" in said[1]
    assert not any(mother.full_name in text or other.full_name in text for text in said)
