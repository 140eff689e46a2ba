"""What may not be kept goes, each kind after its own time; figures stay, and what is held stays whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from ingroeibloei import retention, tasks
from messaging.content import load_templates
from messaging.models import InboundText, JobRun, ThreadPost
from messaging.services import ask_question, write_back
from parents.models import (
    CLBNote,
    ConferenceChange,
    ConferenceReminder,
    Consent,
    ContactMoment,
    ContactRequest,
    ContactStatistics,
    DataRequest,
    FollowUp,
    LegalHold,
    OwnVersion,
    ReadingAlert,
    SignInCode,
)
from parents.sealing import make_key
from parents.services import complete_follow_up, file_request, write_clb_note
from parents.services.datarequests import settle_request
from reports.figures import FigureScope, Period, compute
from reports.frozen_year import frozen_runs
from reports.models import TimeEntry
from schools import audit, clock
from schools.models import AuditEntry, AuditSubject, Project
from schools.services import lay_school_year
from tests.cast import Cast
from tests.parents.conferences import round_of, slot_of
from tests.running.nights import at, keep, would

pytestmark = pytest.mark.django_db


@pytest.fixture
def end(cast: Cast) -> int:
    """The calendar year in which the running school year ends."""
    return cast.year.ends_on.year


def hold(cast: Cast, family: str, until: date) -> LegalHold:
    return LegalHold.objects.create(
        family=cast.families[family], because="klacht", until=until, held_by=cast.staff["head"], held_at=clock.now()
    )


class TestNotes:
    def test_stay_until_30_september_and_then_go(self, cast: Cast, end: int) -> None:
        assert "factual lines and agreements of a school year" not in would(date(end, 9, 30))
        assert keep(date(end, 10, 1))["factual lines and agreements of a school year"] == 3
        assert set(ContactMoment.objects.values_list("note", flat=True)) == {""}
        assert ContactMoment.objects.count() == 3

    def test_with_a_line_goes_a_parents_own_version_of_it(self, cast: Cast, end: int) -> None:
        mother, moment = cast.guardians["mother"], cast.moments["gate"]
        for about in (moment, None):
            asked = file_request(
                guardian=mother, kind="RECTIFY", place=cast.schools["kersenboom"], identity="KNOWN",
                by=cast.staff["head"], words=f"Zo was het niet. {about}",
            )  # fmt: skip
            settle_request(request=asked, by=cast.staff["head"], decision="GRANTED", reason="Goed.", moment=about)
        keep(date(end, 9, 30))
        assert OwnVersion.objects.count() == 2
        ContactMoment.objects.filter(pk=moment.pk).update(note="", agreement="", tone="NEUTRAL")
        keep(date(end, 10, 1))
        assert OwnVersion.objects.get().contact_moment is None, "one of the whole file stays with its request"

    def test_those_for_oneself_after_sixty_days(self, cast: Cast) -> None:
        ContactMoment.objects.filter(pk=cast.moments["gate"].pk).update(visibility="AUTHOR")
        written = cast.moments["gate"].held_on
        assert "notes for oneself" not in would(written + timedelta(days=60))
        assert keep(written + timedelta(days=61))["notes for oneself"] == 1

    def test_of_a_clb_wait_until_they_are_in_its_file(self, cast: Cast, end: int, clb_keys: Any) -> None:
        make_key(cast.centres["vclb"])
        author, centre = cast.staff["joint"], cast.centres["vclb"]
        note = write_clb_note(contact_moment=cast.moments["clb"], centre=centre, text="Nota.", author=author)
        keep(date(end + 2, 1, 10))
        assert CLBNote.objects.filter(pk=note.pk).exists()
        assert ContactMoment.objects.get() == cast.moments["clb"], "a contact waits for its note"
        CLBNote.objects.update(exported_at=clock.now())
        assert keep(date(end + 2, 1, 11))["CLB notes that are in the file of the CLB"] == 1
        keep(date(end + 2, 1, 12))
        assert not ContactMoment.objects.exists()

    def test_of_what_was_done_lose_their_words(self, cast: Cast, end: int) -> None:
        follow_up = cast.follow_up
        assert follow_up is not None
        assert "words of what was done for families" not in would(date(end, 10, 1)), "it is still to do"
        complete_follow_up(follow_up=follow_up, by=cast.staff["teacher_3b"])
        keep(date(end, 10, 1))
        assert FollowUp.objects.get().what == "–"

    def test_conversations_keep_their_days_and_lose_their_words(self, cast: Cast, end: int) -> None:
        load_templates()
        thread = ask_question(
            guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa"
        )
        assert "contributions to conversations" not in would(date(end, 9, 30))
        keep(date(end, 10, 1))
        assert not ThreadPost.objects.exists()
        thread.refresh_from_db()
        assert thread.asked_on
        assert not thread.is_waiting, "nothing is left to answer"

    def test_what_goes_on_in_the_new_school_year_keeps_its_words_of_this_one(self, cast: Cast, end: int) -> None:
        """A question of September in a conversation of May still waits for its answer in October."""
        load_templates()
        mother = cast.guardians["mother"]
        thread = ask_question(guardian=mother, pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa")
        with at(date(end, 9, 25)):
            write_back(thread=thread, guardian=mother, text="ਅਤੇ ਹੁਣ?", language="pa")
        keep(date(end, 10, 1))
        assert ThreadPost.objects.get().text == "ਅਤੇ ਹੁਣ?"
        lay_school_year(end, with_holidays=False)
        keep(date(end + 1, 10, 1))
        assert not ThreadPost.objects.exists()

    def test_the_words_of_a_held_family_stay(self, cast: Cast, end: int) -> None:
        load_templates()
        ask_question(
            guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa"
        )
        hold(cast, "kaur", date(end + 1, 2, 1))
        keep(date(end, 10, 1))
        assert ThreadPost.objects.exists()


class TestAProjectYear:
    def test_keeps_its_hours_without_whose_they_were(self, cast: Cast, end: int) -> None:
        assert cast.project is not None
        monday = cast.year.starts_on - timedelta(days=cast.year.starts_on.weekday())
        facts = {"project": cast.project, "week_of": monday, "activity": "CONTACT", "hours": 8}
        entry = TimeEntry.objects.create(user=cast.staff["joint"], **facts)
        entry.corrections.create(hours=7, corrected_at=clock.now())
        keep(date(end, 12, 31))
        entry.refresh_from_db()
        assert entry.user is not None
        assert keep(date(end + 1, 1, 1))["names at the hours of a project year"] == 1
        entry.refresh_from_db()
        assert (entry.user, entry.hours, entry.corrections.count()) == (None, 8, 0)
        assert "names at the hours of a project year" not in keep(date(end + 1, 1, 2))

    def test_is_counted_and_frozen_before_its_contacts_go(self, cast: Cast, end: int) -> None:
        assert cast.project is not None
        keep(date(end, 12, 31))
        assert ContactMoment.objects.count() == 3
        assert not ContactStatistics.objects.exists()
        taken = keep(date(end + 1, 1, 1))
        assert taken["contacts of a project year, or of a school year without one"] == 3
        assert not ContactMoment.objects.exists()
        row = ContactStatistics.objects.get()
        assert (row.school, row.kind, row.level, row.number) == (cast.schools["kersenboom"], "GATE_TALK", "L3", 3)
        assert (row.language_group, row.month) == ("other", cast.moments["gate"].held_month)
        runs = frozen_runs(cast.project)
        assert runs.filter(indicator="I01", breakdown="").count() == 1
        assert all(run.checksum for run in runs)

    def test_stays_readable_as_it_was_counted(self, cast: Cast, end: int) -> None:
        before = compute("I01", FigureScope(project=cast.project), Period(cast.year.starts_on, cast.year.ends_on))
        keep(date(end + 1, 1, 1))
        after = compute("I01", FigureScope(project=cast.project), Period(cast.year.starts_on, cast.year.ends_on))
        assert (before.total.n, after.total.n) == (1, 0), "counted anew it would be wrong"
        client = cast.client("joint")
        page = client.get(reverse("dashboard"))
        assert "frozen_year" in [part.name.split("/")[-1].split(".")[0] for part in page.templates if part.name]
        assert client.get(reverse("indicator_detail", args=["I01"]), {"per": "level"}).status_code == 200

    def test_keeps_the_figures_it_froze_when_done_again(self, cast: Cast, end: int) -> None:
        assert cast.project is not None
        keep(date(end + 1, 1, 1))
        before = list(frozen_runs(cast.project).values_list("pk", "result"))
        keep(date(end + 1, 1, 2))
        assert list(frozen_runs(cast.project).values_list("pk", "result")) == before
        assert ContactStatistics.objects.count() == 1

    def test_is_not_taken_when_its_figures_could_not_be_kept(
        self, cast: Cast, end: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(project: object) -> int:
            raise OSError("disk full")

        monkeypatch.setattr(retention, "freeze_year", fails)
        with pytest.raises(OSError, match="disk full"):
            keep(date(end + 1, 1, 1))
        assert ContactMoment.objects.count() == 3
        assert not JobRun.objects.filter(job=retention.FREEZE).exists()

    def test_leaves_a_held_family_alone(self, cast: Cast, end: int) -> None:
        hold(cast, "kaur", date(end + 1, 2, 1))
        keep(date(end + 1, 1, 1))
        assert ContactMoment.objects.exclude(note="").count() == 3
        keep(date(end + 1, 2, 2))
        assert not ContactMoment.objects.exists()


class TestContactsOfNoProject:
    """The summer lies between two project years, and a school may take part in none: what was noted goes too."""

    def test_those_of_the_summer_go_with_the_year_before_it(self, cast: Cast, end: int) -> None:
        for moment, day in (("gate", date(end, 7, 1)), ("care", date(end, 8, 31)), ("clb", date(end, 9, 1))):
            cast.moments[moment].held_on = day
            cast.moments[moment].save()
        keep(date(end, 12, 31))
        assert ContactMoment.objects.count() == 3
        keep(date(end + 1, 1, 1))
        assert ContactMoment.objects.get() == cast.moments["clb"], "that of September is of the next year"

    def test_those_of_a_school_without_a_project_go_when_their_year_has_passed(self, cast: Cast, end: int) -> None:
        assert cast.project is not None
        cast.project.participations.all().delete()
        keep(date(end, 12, 31))
        assert ContactMoment.objects.count() == 3
        keep(date(end + 1, 1, 1))
        assert not ContactMoment.objects.exists()

    def test_what_a_project_still_counts_stays(self, cast: Cast, end: int) -> None:
        Project.objects.filter(pk=cast.project.pk).update(report_due_on=date(end + 1, 2, 1))  # type: ignore[union-attr]
        keep(date(end + 1, 12, 31))
        assert ContactMoment.objects.count() == 3


def test_what_a_held_family_was_told_asked_and_texted_stays(cast: Cast, end: int) -> None:
    mother, now = cast.guardians["mother"], clock.now()
    slot = slot_of(cast, round_of(cast), "simran")
    ConferenceReminder.objects.create(slot=slot, guardian=mother, sequence=0, told_at=now)
    ConferenceChange.objects.create(slot=slot, guardian=mother, sequence=0, kind="CANCELLED", decided_at=now)
    ContactRequest.objects.create(
        guardian=mother, kind="PHONE", value="", is_proven=True, state="DECLINED", asked_at=now, decided_at=now,
        decided_by=cast.staff["head"],
    )  # fmt: skip
    for number in ("+32470000001", "+32470000009"):
        InboundText.objects.create(gateway_id=number, number=number, text="ਕਦੋਂ?", received_at=now)
    kept: list[Any] = [ConferenceReminder, ConferenceChange, ContactRequest, InboundText]
    held = hold(cast, "kaur", date(end + 3, 1, 1))
    keep(date(end + 2, 12, 31))
    assert [model.objects.count() for model in kept] == [1, 1, 1, 1], "the message of nobody went"
    LegalHold.objects.filter(pk=held.pk).update(until=clock.today())
    keep(date(end + 2, 12, 31))
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]


class TestRegisters:
    def test_the_access_log_goes_after_two_years(self, cast: Cast) -> None:
        start = clock.today() - timedelta(days=732)
        with at(start):
            audit.record_reading(
                actor=cast.staff["head"], verb="read", target=cast.families["kaur"], pupils=[cast.pupils["simran"].pk]
            )
        young = audit.record(actor=cast.staff["head"], verb="read", target=cast.families["kaur"])
        assert keep(clock.today())["lines of the access log"] == 1
        assert not AuditSubject.objects.exists()
        assert AuditEntry.objects.filter(pk=young.pk).exists()

    def test_each_register_after_its_own_time(self, cast: Cast) -> None:
        head, mother, now = cast.staff["head"], cast.guardians["mother"], clock.now()
        Consent.objects.create(
            guardian=mother, purpose="STORY", given_on=clock.today(), given_how="PAPER", withdrawn_on=clock.today()
        )
        Consent.objects.create(guardian=mother, purpose="HOME_VISIT", given_on=clock.today(), given_how="PAPER")
        DataRequest.objects.create(
            guardian=mother, kind="ACCESS", school=cast.schools["kersenboom"], received_at=now, identity="CARD",
            due_on=clock.today(), decided_at=now, decided_by=head, decision="GRANTED", reason="Gegeven.",
        )  # fmt: skip
        ContactRequest.objects.create(
            guardian=mother, kind="PHONE", value="", is_proven=True, state="DECLINED", asked_at=now, decided_at=now,
            decided_by=head,
        )  # fmt: skip
        SignInCode.objects.create(
            contact_point=mother.contact_points.all()[0], digest="x", created_at=now, expires_at=now
        )
        ReadingAlert.objects.create(
            person=head, centre=cast.centres["vclb"], kind="NIGHT", day=clock.today(), first_at=now, last_at=now,
            number=1, raised_at=now,
        )  # fmt: skip
        hold(cast, "haddad", clock.today())
        day = clock.today()
        for days, words in (
            (7, "one-time codes"),
            (365, "decided wishes for another number or address"),
            (731, "alerts of unusual reading"),
            (1825, "withdrawn consents"),
            (1825, "decided requests about data"),
            (1825, "legal holds that are over"),
        ):
            assert words not in would(day + timedelta(days=days)), words
            assert would(day + timedelta(days=days + 1))[words] == 1, words
        keep(day + timedelta(days=1826))
        assert Consent.objects.get().purpose == "HOME_VISIT"
        assert not DataRequest.objects.exists()


class TestTheCommand:
    def test_only_counts_unless_it_is_told_to_apply(self, cast: Cast, end: int) -> None:
        words = StringIO()
        with at(date(end, 10, 1)):
            call_command("retention", stdout=words)
        assert "        3  factual lines and agreements of a school year" in words.getvalue()
        assert "Nothing was changed" in words.getvalue()
        assert ContactMoment.objects.exclude(note="").count() == 3
        assert not JobRun.objects.exists()

    def test_applies_and_says_so_in_the_log_without_names(self, cast: Cast, end: int) -> None:
        with at(date(end, 10, 1)):
            call_command("retention", "--apply", stdout=StringIO())
        assert not ContactMoment.objects.exclude(note="").exists()
        lines = AuditEntry.objects.filter(verb="kept to retention").values_list("detail", flat=True)
        assert {"counts": {"factual lines and agreements of a school year": 3}} in lines
        assert keep(date(end, 10, 1)) == {}, "done twice it takes nothing more"

    def test_lists_held_families_by_number(self, cast: Cast) -> None:
        held = hold(cast, "haddad", clock.today())
        words = StringIO()
        call_command("retention", "--holds", stdout=words)
        assert words.getvalue().strip() == f"family {held.family_id} until {held.until}"


def test_it_goes_on_where_it_was_killed(cast: Cast, end: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.keeping.BATCH", 1)
    real = retention.RULES[0].take
    taken: list[int] = []

    def dies_second(rows: Any) -> int:
        if taken:
            raise KeyboardInterrupt
        taken.append(1)
        return int(real(rows))

    broken = replace(retention.RULES[0], take=dies_second)
    monkeypatch.setattr(retention, "RULES", (broken, *retention.RULES[1:]))
    with at(date(end, 10, 1)), pytest.raises(KeyboardInterrupt):
        retention.run(dry_run=False)
    assert ContactMoment.objects.exclude(note="").count() == 2
    went = AuditEntry.objects.get(verb="kept to retention")
    assert went.detail["counts"] == {broken.words: 1}, "what went before it was killed stands written"
    assert not JobRun.objects.filter(job=retention.RETENTION).exists(), "the night was not done"
    monkeypatch.setattr(retention, "RULES", (replace(broken, take=real), *retention.RULES[1:]))
    assert keep(date(end, 10, 1))["factual lines and agreements of a school year"] == 2
    lines = AuditEntry.objects.filter(verb="kept to retention").values_list("detail", flat=True)
    assert sum(line["counts"].get(broken.words, 0) for line in lines) == 3


def test_beat_rings_for_it_each_night(settings: Any) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["keep to retention"]["task"] == tasks.keep_to_retention.name
