"""What of this app's rows goes, and when (domain 6.4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from schools import clock
from schools.keeping import Rule, delete
from schools.models import (
    Assignment,
    AuditEntry,
    AuditSubject,
    Enrolment,
    FactorReset,
    PostDecision,
    ReviewReminder,
    SchoolYear,
    Session,
    StaffInvitation,
    User,
)

#: After midnight: nobody has been in class yet.
BEFORE_SCHOOL = timedelta(hours=7)


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def ended_before(month_and_day: tuple[int, int]) -> date | None:
    """The last day of the newest school year after whose end this day of the year has passed; None if there is none.

    For the notes of a school year it is 30 September (settings.NOTES_UNTIL): on 1 October those of the year that
    ended in June go.
    """
    today, (month, day) = clock.today(), month_and_day
    for year in SchoolYear.objects.filter(ends_on__lt=today).order_by("-ends_on"):
        if today > date(year.ends_on.year, month, day):
            last: date = year.ends_on
            return last
    return None


def _old_log() -> QuerySet[AuditEntry]:
    """By the database's clock: it guards the log."""
    return AuditEntry.objects.filter(at__lt=Now() - timedelta(days=settings.ACCESS_LOG_DAYS))


def _forget_log(rows: QuerySet[AuditEntry]) -> int:
    AuditSubject.objects.filter(entry__in=rows).delete()
    return delete(rows)


def _old_staffing(model: type[StaffInvitation] | type[FactorReset]) -> QuerySet[Any]:
    return model.objects.filter(expires_at__lt=clock.now() - timedelta(days=settings.ACCESS_LOG_DAYS))


def _old_reviews(model: type[PostDecision] | type[ReviewReminder]) -> QuerySet[Any]:
    return model.objects.filter(year__starts_on__lt=days_ago(settings.ACCESS_LOG_DAYS))


def _old_posts() -> QuerySet[Assignment]:
    """Those that no line of the log names any more: after the log's own rule."""
    named = AuditEntry.objects.filter(assignment=OuterRef("pk"))
    old = Assignment.objects.filter(ends_on__lt=days_ago(settings.ACCESS_LOG_DAYS))
    return old.filter(~Exists(named))


def _never_begun() -> QuerySet[Enrolment]:
    """Places that were stopped before they began because the child left: until then the leaving could be taken back."""
    year = SchoolYear.objects.running()
    if year is None:
        return Enrolment.objects.none()
    return Enrolment.objects.filter(Q(pk__in=_of_new_year(year)) | Q(pk__in=_of_other_class(year)))


def _of_new_year(year: SchoolYear) -> QuerySet[Enrolment, Any]:
    """Those of the school year that has begun. A place of one day would count its family as one to reach for a whole
    year. In the night before school begins every place of one day is such a one, unless another follows; later one that
    joins on to the year before may have been a day in class."""
    first = year.starts_on
    others = Enrolment.objects.filter(pupil=OuterRef("pupil"), school=OuterRef("school"))
    left = others.filter(ends_on__lt=first, ends_on__gte=first.replace(year=first.year - 1))
    of_one_day = Enrolment.objects.filter(school_class__year=year, starts_on=first, ends_on=first)
    due = of_one_day.filter(Exists(left), ~Exists(others.filter(starts_on__gt=first)))
    if clock.now() >= clock.start_of(first) + BEFORE_SCHOOL:
        due = due.exclude(Exists(left.filter(ends_on=first - timedelta(days=1))))
    return due.values("pk")


def _of_other_class(year: SchoolYear) -> QuerySet[Enrolment, Any]:
    """Those in a class to which the child would go in the course of the year: a list without it stopped them. In the
    night before the child would be there nobody has been there on that one day."""
    today = clock.today()
    if clock.now() >= clock.start_of(today) + BEFORE_SCHOOL:
        return Enrolment.objects.none().values("pk")
    here = Enrolment.objects.filter(pupil=OuterRef("pupil"), school=OuterRef("school"), school_class__year=year)
    of_one_day = Enrolment.objects.filter(school_class__year=year, starts_on=today, ends_on=today)
    sat = here.filter(starts_on__lt=today)
    is_there = sat.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today - timedelta(days=1)))
    return of_one_day.filter(Exists(sat), ~Exists(is_there)).values("pk")


def _former_colleagues() -> QuerySet[User]:
    """Accounts that are open although the last post ended long ago. One that never had a post waits for its first."""
    posts = Assignment.objects.filter(user=OuterRef("pk"))
    lately = Q(ends_on=None) | Q(ends_on__gte=days_ago(settings.COLLEAGUE_ACCOUNT_DAYS))
    return User.objects.filter(Exists(posts), ~Exists(posts.filter(lately)), is_active=True, is_superuser=False)


def _close(accounts: QuerySet[User]) -> int:
    """With what opens them gone. Name and address stay as long as a post: beside what the colleague wrote, and for who
    is appointed again, who is then invited anew."""
    for model in (Authenticator, EmailAddress, SocialAccount):
        model.objects.filter(user__in=accounts).delete()
    return accounts.update(is_active=False, password=make_password(None))


RULES = (
    Rule(
        key="places that never began",
        words="places in a school year or class before which the child left",
        until="the first day there",
        due=_never_begun,
        take=delete,
    ),
    Rule(
        key="posts decided about",
        words="what was decided about posts of a school year",
        until="ACCESS_LOG_DAYS days",
        due=lambda: _old_reviews(PostDecision),
        take=delete,
    ),
    Rule(
        key="reminders of posts",
        words="who was reminded to decide about posts",
        until="ACCESS_LOG_DAYS days",
        due=lambda: _old_reviews(ReviewReminder),
        take=delete,
    ),
    Rule(
        key="invitations of colleagues",
        words="invitations of colleagues",
        until="ACCESS_LOG_DAYS days",
        due=lambda: _old_staffing(StaffInvitation),
        take=delete,
    ),
    Rule(
        key="second factors taken away",
        words="requests to take a second factor away",
        until="ACCESS_LOG_DAYS days",
        due=lambda: _old_staffing(FactorReset),
        take=delete,
    ),
    Rule(
        key="accounts of former colleagues",
        words="accounts of former colleagues",
        until="COLLEAGUE_ACCOUNT_DAYS days after the last post ended; the name stays until that post goes",
        due=_former_colleagues,
        take=_close,
    ),
    Rule(
        key="sessions",
        words="sessions that ended by themselves",
        until="12 hours after signing in",
        due=lambda: Session.objects.filter(expire_date__lt=timezone.now()),
        take=delete,
    ),
    Rule(
        key="access log",
        words="lines of the access log",
        until="ACCESS_LOG_DAYS days",
        due=_old_log,
        take=_forget_log,
    ),
    Rule(
        key="posts that ended",
        words="posts of colleagues that ended",
        until="ACCESS_LOG_DAYS days",
        due=_old_posts,
        take=delete,
    ),
)
