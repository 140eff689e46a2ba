"""A child leaves in the middle of the year: its CLB still finds its own notes, and nobody else learns of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from parents.models import CLBNote, Family
from schools import clock
from schools.models import Enrolment, User
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.sealed import sealed_note

SECRET = "Moeder vertelde over de verhuizing."
WAITING = reverse("clb_files_waiting")


@pytest.fixture
def note(cast: Cast, clb_keys: Path) -> CLBNote:
    return sealed_note(cast, SECRET)


def all_leave(cast: Cast) -> None:
    """Both children of the family, yesterday."""
    children = [cast.pupils["simran"], cast.pupils["gurjot"]]
    Enrolment.objects.filter(pupil__in=children).update(ends_on=clock.today() - timedelta(days=1))


def its_file(cast: Cast) -> str:
    return reverse("clb_file", args=[cast.families["kaur"].pk])


def its_talk(cast: Cast) -> str:
    return reverse("contact_detail", args=[cast.moments["gate"].pk])


def test_notes_of_a_child_that_left_wait_for_the_file_at_once(cast: Cast, note: CLBNote) -> None:
    assert its_file(cast) not in text_of(cast.client("clb_vclb").get(WAITING)), "it is still at its family's page"
    all_leave(cast)
    for key in ("clb_vclb", "joint"):
        assert its_file(cast) in text_of(cast.client(key).get(WAITING))
        assert "van een kind dat vertrok" in text_of(cast.client(key).get(reverse("my_week")))
    assert its_file(cast) not in text_of(cast.client("clb_go").get(WAITING)), "it is not that centre's note"


def test_notes_of_a_child_at_a_school_outside_the_project_wait_for_nobody(cast: Cast, note: CLBNote) -> None:
    """The joint worker does not see that family, yet it is where it was: at a school of the note's centre."""
    assert cast.project is not None
    cast.project.participations.all().delete()
    joint = User.objects.get(pk=cast.staff["joint"].pk)
    assert not Family.objects.visible_to(joint).filter(pk=cast.families["kaur"].pk).exists()
    for key in ("clb_vclb", "joint"):
        assert its_file(cast) not in text_of(cast.client(key).get(WAITING))


def test_they_wait_no_longer_once_they_are_in_the_file(cast: Cast, note: CLBNote) -> None:
    all_leave(cast)
    client = cast.client("clb_vclb")
    client.get(reverse("clb_file_csv", args=[cast.families["kaur"].pk, cast.centres["vclb"].pk]))
    client.post(reverse("clb_file_confirm", args=[cast.families["kaur"].pk, cast.centres["vclb"].pk]))
    assert its_file(cast) not in text_of(client.get(WAITING))


def test_the_talk_still_shows_its_note_and_leads_to_a_page_that_opens(cast: Cast, note: CLBNote) -> None:
    client = cast.client("clb_vclb")
    family = f'href="{reverse("family_detail", args=[cast.families["kaur"].pk])}"'
    assert family in text_of(client.get(its_talk(cast)))
    all_leave(cast)
    page = text_of(client.get(its_talk(cast)))
    assert SECRET in page
    assert family not in page
    assert its_file(cast) in page
    head = text_of(cast.client("head").get(its_talk(cast)))
    assert SECRET not in head
    assert family not in head
    assert f'href="{reverse("my_week")}"' in head
