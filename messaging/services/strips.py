"""What came back on the tear-off strips: copied by a member of staff, a letter at a time."""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.models import Answer, PrintedLetter, StripMark
from messaging.services.answering import answers_of, child_of, give_answer, take_strip_back
from messaging.services.letters import refuse_day
from parents.models import Family, FollowUp, FollowUpKind, FollowUpStatus
from parents.ownwords import CALL_ABOUT_STRIP, STRIP_READ, kept
from parents.services import complete_follow_up, open_follow_up
from parents.services.contacts import family_of
from schools import audit, clock
from schools.languages import MASTER
from schools.models import Holiday, User
from schools.posts import owner_for


def enter_strip(*, letter: PrintedLetter, key: str, by: User, on: date) -> bool:
    """Note the answer of a strip that came back on a day. False when a later answer stands: a strip was filled in
    before it came back, so what the parent said that day or later counts. What a parent who lives apart said later
    counts too, and the strip is kept beside it."""
    refuse_day(letter.batch, on)
    with transaction.atomic():
        row = _locked(letter)
        _withdraw_answer(row)  # entered once more it is judged anew, beside what the parent had said before
        own = answers_of(row.delivery).filter(entered_by__isnull=True)
        counts = all(clock.local_date(answer.answered_at) < on for answer in own)
        if counts:
            counts = give_answer(delivery=row.delivery, key=key, entered_by=by, at=_moment(on)).stands
        elif key not in {option["key"] for option in row.delivery.notice.answers}:
            raise ValidationError(_("Choose one of the answers."))
        _close(row, by)
        _note(row, StripMark.ANSWERED, by, on, key)
    return counts


def mark_strip(*, letter: PrintedLetter, mark: str, by: User, on: date) -> None:
    """A strip came back that says nothing readable, or asks for a call: somebody calls this family."""
    refuse_day(letter.batch, on)
    if mark not in (StripMark.ILLEGIBLE, StripMark.CALL):
        raise ValidationError(_("Choose one of the answers."))
    with transaction.atomic():
        row = _locked(letter)
        _withdraw_answer(row)
        if row.follow_up is None or (row.strip != mark and row.follow_up.status == FollowUpStatus.DROPPED):
            row.follow_up = _call(row, by)
        _note(row, mark, by, on)


def clear_strip(*, letter: PrintedLetter, by: User) -> None:
    """It was another child's strip: as if nothing had come back."""
    with transaction.atomic():
        row = _locked(letter)
        if row.strip:
            _withdraw_answer(row)
            _close(row, by)
            _note(row, "", by, None)


def _locked(letter: PrintedLetter) -> PrintedLetter:
    """Without its call, which is read when it is locked: what is joined to a locked row is that of before the wait."""
    rows = PrintedLetter.objects.select_for_update(of=("self",))
    return rows.select_related("delivery__notice__school", "delivery__notice__author").get(pk=letter.pk)


def _note(row: PrintedLetter, mark: str, by: User, on: date | None, key: str = "") -> None:
    row.strip, row.strip_key, row.strip_on, row.strip_by = mark, key, on, by
    row.save(update_fields=["strip", "strip_key", "strip_on", "strip_by", "follow_up"])
    detail = {"strip": str(mark), "letter": row.pk}
    audit.record(actor=by, verb="noted strip", target=row.delivery, school_id=row.delivery.notice.school_id, **detail)


def _withdraw_answer(row: PrintedLetter) -> None:
    """Take away what this strip was thought to say; the parents' own answer stays, or stands again."""
    if row.strip == StripMark.ANSWERED:
        gone = answers_of(row.delivery).filter(entered_by__isnull=False, guardian=row.delivery.guardian_id)
        families = list(Family.objects.filter(pk__in=gone.values("family_id")))
        take_strip_back(gone)
        Answer.let_latest_stand(*families)


def _call(row: PrintedLetter, by: User) -> FollowUp | None:
    notice, pupil = row.delivery.notice, child_of(row.delivery)
    if pupil is None:
        return None
    return open_follow_up(
        by=by,
        family=family_of([pupil], clock.today()),
        school=notice.school,
        what=kept(CALL_ABOUT_STRIP, title=notice.texts.get(language=MASTER).title),
        due_on=Holiday.objects.calendar(notice.school).add_school_days(clock.today(), 1),
        kind=FollowUpKind.CALL,
        owner_id=owner_for(notice.author_id, pupil.pk, notice.school),
        pupil=pupil,
        guardian=row.delivery.guardian,
    )


def _close(row: PrintedLetter, by: User) -> None:
    """The call is no longer needed."""
    if row.follow_up is not None:
        complete_follow_up(follow_up=row.follow_up, by=by, because=kept(STRIP_READ))
        row.follow_up = None


def _moment(on: date) -> datetime:
    """A strip is older than what the parent says on the day it came back."""
    return clock.now() if on == clock.today() else datetime.combine(on, time(8), tzinfo=clock.BRUSSELS)
