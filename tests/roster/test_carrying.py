"""An upload's way: read, looked at, brought in; refused, stopped, begun anew."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.db.models.functions import Now

from parents.models import Guardian
from parents.roster import carrying
from parents.roster.carrying import carry_on
from schools import clock
from schools.models import AuditEntry, Pupil, RosterPage, RosterUpload, School, UploadState, User
from schools.roster import progress, storage
from schools.roster.uploads import ask_to_apply, forget_files, read_again, stop
from tests.roster.lists import ROWS, file_of
from tests.roster.uploading import bring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_places")]


def carried(upload: RosterUpload) -> RosterUpload:
    """After the worker came by."""
    carry_on()
    upload.refresh_from_db()
    return upload


def applied(upload: RosterUpload, by: User, **more: Any) -> RosterUpload:
    ask_to_apply(upload=upload, by=by, plan_key=upload.plan_key, **more)
    return carried(upload)


def test_a_file_is_read_looked_at_and_brought_in(school: School, office: User) -> None:
    upload = carried(bring(school, office))
    assert upload.state == UploadState.READY
    assert (upload.count("pupil", "create"), upload.count("guardian", "create")) == (3, 3)
    assert upload.counts["without_language"] == 1
    assert not Pupil.objects.exists(), "looking changes nothing"
    names = [line["name"] for page in RosterPage.objects.filter(upload=upload, deed="create") for line in page.lines]
    assert names == [
        *("3B", "1A", "Lotte Vandersmissen", "Arjan Singh", "Noor El Amrani"),
        "Tom Vandersmissen",
        "Kiran Kaur",
        "Samira El Amrani",
    ]
    upload = applied(upload, office)
    assert (upload.state, upload.applied_by) == (UploadState.APPLIED, office)
    assert Pupil.objects.count() == 3
    line = AuditEntry.objects.get(verb="applied a roster")
    assert (line.actor, line.target_id) == (office, upload.pk)


def test_while_it_compares_a_worker_does_not_search_for_rings_and_afterwards_it_does(
    school: School, office: User
) -> None:
    searches: list[bool] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "schools_pupil" in sql:
            searches.append(gc.isenabled())
        return execute(sql, params, many, context)

    bring(school, office)
    with connection.execute_wrapper(note):
        carry_on()
    assert searches
    assert not any(searches)
    assert gc.isenabled()


def test_the_same_file_again_would_change_nothing(school: School, office: User) -> None:
    applied(carried(bring(school, office)), office)
    again = carried(bring(school, office))
    assert {deed: again.count("pupil", deed) for deed in ("create", "change", "end", "leave")} == {
        "create": 0,
        "change": 0,
        "end": 0,
        "leave": 3,
    }


def test_what_is_no_roster_is_refused_with_a_reason(school: School, office: User) -> None:
    upload = carried(bring(school, office, b"%PDF-1.7 geen lijst", "lijst.csv"))
    assert (upload.state, upload.problem) == (UploadState.REFUSED, "is_pdf")


def test_a_roster_with_an_error_is_not_applied(school: School, office: User) -> None:
    upload = carried(bring(school, office, file_of(*ROWS, "101;Iemand;Anders;01/01/2018;3B;;;;;")))
    assert upload.state == UploadState.READY
    assert upload.has_errors
    with pytest.raises(ValidationError):
        ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)


def test_who_looked_at_an_older_preview_looks_again(school: School, office: User) -> None:
    upload = carried(bring(school, office))
    with pytest.raises(ValidationError):
        ask_to_apply(upload=upload, by=office, plan_key="0" * 64)


def test_a_preview_that_no_longer_fits_is_not_applied(school: School, office: User) -> None:
    first, second = carried(bring(school, office)), carried(bring(school, office))
    applied(first, office)
    second = applied(second, office)
    assert (second.state, second.problem) == (UploadState.READY, "plan_changed")
    assert second.count("pupil", "leave") == 3, "the new preview says what would happen now"
    assert Pupil.objects.count() == 3


def test_many_leavers_are_confirmed_first(school: School, office: User) -> None:
    applied(carried(bring(school, office)), office)
    upload = carried(bring(school, office, file_of(*ROWS[:1])))
    assert (upload.leaving, upload.enrolled) == (2, 3)
    with pytest.raises(ValidationError, match="2 "):
        ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)
    upload = applied(upload, office, leaving_confirmed=True)
    assert upload.state == UploadState.APPLIED


def test_stopped_before_it_was_brought_in_it_begins_anew(school: School, office: User) -> None:
    upload = carried(bring(school, office))
    ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)
    stop(upload=upload, by=office)
    upload = carried(upload)
    assert (upload.state, upload.problem) == (UploadState.STOPPED, "plan_stopped")
    assert not Pupil.objects.exists()
    read_again(upload=upload, by=office)
    assert applied(carried(upload), office).state == UploadState.APPLIED


def test_nothing_is_half_saved_when_the_database_refuses_a_row(school: School, office: User) -> None:
    """A guardian's row is refused after classes, pupils and places were written."""
    upload = carried(bring(school, office))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "ALTER TABLE parents_guardian ADD CONSTRAINT no_kiran CHECK (first_name <> 'Kiran') NOT VALID"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER no_kiran BEFORE INSERT ON parents_guardian WHEN NEW.first_name = 'Kiran' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
    upload = applied(upload, office)
    assert (upload.state, upload.problem) == (UploadState.STOPPED, "plan_not_saved")
    assert not Pupil.objects.exists()
    assert not Guardian.objects.exists()


class Conflict(Exception):
    """What the driver of PostgreSQL says of two transactions that touched the same rows."""

    pgcode = "40001"


def test_what_somebody_else_wrote_meanwhile_is_brought_in_anew(
    school: School, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = carried(bring(school, office))
    ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)
    work = carrying._claim()
    assert work is not None
    with monkeypatch.context() as on_postgresql:
        on_postgresql.setattr(connection, "vendor", "postgresql")
        error = OperationalError()
        error.__cause__ = Conflict()
        work._failed(error)
    assert carried(upload).state == UploadState.APPLIED


def test_a_file_that_was_taken_up_by_a_clock_that_was_ahead_is_read(school: School, office: User) -> None:
    upload = bring(school, office)
    held = {"state": UploadState.READING, "attempts": 1, "claimed_until": Now() + timedelta(days=3)}
    RosterUpload.objects.filter(pk=upload.pk).update(**held)
    assert carried(upload).state == UploadState.READY


def test_a_file_whose_worker_dies_each_time_is_given_up(school: School, office: User) -> None:
    upload = bring(school, office)
    RosterUpload.objects.filter(pk=upload.pk).update(state=UploadState.READING, attempts=3)
    assert (carried(upload).state, upload.problem) == (UploadState.REFUSED, "plan_gave_up")


def test_progress_is_told_while_a_step_runs(school: School, office: User) -> None:
    upload = carried(bring(school, office))
    assert progress.how_far(upload.pk)["step"] == "comparing"
    applied(upload, office)
    assert progress.how_far(upload.pk)["step"] == "saving"


def test_while_the_cache_is_away_it_is_brought_in_all_the_same(school: School, office: User, settings: Any) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}
    upload = carried(bring(school, office))
    assert progress.how_far(upload.pk) == {}
    assert applied(upload, office).state == UploadState.APPLIED
    with pytest.raises(redis.ConnectionError):  # nobody would hear of it
        stop(upload=upload, by=office)


def test_after_a_month_file_and_names_are_gone_and_counts_stay(school: School, office: User) -> None:
    upload = carried(bring(school, office))
    name = upload.file
    RosterUpload.objects.filter(pk=upload.pk).update(created_at=clock.now() - timedelta(days=31))
    assert forget_files() == 1
    upload.refresh_from_db()
    assert (upload.file, upload.state, upload.problem) == ("", UploadState.STOPPED, "plan_file_gone")
    assert upload.checksum
    assert upload.count("pupil", "create") == 3
    assert not upload.pages.exists()
    assert not upload.findings.exists()
    assert not storage.path(name).exists()
