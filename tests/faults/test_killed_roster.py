"""A worker that is killed while it brings a school's list in: nothing of it is there, and the next one does it all."""

from __future__ import annotations

import pytest
from celery import current_app
from django.db import transaction

from parents.models import Guardian, Guardianship
from schools.models import Assignment, Enrolment, Pupil, Role, RosterUpload, UploadState
from schools.roster.progress import how_far
from schools.roster.uploads import ask_to_apply, bring_in
from tests import factories as make
from tests.faults.conftest import StartWorker
from tests.faults.processes import wait_until
from tests.roster.lists import file_of

PUPILS = 1_500
#: Steps in which pupils are written already and the transaction is far from its end.
IN_THE_MIDDLE = {"guardians", "contacts"}


def ring() -> None:
    current_app.send_task("parents.tasks.carry_rosters")


def state_of(upload: RosterUpload) -> str:
    upload.refresh_from_db()
    return upload.state


@pytest.mark.fault
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_half_and_the_next_worker_does_it_all(start_worker: StartWorker) -> None:
    with transaction.atomic():
        make.make_school_year()
        school, office = make.make_school(), make.make_user()
        Assignment.objects.create(user=office, role=Role.OFFICE, school=school, starts_on=make.LONG_AGO)
    rows = (
        f"{number};Kind{number};Familie{number};03/04/2018;{1 + number % 6}A;Ouder;Familie{number};"
        f"0470{number:06};ouder{number}@thuis.example;nl"
        for number in range(PUPILS)
    )
    upload = bring_in(school=school, by=office, name="leerlingen.csv", content=file_of(*rows))
    worker = start_worker()
    wait_until(lambda: state_of(upload) == UploadState.READY, "The reading of the list", ring=ring)
    ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)
    wait_until(lambda: how_far(upload.pk).get("step") in IN_THE_MIDDLE, "The writing of guardians", ring=lambda: None)
    worker.kill_and_start_again()
    assert not Pupil.objects.exists()
    assert state_of(upload) == UploadState.APPLYING

    wait_until(lambda: state_of(upload) == UploadState.APPLIED, "Bringing it in after the kill", ring=ring)
    found = [model._default_manager.count() for model in (Pupil, Enrolment, Guardian, Guardianship)]
    assert found == [PUPILS] * 4
