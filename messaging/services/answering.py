"""What a guardian does with a notice: opens it, answers, understands it or does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from messaging import outbox
from messaging.models import Answer, Delivery, Explanation, NoticePupil
from messaging.readers import families_answered_for
from parents.models import Family, FollowUp, FollowUpKind, Guardian, Guardianship
from parents.models.samefamily import is_joined
from parents.ownwords import EXPLAIN, kept
from parents.services import open_follow_up
from parents.services.contacts import family_of
from schools import audit, clock
from schools.languages import MASTER
from schools.models import Holiday, Pupil, User
from schools.posts import owner_for


def give_answer(*, delivery: Delivery, key: str, entered_by: User | None = None, at: datetime | None = None) -> Answer:
    """The guardian's answer; a later one replaces it. Raises ValidationError for an answer the notice does not have.

    Where the notice asks one answer of each family, it is that of a home: the second guardian there changes what the
    first one answered. Parents who live apart, or whose families were joined, keep their own, and the later one stands.
    A guardian with children of two families in the notice answers for both.
    ``entered_by`` copied it from paper that came back ``at``: then nobody opened a page.
    """
    notice = delivery.notice
    if key not in {option["key"] for option in notice.answers}:
        raise ValidationError(_("Choose one of the answers."))
    facts = {
        "key": key,
        "answered_at": at or clock.now(),
        "by_channel": delivery.channel,
        "entered_by_id": entered_by.pk if entered_by else None,
        "guardian_id": delivery.guardian_id,
    }
    with transaction.atomic():
        families = families_answered_for([notice], [delivery.guardian_id]).get((notice.pk, delivery.guardian_id), [])
        answers = [_write(delivery, facts, family) for family in families] or [_write(delivery, facts, None)]
        if entered_by is None:
            mark_opened(delivery)
            audit.record_by_guardian(guardian_id=delivery.guardian_id, verb="answered", target=notice, key=key)
        else:
            detail = {"delivery": delivery.pk, "key": key}
            audit.record(actor=entered_by, verb="entered answer", target=notice, school_id=notice.school_id, **detail)
    return answers[0]


def answers_of(delivery: Delivery) -> QuerySet[Answer]:
    """The answers that the guardian of a delivery gave, or who lives with them, whoever entered them: the own one, or
    those of each family for which the guardian answers."""
    notice = delivery.notice
    families = families_answered_for([notice], [delivery.guardian_id]).get((notice.pk, delivery.guardian_id), [])
    given = Answer.objects.filter(notice_id=notice.pk)
    if not families:
        return given.filter(guardian_id=delivery.guardian_id)
    return given.of_home(delivery.guardian).filter(family_id__in=families)


def _write(delivery: Delivery, facts: dict[str, Any], family_id: int | None) -> Answer:
    if family_id is None:
        whose: dict[str, Any] = {"guardian_id": delivery.guardian_id, "family_id": None}
        answer, is_new = Answer.objects.get_or_create(notice_id=delivery.notice_id, **whose, defaults=facts)
        return answer if is_new else _say_anew(answer, facts)
    # Two who answer at the same moment wait for each other.
    family = Family.objects.select_for_update(of=("self",), no_key=True).get(pk=family_id)
    given = Answer.objects.filter(notice_id=delivery.notice_id, family_id=family_id)
    own = given.filter(guardian_id=delivery.guardian_id) if is_joined(family_id) else given.of_home(delivery.guardian)
    known = own.order_by("-answered_at", "-pk").first()
    if known is None:
        answer = Answer.objects.create(notice_id=delivery.notice_id, family=family, stands=False, **facts)
    else:
        answer = _say_anew(known, facts)
    Answer.let_latest_stand(family)
    answer.refresh_from_db(fields=["stands"])
    return answer


def _say_anew(answer: Answer, facts: dict[str, Any]) -> Answer:
    """The same once more changes nothing, unless it counts no more or was read from paper."""
    is_said_by_self = facts["entered_by_id"] is None and answer.entered_by_id is not None
    if answer.key != facts["key"] or is_said_by_self or not answer.stands:
        _overwrite(answer, facts)
    return answer


def _overwrite(answer: Answer, facts: dict[str, Any]) -> None:
    """A strip may be another child's: what the guardian had answered is kept beside it (``take_strip_back``)."""
    more: dict[str, Any] = {}
    if facts["entered_by_id"] is None:
        more["before"] = None
    elif answer.entered_by_id is None:
        more["before"] = answer.own_word()
    Answer.objects.filter(pk=answer.pk).update(**facts, **more, changed=F("changed") + 1, seen_by_author_at=None)
    answer.refresh_from_db()


def take_strip_back(given: QuerySet[Answer]) -> None:
    """Take answers away that were entered from a strip; what a guardian had answered before it stands again."""
    for answer in given:
        before = dict(answer.before or {})
        person = Guardian.objects.filter(pk=before["guardian_id"]).first() if before else None
        if person is not None:
            before["guardian_id"] = person.merged_into_id or person.pk  # who stood twice answered as one
            before["answered_at"] = datetime.fromisoformat(before["answered_at"])
            Answer.objects.filter(pk=answer.pk).update(**before, entered_by=None, before=None)
        else:
            answer.delete()


def mark_opened(delivery: Delivery) -> None:
    """A person's own act on the page; the first moment stays. Never called by opening a link."""
    Delivery.objects.filter(pk=delivery.pk, opened_at__isnull=True).update(opened_at=clock.now())


def mark_listened(delivery: Delivery) -> None:
    """A person let the notice be read aloud; the first moment stays. Never called by fetching a recording."""
    with transaction.atomic():
        mark_opened(delivery)
        Delivery.objects.filter(pk=delivery.pk, listened_at__isnull=True).update(listened_at=clock.now())


def mark_not_understood(delivery: Delivery) -> bool:
    """The guardian asks for an explanation: a follow-up for the sender, and another one once that is done. False while
    one is open. The first moment stays. Raises ValidationError where nobody would call: the child left, or the guardian
    may not be told any more."""
    own = Delivery.objects.filter(pk=delivery.pk)
    if not is_explained(delivery):
        raise ValidationError(_("This did not work. Call the school."))
    with transaction.atomic():
        own.select_for_update(of=("self",)).get()
        own.update(understood_at=None)
        own.filter(not_understood_at__isnull=True).update(not_understood_at=clock.now())
        mark_opened(delivery)
        if waits_for_explanation(delivery):
            return False
        open_explanation(delivery)
        audit.record_by_guardian(
            guardian_id=delivery.guardian_id, verb="asked for an explanation", target=delivery.notice
        )
    return True


def is_explained(delivery: Delivery) -> bool:
    """Whether the school explains the notice to the guardian who asks for it."""
    own = Delivery.objects.filter(pk=delivery.pk)
    return own.filter(outbox.may_go(own)).exists()


def waits_for_explanation(delivery: Delivery) -> bool:
    """Whether somebody of the school is still to explain the notice to the guardian."""
    return Explanation.objects.filter(delivery=delivery, follow_up__in=FollowUp.objects.open()).exists()


def mark_understood(delivery: Delivery) -> None:
    """The guardian says that it is clear; the last word counts against an earlier "I do not understand"."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(understood_at=clock.now())
        mark_opened(delivery)


def child_of(delivery: Delivery) -> Pupil | None:
    """The first child of this guardian that the notice is about, one of whom the guardian may be told before another:
    else nobody could read the answer to a question."""
    about = NoticePupil.objects.filter(notice_id=delivery.notice_id).values("pupil_id")
    mine = Guardianship.objects.current().filter(guardian_id=delivery.guardian_id, pupil_id__in=about)
    tie = mine.select_related("pupil").order_by("-information_right", "pupil_id").first()
    return tie.pupil if tie else None


def open_explanation(delivery: Delivery) -> None:
    """A call for the sender, on the list of the team: somebody did not understand the notice."""
    notice, pupil = delivery.notice, child_of(delivery)
    if pupil is None:
        return
    follow_up = open_follow_up(
        by=None,
        family=family_of([pupil], clock.today()),
        school=notice.school,
        what=kept(EXPLAIN, title=notice.texts.get(language=MASTER).title),
        due_on=Holiday.objects.calendar(notice.school).add_school_days(clock.today(), 1),
        kind=FollowUpKind.NOT_UNDERSTOOD,
        owner_id=owner_for(notice.author_id, pupil.pk, notice.school),
        pupil=pupil,
        guardian=delivery.guardian,
    )
    Explanation.objects.create(delivery=delivery, follow_up=follow_up)
