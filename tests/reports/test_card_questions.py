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


def test_an_answer_that_is_put_right_promises_no_second_mail(school: School, cast: Cast) -> None:
    card = Method.objects.get(slug="good-news-call")
    question = ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    joint, page = cast.client("joint"), reverse("card_question", args=[question.pk])
    promise = "wie het vroeg, krijgt een mail"
    assert promise in joint.post(page, {"answer": "Vijf minuten."}, follow=True).content.decode()
    tell_of_questions()
    mail.outbox.clear()
    again = joint.post(page, {"answer": "Tien minuten."}, follow=True).content.decode()
    assert promise not in again
    assert "Bewaard." in again
    assert not tell_of_questions()
    assert not mail.outbox
