"""What was written of a child whose family's data are held stays, and goes once nothing holds them any more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from parents.models import Absence, CLBNote, Consent, FollowUp, GrowthNote, LegalHold, PupilMerge
from parents.sealing import make_key
from parents.services import complete_follow_up, write_clb_note
from schools import clock
from tests.cast import Cast
from tests.running.nights import keep
from tests.running.test_retention import hold

pytestmark = pytest.mark.django_db


def test_what_was_written_of_a_held_child_stays(cast: Cast, clb_keys: Any) -> None:
    simran, head, now, today = cast.pupils["simran"], cast.staff["head"], clock.now(), clock.today()
    of_child = {"school": cast.schools["kersenboom"], "pupil": simran}
    Absence.objects.create(starts_on=today, ends_on=today, reported_at=now, **of_child)
    GrowthNote.objects.create(client_id=uuid4(), phrases=[], written_by=head, written_at=now, **of_child)
    long_ago = today - timedelta(days=1500)
    Consent.objects.create(
        guardian=cast.guardians["mother"], purpose="STORY", given_on=long_ago, given_how="PAPER", withdrawn_on=long_ago
    )
    of_two = {"kept": simran, "joined": cast.pupils["yusuf"], "school": cast.schools["kersenboom"]}
    PupilMerge.objects.create(at=now, by=head, **of_two)
    assert cast.follow_up is not None
    complete_follow_up(follow_up=cast.follow_up, by=cast.staff["teacher_3b"])
    make_key(cast.centres["vclb"])
    note: dict[str, Any] = {
        "contact_moment": cast.moments["clb"],
        "centre": cast.centres["vclb"],
        "author": cast.staff["joint"],
    }
    write_clb_note(text="Nota.", **note)
    CLBNote.objects.update(exported_at=now)
    kept: list[Any] = [model.objects for model in (Absence, GrowthNote, Consent, PupilMerge, CLBNote)]
    kept.append(FollowUp.objects.exclude(what="–"))

    later = date(cast.year.ends_on.year + 1, 1, 10)
    held = hold(cast, "kaur", later + timedelta(days=90))
    keep(later)
    assert [rows.count() for rows in kept] == [1] * 6
    LegalHold.objects.filter(pk=held.pk).update(until=today)
    keep(later)
    assert [rows.count() for rows in kept] == [0] * 6
