"""A measurement is opened, answered once by each, and shown when it is closed, to whom it may be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from parents.models import Guardian
from reports import measuring
from reports.measuring import Given, invited, results
from reports.models import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from schools import clock
from schools.models import AuditEntry, Participation, Project
from tests.cast import Cast
from tests.reports.measured import ALL_NO, ALL_YES, crowd, opened, over

pytestmark = pytest.mark.django_db


def test_parents_are_asked_who_may_be_informed_and_contacted(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["grandfather"].pk).update(may_be_contacted=False)
    Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(restricted_on=clock.today())
    wave = opened(cast)
    asked = {cast.guardians[key].pk for key in ("mother", "separated_father", "dutch_mother")}
    assert set(wave.invitees.values_list("guardian_id", flat=True)) == asked
    assert (wave.invited, wave.counts, wave.has_results) == (3, {}, False)


def test_of_a_team_those_are_asked_who_work_with_children_there_today(cast: Cast) -> None:
    wave = opened(cast, audience="TEAM")
    names = set(wave.invitees.values_list("user__full_name", flat=True))
    assert names == {"Lotte Claes", "Wim Jacobs", "Rita Moons", "An Lemmens"}


def test_the_same_measurement_is_not_opened_twice_in_a_year(cast: Cast) -> None:
    opened(cast)
    with pytest.raises(ValidationError, match="bestaat al"):
        opened(cast, by="joint")
    opened(cast, kind="END")
    opened(cast, school="bloesem", by="joint")


def test_only_a_school_of_a_running_project_and_days_that_fit(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="binnen twee maanden"):
        measuring.open_wave(
            school=cast.schools["kersenboom"], kind="END", audience="TEAM", closes_on=clock.today(),
            by=cast.staff["head"],
        )  # fmt: skip
    Participation.objects.all().delete()
    with pytest.raises(ValidationError, match="niet deel aan een project"):
        opened(cast)


def test_a_project_that_is_over_asks_nobody_any_more(cast: Cast) -> None:
    """In September, before its next year was begun: what is said then is no measurement of last year."""
    today = clock.today()
    Project.objects.update(starts_on=today - timedelta(days=300), ends_on=today - timedelta(days=1))
    Participation.objects.update(starts_on=today - timedelta(days=300))
    with pytest.raises(ValidationError, match="niet deel aan een project"):
        opened(cast)
    Project.objects.update(ends_on=today)
    wave = opened(cast)
    assert wave.project == cast.project
    assert not measuring.close_wave(wave=wave, by=cast.staff["head"])
    week_later, head = today + timedelta(days=7), cast.staff["head"]
    Project.objects.update(ends_on=today - timedelta(days=1))
    with pytest.raises(ValidationError, match="projectjaar"):
        measuring.extend_wave(wave=wave, closes_on=week_later, by=head)
    Project.objects.update(ends_on=today)
    measuring.extend_wave(wave=wave, closes_on=week_later, by=head)


def test_each_answers_once_and_a_second_form_changes_nothing(cast: Cast) -> None:
    wave, mother = opened(cast), cast.guardians["mother"]
    assert measuring.answer(wave=wave, person=mother, given=ALL_YES)
    assert not measuring.answer(wave=wave, person=mother, given=ALL_NO)
    box = MeasurementBox.objects.get(wave=wave)
    assert box.counts == {key: [0, 0, 0, 0, 1] for key in ALL_YES.marks}
    assert (box.forms, box.texts) == ({"own": 1}, [])


def test_an_empty_form_is_no_answer_and_one_face_is_one(cast: Cast) -> None:
    wave, mother = opened(cast), cast.guardians["mother"]
    with pytest.raises(ValidationError, match="Kies eerst"):
        measuring.answer(wave=wave, person=mother, given=Given({}, "  "))
    assert measuring.answer(wave=wave, person=mother, given=Given({"welcome": 2}))
    assert MeasurementBox.objects.get().counts == {"welcome": [0, 0, 1, 0, 0]}


def test_others_do_not_answer(cast: Cast) -> None:
    wave = opened(cast, school="bloesem", by="joint")
    with pytest.raises(ValidationError, match="voor anderen"):
        measuring.answer(wave=wave, person=cast.guardians["dutch_mother"], given=ALL_YES)
    with pytest.raises(ValidationError, match="voor anderen"):
        measuring.answer(wave=wave, person=cast.staff["head"], given=ALL_YES)
    assert not MeasurementBox.objects.get().forms


def test_too_late_is_too_late_and_who_came_today_is_in_time(cast: Cast) -> None:
    wave = opened(cast)
    (new,) = crowd(cast, 1)
    assert measuring.answer(wave=wave, person=new, given=ALL_YES)
    over(wave)
    with pytest.raises(ValidationError, match="afgesloten"):
        measuring.answer(wave=wave, person=cast.guardians["mother"], given=ALL_YES)
    with pytest.raises(ValidationError, match="afgesloten"):
        measuring.put_in(wave=wave, given=ALL_YES, way="gate")


def test_closed_it_shows_counts_and_forgets_who_answered(cast: Cast) -> None:
    people = crowd(cast, 5)
    wave = opened(cast)
    for one in people[:4]:
        measuring.answer(wave=wave, person=one, given=ALL_YES)
    measuring.answer(wave=wave, person=people[4], given=Given({"welcome": 0}, "Te veel brieven."))
    assert measuring.close_wave(wave=wave, by=cast.staff["head"])
    wave.refresh_from_db()
    assert wave.counts == {"welcome": [1, 0, 0, 0, 4]}, "a statement with four answers is told to nobody"
    assert (wave.forms, wave.invited, wave.closes_on) == ({"own": 5}, 10, clock.today())
    assert not MeasurementInvitee.objects.exists()
    assert not MeasurementBox.objects.exists()
    assert FreeAnswer.objects.get().original == "Te veel brieven."
    with pytest.raises(ValidationError, match="al gesloten"):
        measuring.close_wave(wave=wave, by=cast.staff["head"])
    with pytest.raises(ValidationError, match="resultaten zijn getoond"):
        measuring.extend_wave(wave=wave, closes_on=clock.today() + timedelta(days=3), by=cast.staff["head"])


def test_too_few_answers_are_erased_unread_and_it_can_be_asked_again(cast: Cast) -> None:
    """Four, the most that are too few: what somebody wrote is not even kept to be read through."""
    people = [*crowd(cast, 2), cast.guardians["mother"], cast.guardians["dutch_mother"]]
    wave = opened(cast)
    for one in people:
        measuring.answer(wave=wave, person=one, given=Given({"welcome": 0}, "Te veel brieven."))
    assert not measuring.close_wave(wave=wave, by=cast.staff["head"])
    wave.refresh_from_db()
    assert (wave.counts, wave.forms, FreeAnswer.objects.count()) == ({}, {"own": 4}, 0)
    measuring.extend_wave(wave=wave, closes_on=clock.today() + timedelta(days=9), by=cast.staff["head"])
    assert measuring.answer(wave=wave, person=cast.guardians["mother"], given=ALL_YES)
    assert MeasurementBox.objects.get().forms == {"own": 1}


def test_five_of_whom_one_only_wrote_are_enough_and_what_they_wrote_is_read(cast: Cast) -> None:
    """No sentence has five answers, the whole has: nothing was erased, so nobody is told so or asked once more."""
    people = crowd(cast, 5)
    wave, head = opened(cast), cast.staff["head"]
    for one in people[:4]:
        measuring.answer(wave=wave, person=one, given=ALL_YES)
    measuring.answer(wave=wave, person=people[4], given=Given({}, "Te veel brieven."))
    assert measuring.close_wave(wave=wave, by=head)
    wave.refresh_from_db()
    assert (wave.counts, FreeAnswer.objects.count(), wave.has_results) == ({}, 1, True)
    with pytest.raises(ValidationError, match="resultaten zijn getoond"):
        measuring.extend_wave(wave=wave, closes_on=clock.today() + timedelta(days=9), by=head)


def test_it_closes_by_itself_and_waits_a_while_when_answers_are_few(cast: Cast) -> None:
    full, few = opened(cast), opened(cast, kind="END")
    for one in crowd(cast, 5):
        measuring.answer(wave=full, person=one, given=ALL_YES)
    measuring.answer(wave=few, person=cast.guardians["mother"], given=ALL_YES)
    assert measuring.close_due() == 0
    over(full)
    over(few)
    assert measuring.close_due() == 1
    assert results.response_of(few).is_over
    measuring.extend_wave(wave=few, closes_on=clock.today() + timedelta(days=2), by=cast.staff["head"])
    assert not measuring.answer(wave=few, person=cast.guardians["mother"], given=ALL_YES), "her answer stands"
    over(few, days=15)
    assert measuring.close_due() == 1
    assert not MeasurementWave.objects.get(pk=few.pk).has_results


def test_sheets_are_typed_in_as_sums(cast: Cast) -> None:
    wave, head = opened(cast), cast.staff["head"]
    with pytest.raises(ValidationError, match="meer antwoorden dan bladen"):
        measuring.type_in(wave=wave, by=head, sheets=3, counts={"welcome": [1, 0, 0, 0, 3]}, texts=[])
    measuring.type_in(wave=wave, by=head, sheets=6, counts={"welcome": [1, 0, 0, 0, 3]}, texts=["Bedankt!"])
    box = MeasurementBox.objects.get()
    assert (box.counts, box.forms, box.texts) == ({"welcome": [1, 0, 0, 0, 3]}, {"paper": 6}, ["Bedankt!"])
    measuring.put_in(wave=wave, given=Given({"welcome": 0}), way="gate")
    response = results.response_of(wave)
    assert (response.own, response.asked, response.gate, response.paper) == (0, 5, 1, 6)


def test_who_came_is_asked_and_who_left_without_an_answer_is_not(cast: Cast) -> None:
    wave = opened(cast)
    measuring.answer(wave=wave, person=cast.guardians["mother"], given=ALL_YES)
    (new,) = crowd(cast, 1)
    Guardian.objects.filter(pk__in=[cast.guardians[key].pk for key in ("mother", "dutch_mother")]).update(
        may_be_contacted=False
    )
    invited.renew(wave)
    people = set(wave.invitees.values_list("guardian_id", flat=True))
    assert new.pk in people
    assert cast.guardians["mother"].pk in people, "an answer that was given stays counted"
    assert cast.guardians["dutch_mother"].pk not in people


def test_the_log_knows_no_answer(cast: Cast) -> None:
    wave = opened(cast)
    before = AuditEntry.objects.count()
    measuring.answer(wave=wave, person=cast.guardians["mother"], given=ALL_YES)
    measuring.put_in(wave=wave, given=ALL_YES, way="gate")
    assert AuditEntry.objects.count() == before
