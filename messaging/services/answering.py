"""What a guardian does with a notice: opens it, answers, understands it or does not."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from messaging.models import Answer, Delivery, NoticePupil
from parents.models import FollowUpKind, Guardianship
from parents.services import open_follow_up
from parents.services.contacts import family_of
from schools import audit, clock
from schools.languages import MASTER
from schools.models import Holiday, Pupil


def give_answer(*, delivery: Delivery, key: str) -> Answer:
    """The guardian's answer; a later one replaces it. Raises ValidationError for an answer the notice does not have."""
    notice = delivery.notice
    if key not in {option["key"] for option in notice.answers}:
        raise ValidationError(_("Choose one of the answers."))
    now = clock.now()
    with transaction.atomic():
        answer, is_new = Answer.objects.get_or_create(
            notice_id=notice.pk,
            guardian_id=delivery.guardian_id,
            defaults={"key": key, "answered_at": now, "by_channel": delivery.channel},
        )
        if not is_new and answer.key != key:
            Answer.objects.filter(pk=answer.pk).update(
                key=key,
                answered_at=now,
                by_channel=delivery.channel,
                changed=F("changed") + 1,
                seen_by_author_at=None,
            )
            answer.refresh_from_db()
        mark_opened(delivery)
        audit.record_by_guardian(guardian_id=delivery.guardian_id, verb="answered", target=notice, key=key)
    return answer


def mark_opened(delivery: Delivery) -> None:
    """A person's own act on the page; the first moment stays. Never called by opening a link."""
    Delivery.objects.filter(pk=delivery.pk, opened_at__isnull=True).update(opened_at=clock.now())


def mark_not_understood(delivery: Delivery) -> bool:
    """The guardian asks for an explanation: a follow-up for the sender. False when it was asked already."""
    with transaction.atomic():
        asked = Delivery.objects.filter(pk=delivery.pk, not_understood_at__isnull=True).update(
            not_understood_at=clock.now()
        )
        mark_opened(delivery)
        if not asked:
            return False
        open_explanation(delivery)
        audit.record_by_guardian(
            guardian_id=delivery.guardian_id, verb="asked for an explanation", target=delivery.notice
        )
    return True


def mark_understood(delivery: Delivery) -> None:
    """The guardian says that it is clear; the last word counts against an earlier "I do not understand"."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(understood_at=clock.now())
        mark_opened(delivery)


def child_of(delivery: Delivery) -> Pupil | None:
    """The first child of this guardian that the notice is about."""
    about = NoticePupil.objects.filter(notice_id=delivery.notice_id).values("pupil_id")
    mine = Guardianship.objects.current().filter(guardian_id=delivery.guardian_id, pupil_id__in=about)
    return Pupil.objects.filter(pk__in=mine.values("pupil_id")).order_by("pk").first()


def open_explanation(delivery: Delivery) -> None:
    """A follow-up for the sender: somebody did not understand the notice."""
    notice, pupil = delivery.notice, child_of(delivery)
    if pupil is None:
        return
    with override(MASTER):
        title = notice.texts.get(language=MASTER).title
        what = _("Explain the notice: %(title)s") % {"title": title}
    open_follow_up(
        by=None,
        family=family_of([pupil], clock.today()),
        school=notice.school,
        what=what[:250],
        due_on=Holiday.objects.calendar(notice.school).add_school_days(clock.today(), 1),
        kind=FollowUpKind.NOT_UNDERSTOOD,
        owner=notice.author,
        pupil=pupil,
        guardian=delivery.guardian,
    )
