"""A voice was asked for by a colleague who does not go on with it: who does takes the request back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.models import VoiceRequest
from messaging.services.handing import hand_notice
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, template
from tests.surface.happened import make_translator

pytestmark = pytest.mark.django_db


def test_what_a_colleague_had_asked_who_left_is_taken_back_by_who_goes_on(
    cast: Cast,
) -> None:
    """The draft went over to a colleague; the voice of a template is the school's."""
    make_translator(cast, "ar", "rom")
    notice, row, school = draft(cast), template("coffee-morning"), cast.schools["kersenboom"]
    ask = cast.client("teacher_3b")
    ask.post(reverse("voice_ask"), {"notice": notice.pk, "language": "rom"})
    ask.post(reverse("voice_ask"), {"template": row.slug, "school": school.pk, "language": "ar"})
    of_notice, of_school = (VoiceRequest.objects.get(language=code) for code in ("rom", "ar"))
    hand_notice(notice=notice, to=cast.staff["head"], by=cast.staff["head"])
    desks = {
        of_notice: f"{reverse('notice_recordings', args=[notice.pk])}?stem=rom",
        of_school: f"{reverse('template_voice_desk', args=[row.slug])}?school={school.pk}&stem=ar",
    }
    head = cast.client("head")
    for asked, desk in desks.items():
        back = reverse("voice_unask", args=[asked.pk])
        assert cast.client("teacher_1a").post(back).status_code == 404
        assert back in head.get(desk).content.decode()
        assert head.post(back).status_code == 302
    assert not VoiceRequest.objects.exists()
