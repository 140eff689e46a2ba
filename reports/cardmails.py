"""Mails about questions on cards: that there is one, or an answer; never its words. The table is the truth."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.models import CardQuestion, MethodAdoption
from schools import clock
from schools.colleaguemail import FAILURES, ends_round, mail_to
from schools.models import Assignment, Participation, Role, User

log = logging.getLogger(__name__)

#: Questions looked at in one go; the next beat goes on.
AT_ONCE = 50


def tell_of_questions() -> int:
    """Tell authors of new questions and schools of answers; how many questions were told of. A mail server that is away
    ends the round."""
    told = 0
    rows = CardQuestion.objects.select_related("asked_by")
    new = rows.filter(answer="", asked_told_at=None).order_by("asked_at", "pk")
    answered = rows.exclude(answer="").filter(answer_told_at=None).order_by("answered_at", "pk")
    for question in new[:AT_ONCE]:
        if not _told(question, authors_of(question), is_answer=False):
            return told
        told += CardQuestion.objects.filter(pk=question.pk).update(asked_told_at=clock.now())
    for question in answered[:AT_ONCE]:
        people = [question.asked_by] if question.asked_by and _works(question.asked_by) else []
        if not _told(question, people, is_answer=True):
            return told
        told += CardQuestion.objects.filter(pk=question.pk).update(answer_told_at=clock.now())
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


def _works(user: User) -> bool:
    return user.is_active and Assignment.objects.current().filter(user=user).exists()


def _told(question: CardQuestion, people: Iterable[User], *, is_answer: bool) -> bool:
    for person in people:
        try:
            _mail(person, question, is_answer=is_answer)
        except FAILURES as error:
            log.error("The mail about question %s on a card failed: %s", question.pk, type(error).__name__)
            if ends_round(error):
                return False
    return True


def _mail(person: User, question: CardQuestion, *, is_answer: bool) -> None:
    mail_to(
        person,
        subject=_("Draaiboek: an answer about a card") if is_answer else _("Draaiboek: a question about a card"),
        template="reports/card_mail.txt",
        words={"is_answer": is_answer, "link": settings.SITE_URL + reverse("card_question", args=[question.pk])},
    ).send()
