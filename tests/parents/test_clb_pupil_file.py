"""A child's contacts go into the file of its CLB: chosen, as CSV or PDF, logged; notes that wait are said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from parents.clbfile import waiting_notes
from parents.clbpupilfile import children_at_centres
from parents.models import CLBNote, ContactMoment, ContactRevision
from parents.models.readingalerts import Unusual
from parents.reading import unusual_reading
from parents.services import log_contact_moment
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment, Partner, Role
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.sealed import sealed_note

SECRET = "Oma woont nu mee in huis."


@pytest.fixture(autouse=True)
def note(cast: Cast, clb_keys: Path) -> CLBNote:
    return sealed_note(cast, SECRET)


def address(cast: Cast, *, form: str = "csv", centre: str = "vclb", pupil: str = "simran") -> str:
    family = cast.families["haddad" if pupil == "yusuf" else "kaur"]
    return reverse(f"clb_pupil_{form}", args=[family.pk, cast.centres[centre].pk, cast.pupils[pupil].pk])


def take(cast: Cast, key: str, *moments: ContactMoment, **more: Any) -> Any:
    return cast.client(key).get(address(cast, **more), {"contact": [row.pk for row in moments]})


def page(cast: Cast, key: str) -> str:
    return text_of(cast.client(key).get(reverse("clb_file", args=[cast.families["kaur"].pk])))


def test_the_chosen_contacts_of_a_child_leave_with_the_centre_s_own_notes(cast: Cast) -> None:
    gate = cast.moments["gate"]
    ContactMoment.objects.filter(pk=gate.pk).update(note="Sprak over de nieuwe zwemlessen.")
    assert "Simran Kaur" in page(cast, "clb_vclb")
    words = text_of(take(cast, "clb_vclb", gate))
    assert "zwemlessen" in words
    assert SECRET in words
    line = AuditEntry.objects.get(verb="exported contacts for the CLB file")
    assert [row.pupil_id for row in line.subjects.all()] == [cast.pupils["simran"].pk]
    assert line.detail == {"centre": cast.centres["vclb"].pk, "contacts": [gate.pk]}
    assert AuditEntry.objects.filter(verb="read CLB note").exists()
    assert take(cast, "clb_vclb", gate, form="pdf").content.startswith(b"%PDF")


def test_of_a_colleague_of_two_centres_the_one_that_opens_the_school_took_it_along(cast: Cast) -> None:
    """The post at the other centre is the later one; parents read who looked."""
    place = {"clb_centre": cast.centres["clb_go"], "starts_on": clock.today()}
    Assignment.objects.create(user=cast.staff["clb_vclb"], role=Role.CLB, **place)
    assert take(cast, "clb_vclb", cast.moments["gate"]).status_code == 200
    notes = reverse("clb_file_csv", args=[cast.families["kaur"].pk, cast.centres["vclb"].pk])
    assert cast.client("clb_vclb").get(notes).status_code == 200
    lines = AuditEntry.objects.filter(verb__startswith="exported").select_related("assignment")
    assert [line.assignment and line.assignment.clb_centre_id for line in lines] == [cast.centres["vclb"].pk] * 2


def test_what_the_school_of_another_centre_wrote_stays_out_of_the_file(cast: Cast) -> None:
    """Simran went on to a school of the other network; the joint worker reads what both schools wrote."""
    simran, room, today = cast.pupils["simran"], cast.classes["go2"], clock.today()
    Enrolment.objects.filter(pupil=simran).update(ends_on=today - timedelta(days=1))
    Enrolment.objects.create(pupil=simran, school=room.school, school_class=room, starts_on=today)
    log_contact_moment(
        author=cast.staff["teacher_go"], school=room.school, pupils=[simran], kind="PHONE",
        outcome="REACHED_AGREED", held_on=today, note="In de nieuwe school.",
    )  # fmt: skip
    lines = {
        one.centre: {row.note for row in one.contacts}
        for one in children_at_centres(cast.families["kaur"], cast.staff["joint"])
        if one.pupil == simran
    }
    kersenboom = {f"Line of the {layer} layer." for layer in ("gate", "care", "clb")}
    assert lines == {cast.centres["vclb"]: kersenboom, cast.centres["clb_go"]: {"In de nieuwe school."}}


def test_who_looks_at_the_lines_to_choose_from_stands_in_the_access_log(cast: Cast) -> None:
    page(cast, "clb_vclb")
    line = AuditEntry.objects.get(verb="read", target_kind="parents.family")
    assert (line.actor, line.target_id) == (cast.staff["clb_vclb"], cast.families["kaur"].pk)
    assert [row.pupil_id for row in line.subjects.all()] == [cast.pupils["simran"].pk]


def test_the_page_of_a_family_leads_there_with_a_note_and_without(cast: Cast) -> None:
    CLBNote.objects.all().delete()
    url = reverse("family_detail", args=[cast.families["kaur"].pk])
    for key, leads in (("clb_vclb", True), ("joint", True), ("director_vclb", True), ("care", False), ("head", False)):
        there = reverse("clb_file", args=[cast.families["kaur"].pk])
        assert (there in cast.client(key).get(url).content.decode()) is leads, key


def test_what_was_not_chosen_stays_and_something_must_be(cast: Cast) -> None:
    assert take(cast, "clb_vclb").status_code == 302
    other = cast.moments["gate"]
    assert take(cast, "clb_vclb", other, pupil="yusuf").status_code == 302, "it is about another child"
    assert not AuditEntry.objects.filter(verb="exported contacts for the CLB file").exists()


def test_a_referral_says_to_whom_accompanied_or_not_and_whether_it_arrived(cast: Cast) -> None:
    gate, partner = cast.moments["gate"], Partner.objects.get()
    facts = {"partner": partner, "arrived": True}
    ContactMoment.objects.filter(pk=gate.pk).update(kind="REFERRAL", is_reach=True, **facts)
    assert f"{partner.name}, begeleid, kwam daar aan" in text_of(take(cast, "clb_vclb", gate))
    ContactMoment.objects.filter(pk=gate.pk).update(kind="PHONE", outcome="REFERRED", arrived=None)
    assert f"{partner.name}, niet begeleid, niet geweten of ze er aankwamen" in text_of(take(cast, "clb_vclb", gate))


def test_nobody_else_takes_them_along(cast: Cast) -> None:
    gate = cast.moments["gate"]
    for key, status in (("clb_go", 404), ("director_go", 404), ("teacher_3b", 403), ("head", 403), ("care", 403)):
        assert take(cast, key, gate).status_code == status, key
    assert take(cast, "joint", gate, centre="clb_go").status_code == 404, "the child is at no school of that centre"
    assert take(cast, "joint", gate).status_code == 200


def test_lines_of_the_other_centre_and_notes_for_oneself_stay_out(cast: Cast) -> None:
    gate = cast.moments["gate"]
    for facts in (
        {"visibility": "CLB", "centre": cast.centres["clb_go"]},
        {"visibility": "AUTHOR", "recorded_by": cast.staff["joint"]},
    ):
        ContactMoment.objects.filter(pk=gate.pk).update(**facts)
        assert take(cast, "joint", gate).status_code == 302


class TestWaiting:
    def of_last_year(self, cast: Cast, note: CLBNote) -> None:
        day = cast.year.starts_on - timedelta(days=90)
        ContactRevision.objects.filter(contact_moment=note.contact_moment).delete()
        ContactMoment.objects.filter(pk=note.contact_moment_id).update(held_on=day, held_month=day.replace(day=1))

    def test_notes_of_a_year_that_is_over_wait_and_its_own_clb_is_told(self, cast: Cast, note: CLBNote) -> None:
        from schools.services import lay_school_year

        listed = reverse("clb_files_waiting")
        assert not waiting_notes(cast.staff["clb_vclb"]).exists()
        lay_school_year(cast.year.starts_on.year - 1, with_holidays=False)
        self.of_last_year(cast, note)
        assert listed in cast.client("clb_vclb").get(reverse("my_week")).content.decode()
        assert listed not in cast.client("clb_go").get(reverse("my_week")).content.decode()
        assert "Simran" in text_of(cast.client("clb_vclb").get(listed))
        assert "Simran" not in text_of(cast.client("clb_go").get(listed))
        family, centre = note.contact_moment.family_id, note.centre_id
        cast.client("clb_vclb").get(reverse("clb_file_csv", args=[family, centre]))
        cast.client("clb_vclb").post(reverse("clb_file_confirm", args=[family, centre]))
        assert not waiting_notes(cast.staff["clb_vclb"]).exists()
        assert "Simran" not in text_of(cast.client("clb_vclb").get(listed))

    @pytest.mark.parametrize("key", ["clb_vclb", "joint"])
    def test_of_a_child_that_left_they_still_come_into_the_file(self, cast: Cast, note: CLBNote, key: str) -> None:
        """After the sixth year nobody of the centre sees the family any more."""
        from schools.services import lay_school_year

        lay_school_year(cast.year.starts_on.year - 1, with_holidays=False)
        self.of_last_year(cast, note)
        Enrolment.objects.filter(pupil__in=[cast.pupils["simran"], cast.pupils["gurjot"]]).update(
            ends_on=clock.today() - timedelta(days=1)
        )
        listed, colleague = reverse("clb_files_waiting"), cast.client(key)
        family, centre = note.contact_moment.family_id, note.centre_id
        file, csv = reverse("clb_file", args=[family]), reverse("clb_file_csv", args=[family, centre])
        assert listed in colleague.get(reverse("my_week")).content.decode()
        assert file in colleague.get(listed).content.decode()
        assert "Simran" in text_of(colleague.get(listed))
        shown = colleague.get(file).content.decode()
        assert csv in shown
        assert f'href="{reverse("family_detail", args=[family])}"' not in shown
        assert not [one for one in unusual_reading(clock.now()) if one.kind == Unusual.OUTSIDE], "it is their own work"
        assert SECRET in text_of(colleague.get(csv))
        line = AuditEntry.objects.get(verb="exported CLB notes")
        assert [row.pupil_id for row in line.subjects.all()] == [cast.pupils["simran"].pk]
        for other in ("clb_go", "head", "head_go"):
            assert cast.client(other).get(file).status_code in (403, 404)
            assert cast.client(other).get(csv).status_code in (403, 404)
        colleague.post(reverse("clb_file_confirm", args=[family, centre]))
        assert not waiting_notes(cast.staff[key]).exists()
        assert "Simran" not in text_of(colleague.get(listed))
