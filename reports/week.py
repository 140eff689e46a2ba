"""My week: what asks for attention now, each thing as one sentence with its button. Everything here is bounded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from messaging import inbox
from messaging.models import Answer, Notice, NoticeText, Thread
from parents import interpreters
from parents.models import (
    Absence,
    ConferenceSlot,
    ContactMoment,
    FamilyMembership,
    FollowUp,
    FollowUpKind,
    SlotStatus,
)
from reports import kept
from reports.evaluation.deadline import Deadline, near_deadlines
from reports.evaluation.steps import ReportStep, steps_of
from reports.figures import FigureScope, LoggingTime, Period, logging_time
from reports.keptlists import kept_list
from reports.models import PlannedStep
from reports.planner.lines import words_of
from schools import clock
from schools.models import School, SchoolClass, User
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

CLASSES_SHOWN, NOTICES_SHOWN, QUESTIONS_SHOWN, TASKS_SHOWN, MEETINGS_SHOWN, INTERPRETERS_SHOWN = 4, 4, 5, 8, 8, 5
ABSENCES_SHOWN = 8
ANSWERS_FROM_DAYS = 7
STEPS_SHOWN = 8
MEETINGS_FOR_DAYS = 14
#: An own evening that is older is not asked about any more.
HELD_FOR_DAYS = 28
TASKS_FOR_DAYS = 5
SILENT_MONTHS = 2
#: July and August.
WITHOUT_SCHOOL = (7, 8)
LOGGING_DAYS = 92
#: The name of a list that is kept (reports.keptlists).
SILENT_CLASSES = "silent-classes"


@dataclass(frozen=True, slots=True)
class SilentClass:
    """Families of a class with whom nobody spoke since a month began: ``n`` of ``N``."""

    class_id: int
    name: str
    school: str
    n: int
    N: int


@dataclass(frozen=True, slots=True)
class NoticeAnswers:
    """Answers that came in to one notice: (words of the answer, how many)."""

    notice: Notice
    title: str
    answers: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    thread: Thread
    school_days: int


@dataclass(frozen=True, slots=True)
class WeekStep:
    """A step of a school's year planner; ``is_own`` when it is the reader's."""

    row: PlannedStep
    words: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class TalksHeld:
    """``n`` talks of an own evening of which nobody wrote down yet who came; ``day`` is the last of them."""

    host_id: int
    round_name: str
    n: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    since: date
    silent: list[SilentClass]
    answers: list[NoticeAnswers]
    questions: list[WaitingQuestion]
    tasks: list[FollowUp]
    meetings: list[ConferenceSlot] = field(default_factory=list)
    held: list[TalksHeld] = field(default_factory=list)
    interpreters: list[interpreters.Line] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    logging: LoggingTime | None = None
    evaluations: list[Deadline] = field(default_factory=list)
    reports: list[ReportStep] = field(default_factory=list)
    steps: list[WeekStep] = field(default_factory=list)
    #: The school year has begun and no class of it is there: the pupils still sit in those of last year.
    lacks_classes: bool = False
    is_summer: bool = False

    @property
    def is_quiet(self) -> bool:
        asks = (self.silent, self.answers, self.questions, self.tasks, self.meetings, self.interpreters, self.absences)
        return not any((*asks, self.held, self.evaluations, self.reports, self.steps))


def week_of(user: User) -> Week:
    """The week of one member of staff, from the rows this account may see. In summer it asks nobody to speak with a
    family."""
    since, is_summer = silent_month(clock.today()), clock.today().month in WITHOUT_SCHOOL
    chosen = (since.isoformat(),)  # a worker is asked in JSON
    silent = [] if is_summer else kept_list(user, SILENT_CLASSES, chosen, lambda: silent_classes(user, since))[0]
    evaluations = near_deadlines(user)
    return Week(
        is_summer=is_summer,
        since=since,
        silent=silent,
        lacks_classes=not silent and not SchoolClass.objects.visible_to(user).of_running_year().exists(),
        answers=_answers(user),
        questions=_questions(user),
        tasks=list(_tasks(user)),
        meetings=list(_meetings(user)),
        held=_held(user),
        interpreters=interpreters.still_to_book(user, INTERPRETERS_SHOWN),
        absences=list(_absences(user)),
        logging=_logging(user),
        evaluations=evaluations,
        reports=steps_of(user, [one.report.pk for one in evaluations]),
        steps=_steps(user),
    )


def silent_month(today: date) -> date:
    """The first day of the month before the last, "since October" in December; months without school do not count, so
    that in September nobody is silent "since July"."""
    month = today.replace(day=1)
    for _ in range(SILENT_MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        while month.month in WITHOUT_SCHOOL:
            month = (month - timedelta(days=1)).replace(day=1)
    return month


def silent_classes(user: User, since: date) -> list[SilentClass]:
    """The classes with most families not spoken with, counted over the moments this account may read, as the class's
    own page lists them."""
    spoken = ContactMoment.objects.visible_to(user).filter(
        family=OuterRef("family_id"), is_two_way=True, held_on__gte=since
    )
    day = clock.today()
    classes = SchoolClass.objects.visible_to(user).of_running_year().order_by()
    running = Q(pupil__enrolments__ends_on__isnull=True) | Q(pupil__enrolments__ends_on__gte=day)
    rows = (
        FamilyMembership.objects.current()
        .filter(
            running, pupil__enrolments__starts_on__lte=day, pupil__enrolments__school_class_id__in=classes.values("pk")
        )
        .annotate(
            class_id=F("pupil__enrolments__school_class_id"),
            class_name=F("pupil__enrolments__school_class__name"),
            school_name=F("pupil__enrolments__school__name"),
            was_spoken_with=Exists(spoken),
        )
        .values("class_id", "class_name", "school_name")
        .annotate(
            n=Count("family_id", distinct=True, filter=Q(was_spoken_with=False)),
            size=Count("family_id", distinct=True),
        )
        .filter(n__gt=0)
        .order_by("-n", "class_name")
    )
    return [
        SilentClass(row["class_id"], row["class_name"], row["school_name"], row["n"], row["size"])
        for row in rows[:CLASSES_SHOWN]
    ]


def _answers(user: User) -> list[NoticeAnswers]:
    """Answers of the last days to the user's own notices, newest notice first."""
    since = clock.now() - timedelta(days=ANSWERS_FROM_DAYS)
    recent = Answer.objects.standing().visible_to(user).filter(notice__author=user, answered_at__gte=since).order_by()
    counts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for notice_id, key, number in recent.values_list("notice_id", "key").annotate(n=Count("pk")).order_by("-n"):
        counts[notice_id].append((key, number))
    notices = Notice.objects.visible_to(user).filter(pk__in=list(counts)).order_by("-published_at")[:NOTICES_SHOWN]
    shown = list(notices)
    titles = dict(NoticeText.objects.filter(notice__in=shown, language="nl").values_list("notice_id", "title"))
    language = get_language() or "nl"
    return [
        NoticeAnswers(
            notice,
            titles.get(notice.pk, str(notice)),
            [(notice.answer_label(key, language), number) for key, number in counts[notice.pk]],
        )
        for notice in shown
    ]


def _questions(user: User) -> list[WaitingQuestion]:
    """Questions that wait for this user or for nobody yet, the longest first, with the school days they have waited."""
    waiting = Thread.objects.visible_to(user).waiting().for_me(user).select_related("guardian", "pupil", "school")
    shown = list(inbox.longest_first(waiting)[:QUESTIONS_SHOWN])
    days = inbox.school_days_waited(shown)
    return [WaitingQuestion(thread, days[thread.pk]) for thread in shown]


def _tasks(user: User) -> QuerySet[FollowUp]:
    """Open follow-ups that wait for the user and are overdue or due in the coming days; another talk for who did not
    come from the first day on. ``opens``: whether the family's page does."""
    until = clock.today() + timedelta(days=TASKS_FOR_DAYS)
    rows = FollowUp.objects.visible_to(user).open().for_me(user)
    rows = rows.filter(Q(due_on__lte=until) | Q(kind=FollowUpKind.MEETING))
    return rows.with_door(user).select_related("pupil", "school").order_by("due_on", "pk")[:TASKS_SHOWN]


def _steps(user: User) -> list[WeekStep]:
    """Open steps of running year planners that are late or due before this week is over: one's own, and of the school
    that one leads every one."""
    today = clock.today()
    mine = Q(owner=user) | Q(plan__school_id__in=scope_of(user).led_schools)
    rows = PlannedStep.objects.visible_to(user).open().filter(mine, plan__year__ends_on__gte=today)
    due = rows.filter(due_on__lte=today + timedelta(days=6 - today.weekday()))
    listed = due.select_related("step", "owner", "plan__school").order_by("due_on", "pk")[:STEPS_SHOWN]
    return [WeekStep(row, words_of(row.step), row.owner_id == user.pk) for row in listed]


def _logging(user: User) -> LoggingTime | None:
    """What noting a talk cost the colleagues of the user's schools together, in the last three months."""
    schools = School.objects.filter(pk__in=SchoolQuerySet.ids_of_any_place(scope_of(user)))
    today = clock.today()
    if not (here := tuple(schools)):
        return None
    return logging_time(kept.of_many(FigureScope(schools=here)), Period(today - timedelta(days=LOGGING_DAYS), today))


def _absences(user: User) -> QuerySet[Absence]:
    """Children who are not at school today, and reports that nobody has seen."""
    rows = Absence.objects.visible_to(user).of_now().with_class()
    return rows.filter(Q(seen_at__isnull=True) | Q(starts_on__lte=clock.today()))[:ABSENCES_SHOWN]


def _held(user: User) -> list[TalksHeld]:
    """After an own evening: until it is written down, nobody was spoken with. A talk that goes on is not over."""
    if not scope_of(user).classes:
        return []
    now = clock.now()
    rows = ConferenceSlot.objects.visible_to(user).filter(
        hour__host__teacher=user,
        status=SlotStatus.BOOKED,
        hour__ends_at__range=(now - timedelta(days=HELD_FOR_DAYS), now),
    )
    counted = rows.order_by().values_list("hour__host_id", "round__name").annotate(n=Count("pk"), last=Max("starts_at"))
    newest = counted.order_by("-last", "hour__host_id")
    return [TalksHeld(host, name, n, clock.local_date(last)) for host, name, n, last in newest]


def _meetings(user: User) -> QuerySet[ConferenceSlot]:
    """Booked talks of the coming two weeks in the classes the user teaches."""
    now = clock.now()
    mine = user.assignments.current().filter(school_class__isnull=False).values("school_class_id")
    rows = ConferenceSlot.objects.visible_to(user).filter(
        status=SlotStatus.BOOKED,
        starts_at__range=(now, now + timedelta(days=MEETINGS_FOR_DAYS)),
        school_class_id__in=mine,
    )
    return rows.select_related("pupil", "round", "guardian").order_by("starts_at")[:MEETINGS_SHOWN]
