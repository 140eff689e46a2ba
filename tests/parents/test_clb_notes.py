"""The CLB-only layer: sealed in the database, read by its own centre and the joint worker, by nobody else."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from parents import sealing
from parents.models import CLBNote
from parents.services import read_clb_note, write_clb_note
from parents.services.notes import closed_centres
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.sealed import sealed_note

SECRET = "Moeder vertelde over de verhuizing van oma."


@pytest.fixture
def note(cast: Cast, clb_keys: Path) -> CLBNote:
    return sealed_note(cast, SECRET)


def test_in_the_database_it_is_ciphertext(note: CLBNote) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM parents_clbnote WHERE id = %s", [note.pk])
        raw = bytes(cursor.fetchone()[0])
    assert b"verhuizing" not in raw
    assert len(raw) == 12 + len(SECRET.encode()) + 16


@pytest.mark.parametrize("key", ["joint", "clb_vclb", "director_vclb"])
def test_the_owning_centre_reads_it_and_it_is_logged(cast: Cast, note: CLBNote, key: str) -> None:
    assert read_clb_note(note=note, reader=cast.staff[key]) == SECRET
    assert AuditEntry.objects.filter(verb="read CLB note", actor=cast.staff[key], target_id=note.pk).count() == 1


@pytest.mark.parametrize("key", ["clb_go", "director_go", "teacher_3b", "head", "care", "coordinator", "admin"])
def test_nobody_else_reads_it(cast: Cast, note: CLBNote, key: str) -> None:
    assert not CLBNote.objects.visible_to(cast.staff[key]).exists()
    with pytest.raises(PermissionDenied):
        read_clb_note(note=note, reader=cast.staff[key])


@pytest.mark.parametrize("key", ["teacher_3b", "head", "care"])
def test_the_school_is_not_even_offered_the_layer(cast: Cast, note: CLBNote, key: str) -> None:
    client = cast.client(key)
    for address in (
        reverse("contact_detail", args=[cast.moments["gate"].pk]),
        reverse("family_detail", args=[cast.families["kaur"].pk]),
        f"{reverse('contact_new')}?pupil={cast.pupils['simran'].pk}",
    ):
        page = client.get(address).content.decode()
        assert "verhuizing" not in page
        assert "clb-nota" not in page
        assert "VCLB" not in page
    assert client.post(reverse("clb_note_new", args=[cast.moments["gate"].pk]), {"text": "x"}).status_code == 403


def test_the_joint_worker_reads_it_on_the_page(cast: Cast, note: CLBNote) -> None:
    page = cast.client("joint").get(reverse("contact_detail", args=[cast.moments["gate"].pk])).content.decode()
    assert SECRET in page


def test_only_who_works_for_several_centres_is_asked_whose_note_it_is(cast: Cast, note: CLBNote) -> None:
    url = reverse("contact_detail", args=[cast.moments["gate"].pk])
    pages = {key: cast.client(key).get(url).content.decode() for key in ("joint", "clb_vclb")}
    assert ["Van welk CLB is deze notitie" in page for page in pages.values()] == [True, False]
    words = {"centre": cast.centres["vclb"].pk, "text": "Nog iets."}
    cast.client("clb_vclb").post(reverse("clb_note_new", args=[cast.moments["gate"].pk]), words)
    assert CLBNote.objects.filter(author=cast.staff["clb_vclb"], centre=cast.centres["vclb"]).exists()


def test_an_empty_note_is_refused_on_the_whole_page(cast: Cast, note: CLBNote) -> None:
    moment = cast.moments["gate"]
    words = {"centre": cast.centres["vclb"].pk, "text": ""}
    refused = cast.client("clb_vclb").post(reverse("clb_note_new", args=[moment.pk]), words)
    assert refused.status_code == 422
    assert SECRET in refused.content.decode(), "the other notes stand there all the same"


def test_a_note_moved_to_another_row_does_not_open(cast: Cast, note: CLBNote) -> None:
    other = write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text="Other", author=cast.staff["joint"]
    )
    CLBNote.objects.filter(pk=other.pk).update(sealed=note.sealed)
    other.refresh_from_db()
    with pytest.raises(sealing.SealBrokenError):
        read_clb_note(note=other, reader=cast.staff["joint"])


def test_a_new_key_seals_and_the_old_one_still_opens(cast: Cast, note: CLBNote) -> None:
    assert sealing.make_key(cast.centres["vclb"]) == 2
    newer = write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text="New", author=cast.staff["joint"]
    )
    assert (note.key_number, newer.key_number) == (1, 2)
    assert read_clb_note(note=note, reader=cast.staff["joint"]) == SECRET
    assert read_clb_note(note=newer, reader=cast.staff["joint"]) == "New"


def test_without_the_key_the_page_works_and_says_so(cast: Cast, note: CLBNote, clb_keys: Path) -> None:
    for file in clb_keys.iterdir():
        file.unlink()
    page = cast.client("joint").get(reverse("contact_detail", args=[cast.moments["gate"].pk]))
    assert page.status_code == 200
    assert SECRET not in page.content.decode()


def test_key_files_are_for_their_owner_only(note: CLBNote, clb_keys: Path) -> None:
    assert {oct(file.stat().st_mode & 0o777) for file in clb_keys.iterdir()} == {"0o600"}


@pytest.mark.parametrize("written", [b"", b"half a key", b"bm8ga2V5IGF0IGFsbA==", b"\xff\xfe"])
def test_a_spoiled_key_is_a_key_that_is_not_there(cast: Cast, note: CLBNote, clb_keys: Path, written: bytes) -> None:
    for file in clb_keys.iterdir():
        file.write_bytes(written)
    assert not sealing.has_key(note.centre)
    assert cast.client("joint").get(reverse("contact_detail", args=[cast.moments["gate"].pk])).status_code == 200


def test_the_key_of_another_portal_is_told_apart(note: CLBNote, clb_keys: Path) -> None:
    assert closed_centres() == []
    for file in clb_keys.iterdir():
        file.unlink()
    sealing.make_key(note.centre)
    assert sealing.has_key(note.centre)
    assert closed_centres() == [note.centre]


def test_a_lost_key_that_is_found_again_opens_its_notes_and_those_written_meanwhile(
    cast: Cast, note: CLBNote, clb_keys: Path
) -> None:
    """The new key had the lost one's name: the notes of one of them would have been gone for good."""
    lost = sealing._path(note.centre, note.key_number)
    kept, by = lost.read_bytes(), cast.staff["clb_vclb"]
    lost.unlink()
    assert sealing.make_key(note.centre) == note.key_number + 1
    assert closed_centres() == [note.centre]
    page = cast.client("clb_vclb").get(reverse("contact_detail", args=[note.contact_moment_id])).content.decode()
    assert "De sleutel van dit CLB staat niet op deze server" in page
    later = write_clb_note(contact_moment=note.contact_moment, centre=note.centre, text=f"{SECRET} Later.", author=by)
    assert closed_centres() == [note.centre], "the newest note opens, the older ones do not"
    lost.write_bytes(kept)
    assert closed_centres() == []
    assert [read_clb_note(note=each, reader=by) for each in (note, later)] == [SECRET, f"{SECRET} Later."]


def test_another_centre_s_or_machine_s_key_is_said_and_new_notes_are_written(
    cast: Cast, note: CLBNote, clb_keys: Path
) -> None:
    path = sealing._path(note.centre, note.key_number)
    path.unlink()
    path.write_bytes(base64.b64encode(bytes(32)))
    address = reverse("contact_detail", args=[note.contact_moment_id])
    assert "De sleutel op deze server opent deze notitie niet" in cast.client("clb_vclb").get(address).content.decode()
    written = {"text": SECRET, "centre": note.centre_id}
    answer = cast.client("clb_vclb").post(reverse("clb_note_new", args=[note.contact_moment_id]), written)
    assert answer.status_code == 302
    again = cast.client("clb_vclb").post(reverse("clb_note_new", args=[note.contact_moment_id]), written)
    assert again.status_code == 302
    path.write_bytes(base64.b64encode(b"1" * 32))  # replaced between two taps
    again = cast.client("clb_vclb").post(reverse("clb_note_new", args=[note.contact_moment_id]), written)
    assert again.status_code == 302
