"""Questions about cards: whoever is mailed about one can open and answer it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from reports.adopting import ask_about_card
from reports.cardmails import tell_of_questions
from schools.models import Method, Participation, ParticipationRole, School
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_question_of_a_comparison_school_is_answered_by_the_worker_who_was_mailed(
    school: School, cast: Cast
) -> None:
    Participation.objects.filter(school=school).update(role=ParticipationRole.COMPARISON)
    card = Method.objects.get(slug="good-news-call")
    question = ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    assert tell_of_questions() == 1
    assert [letter.to for letter in mail.outbox] == [[cast.staff["joint"].email]]
    joint, page = cast.client("joint"), reverse("card_question", args=[question.pk])
    assert "Hoelang?" in joint.get(reverse("card_questions")).content.decode()
    assert joint.post(page, {"answer": "Vijf minuten."}).status_code == 302
    assert "Vijf minuten." in cast.client("head").get(page).content.decode()
