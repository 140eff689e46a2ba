"""Mails about questions on cards: that there is one, or an answer; never its words.

A row for each question and person: each mail leaves once (``schools.colleaguemail``). A question is told of when every
mail left, or its address was refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.models import CardQuestion, CardReminder, MethodAdoption
from schools import clock
from schools.colleaguemail import Sending, held, mail_to, rests, sent
from schools.models import Assignment, Participation, Role, User

#: Questions looked at in one go; the next beat goes on.
AT_ONCE = 50


def tell_of_questions() -> int:
    """Tell authors of new questions and schools of answers; how many questions were told of. A mail server that is away
    ends the round."""
    told = 0
    rows = CardQuestion.objects.select_related("asked_by")
    new = rows.filter(answer="", asked_told_at=None).order_by("asked_at", "pk")
    answered = rows.exclude(answer="").filter(answer_told_at=None).order_by("answered_at", "pk")
    for is_answer, column, waiting in ((False, "asked_told_at", new), (True, "answer_told_at", answered)):
        for question in waiting[:AT_ONCE]:
            people = _asker_of(question) if is_answer else authors_of(question)
            if not people and not is_answer:
                continue  # nobody may answer until the next worker comes, who is told of it then
            if not _mailed(question, people, is_answer=is_answer):
                return told
            if not _waits(question, people, is_answer=is_answer):
                told += CardQuestion.objects.filter(pk=question.pk, **{column: None}).update(**{column: clock.now()})
    return told


def authors_of(question: CardQuestion) -> list[User]:
    """The joint workers of the project in which the school takes part, and the heads of the school where the card
    began: who may answer (``CardQuestion.editable_by``)."""
    origins = MethodAdoption.objects.filter(method=question.method_id, is_origin=True).values("school_id")
    joint = Participation.objects.current().filter(school_id=question.school_id)
    posts = Assignment.objects.current().filter(
        Q(role=Role.JOINT_CLB, project_id__in=joint.values("project_id")) | Q(role=Role.HEAD, school_id__in=origins),
        user__is_active=True,
    )
    return list({post.user_id: post.user for post in posts.select_related("user")}.values())


def _asker_of(question: CardQuestion) -> list[User]:
    asker = question.asked_by
    works = asker and asker.is_active and Assignment.objects.current().filter(user=asker).exists()
    return [asker] if asker and works else []


def _mailed(question: CardQuestion, people: Iterable[User], *, is_answer: bool) -> bool:
    """Mail who did not get it yet; False when the mail server is away."""
    for person in people:
        row = held(CardReminder, question=question, person=person, is_answer=is_answer)
        if row and sent(row, person, _mail(person, question, is_answer=is_answer)) is Sending.AWAY:
            return False
    return True


def _waits(question: CardQuestion, people: Iterable[User], *, is_answer: bool) -> bool:
    """Somebody's mail is still to come: another process sends it, or the mail server asked to come back later."""
    rows = CardReminder.objects.filter(question=question, is_answer=is_answer, sent_at=None, person__in=people)
    return any(not rests(row.person) for row in rows.select_related("person"))


def _mail(person: User, question: CardQuestion, *, is_answer: bool) -> EmailMessage:
    return mail_to(
        person,
        subject=_("Draaiboek: an answer about a card") if is_answer else _("Draaiboek: a question about a card"),
        template="reports/card_mail.txt",
        words={"is_answer": is_answer, "link": settings.SITE_URL + reverse("card_question", args=[question.pk])},
    )
