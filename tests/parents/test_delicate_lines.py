"""What stays in the file of a family: a national number is refused, delicate words are asked about once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from parents.models import ContactMoment
from parents.models.revisions import CORRECTED
from schools import clock
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
NUMBER = "85.07.30-033.28"


def log(cast: Cast, **lines: str) -> Any:
    talk = {
        "client_id": str(uuid4()),
        "kind": "GATE_TALK",
        "outcome": "REACHED_AGREED",
        "held_on": clock.today().isoformat(),
        "follow_up_due": (clock.today() + timedelta(days=3)).isoformat(),
        "is_second": "on",
    }
    url = f"{reverse('contact_new')}?pupil={cast.pupils['simran'].pk}"
    return cast.client("teacher_3b").post(url, talk | lines)


@pytest.mark.parametrize("line", ["note", "agreement", "follow_up"])
def test_delicate_words_are_asked_about_and_can_be_passed_over(cast: Cast, line: str) -> None:
    before = ContactMoment.objects.count()
    answer = log(cast, **{line: "Praten over de ADHD van mama"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Is dit nodig: adhd?" in page
    assert "Praten over de ADHD van mama" in page
    kept = answer.context["form"]["kept_words"].value()
    assert f'name="kept_words" value="{kept}"' in page
    assert log(cast, **{line: "Praten over de ADHD en het asiel", "kept_words": kept}).status_code == 422, "a new word"
    assert ContactMoment.objects.count() == before
    assert log(cast, **{line: "Praten over de ADHD van mama", "kept_words": kept}).status_code == 302
    assert log(cast, **{line: "Praten over lezen"}).status_code == 302


@pytest.mark.parametrize("line", ["note", "agreement", "follow_up"])
def test_a_national_number_is_refused_however_often_it_is_sent(cast: Cast, line: str) -> None:
    answer = log(cast, **{line: f"Nummer {NUMBER}"})
    assert answer.status_code == 422
    kept = answer.context["form"]["kept_words"].value() or ""
    assert log(cast, **{line: f"Nummer {NUMBER}", "kept_words": kept}).status_code == 422


def test_a_correction_asks_about_new_words_only(cast: Cast) -> None:
    assert log(cast, note="Mama is ziek", kept_words="ziek").status_code == 302
    moment = ContactMoment.objects.latest("pk")
    teacher, url = cast.client("teacher_3b"), reverse("contact_correct", args=[moment.pk])
    form = teacher.get(url).context["form"]
    values = {name: form[name].value() for name in (*CORRECTED, "seen", "kept_words")}
    fields = {name: "" if value is None else value for name, value in values.items()}
    assert teacher.post(url, fields | {"agreement": "Elke week bellen"}).status_code == 302
    fields["seen"] = 1
    assert teacher.post(url, fields | {"note": "Mama is ziek, schulden"}).status_code == 422
    moment.refresh_from_db()
    assert (moment.note, moment.agreement) == ("Mama is ziek", "Elke week bellen")


def test_why_a_talk_is_taken_back_holds_no_national_number(cast: Cast) -> None:
    log(cast)
    moment = ContactMoment.objects.latest("pk")
    url = reverse("contact_withdraw", args=[moment.pk])
    refused = cast.client("teacher_3b").post(url, {"because": f"Was {NUMBER}"})
    assert f'value="Was {NUMBER}"' in refused.content.decode(), "to be mended, not typed again"
    moment.refresh_from_db()
    assert moment.withdrawn_at is None
