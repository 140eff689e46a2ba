"""Notes of a CLB go into its own file, and the portal lets them go once somebody said so."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from parents.models import CLBNote
from parents.services import write_clb_note
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.sealed import sealed_note

SECRET = "=Moeder vertelde over de verhuizing van oma."


@pytest.fixture
def note(cast: Cast, clb_keys: Path) -> CLBNote:
    return sealed_note(cast, SECRET)


def address(cast: Cast, name: str, centre: str = "vclb") -> str:
    more = [] if name == "clb_file" else [cast.centres[centre].pk]
    return reverse(name, args=[cast.families["kaur"].pk, *more])


def test_its_own_centre_takes_the_notes_along_and_says_they_are_in_the_file(cast: Cast, note: CLBNote) -> None:
    client = cast.client("clb_vclb")
    assert "VCLB Haspengouw" in text_of(client.get(address(cast, "clb_file")))
    file = client.get(address(cast, "clb_file_csv"))
    assert SECRET in text_of(file)
    assert f"'{SECRET}" in text_of(file), "no spreadsheet computes it"
    line = AuditEntry.objects.get(verb="exported CLB notes")
    assert line.subjects.get().pupil_id == cast.pupils["simran"].pk
    assert "verhuizing" not in str(line.detail)
    client.post(address(cast, "clb_file_confirm"))
    note.refresh_from_db()
    assert note.exported_at is not None


def test_nothing_is_confirmed_that_nobody_took_along(cast: Cast, note: CLBNote) -> None:
    client = cast.client("clb_vclb")
    client.post(address(cast, "clb_file_confirm"))
    note.refresh_from_db()
    assert note.exported_at is None
    client.get(address(cast, "clb_file_csv"))
    later = write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text="Later.", author=cast.staff["joint"]
    )
    client.post(address(cast, "clb_file_confirm"))
    later.refresh_from_db()
    note.refresh_from_db()
    assert (note.exported_at is None, later.exported_at is None) == (False, True)


def test_a_note_that_could_not_be_opened_is_not_in_the_file(cast: Cast, note: CLBNote, clb_keys: Path) -> None:
    """Its key is on another machine: what was never taken along must not go."""
    client, (key,) = cast.client("clb_vclb"), clb_keys.glob(f"{cast.centres['vclb'].key_name}.*.key")
    away = key.rename(key.with_suffix(".away"))
    assert SECRET not in text_of(client.get(address(cast, "clb_file_csv")))
    away.rename(key)
    client.post(address(cast, "clb_file_confirm"))
    note.refresh_from_db()
    assert note.exported_at is None


def test_what_one_centre_took_along_confirms_nothing_for_the_other(cast: Cast, note: CLBNote) -> None:
    other = write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["clb_go"], text="Van ons.", author=cast.staff["joint"]
    )
    joint = cast.client("joint")
    joint.get(address(cast, "clb_file_csv", "vclb"))
    joint.post(address(cast, "clb_file_confirm", "clb_go"))
    other.refresh_from_db()
    assert other.exported_at is None


def test_the_other_centre_has_no_such_page(cast: Cast, note: CLBNote) -> None:
    for key in ("clb_go", "director_go"):
        client = cast.client(key)
        assert "VCLB" not in text_of(client.get(address(cast, "clb_file")))
        assert client.get(address(cast, "clb_file_csv")).status_code == 404
        assert client.post(address(cast, "clb_file_confirm")).status_code == 404
        assert SECRET not in text_of(client.get(address(cast, "clb_file_csv", "clb_go")))
