"""The shared inbox of questions: what waits, whose it is, and by when a family may expect an answer. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from messaging import formats, machine
from messaging.models import PostTranslation, Thread, ThreadPost, TranslationState
from messaging.models.threads import ThreadQuerySet
from messaging.services.post_translations import target_language
from schools import clock
from schools.calendar import SchoolCalendar
from schools.languages import MASTER, language
from schools.models import Assignment, Enrolment, Holiday, User
from schools.posts import working_with
from schools.workdays import WHOLE_WEEK, days_of, expected_by

WAITING, OPEN, CLOSED = "wacht", "lopend", "klaar"
#: More colleagues than this are not offered in one list.
_COLLEAGUES_SHOWN = 60


def of_state(threads: ThreadQuerySet, state: str) -> ThreadQuerySet:
    """Waiting ones, the longest first; all open ones, the waiting first; or closed ones, the newest first."""
    if state == CLOSED:
        return threads.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    rows = threads.waiting() if state == WAITING else threads.filter(closed_at__isnull=True)
    return longest_first(rows)


def longest_first(threads: ThreadQuerySet) -> ThreadQuerySet:
    """Those that wait, by the day since which they do and within a day by the family's last words; then those that do
    not, the newest first."""
    own = ThreadPost.objects.filter(thread=OuterRef("pk"), by_guardian__isnull=False).order_by("-pk")
    said = Case(When(waits_on__isnull=False, then=Subquery(own.values("written_at")[:1])))
    return threads.order_by(F("waits_on").asc(nulls_last=True), said.asc(nulls_last=True), "-asked_at", "pk")


def of_class(threads: ThreadQuerySet, class_id: int) -> ThreadQuerySet:
    """About a child who is in this class today."""
    pupils = Enrolment.objects.current().filter(school_class_id=class_id)
    return threads.filter(pupil_id__in=pupils.values("pupil_id"))


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A conversation in the list: the family's last words, how many school days it has waited, and whether nobody has
    it who sees the child."""

    thread: Thread
    words: ThreadPost | None
    school_days: int
    is_nobodys: bool


def inbox_rows(threads: Iterable[Thread]) -> list[InboxRow]:
    """The rows of one page, in three queries whatever their number."""
    found = list(threads)
    days, free = school_days_waited(found), nobodys_of(found)
    last: dict[int, ThreadPost] = {}
    for post in ThreadPost.objects.filter(thread__in=found, by_guardian__isnull=False).order_by("pk"):
        last[post.thread_id] = post
    return [InboxRow(row, last.get(row.pk), days[row.pk], row.pk in free) for row in found]


def nobodys_of(threads: Iterable[Thread]) -> set[int]:
    """Those of these conversations (ids) that are open and nobody's."""
    ids = [thread.pk for thread in threads if thread.closed_at is None]
    return set(Thread.objects.nobodys().filter(pk__in=ids).values_list("pk", flat=True))


def school_days_waited(threads: Sequence[Thread]) -> dict[int, int]:
    """By id, on the calendar of the thread's own school, in one query; 0 for one that does not wait."""
    calendars, today = _calendars({thread.school_id for thread in threads}), clock.today()
    return {
        thread.pk: max(calendars[thread.school_id].school_days_between(thread.waits_on or today, today), 0)
        for thread in threads
    }


def _calendars(schools: set[int]) -> dict[int, SchoolCalendar]:
    """Each school's own calendar, read at once."""
    rows = Holiday.objects.filter(Q(school__isnull=True) | Q(school_id__in=schools))
    spans = list(rows.values_list("school_id", "starts_on", "ends_on"))
    return {
        school: SchoolCalendar((start, end) for owner, start, end in spans if owner in (None, school))
        for school in schools
    }


def colleagues_of(thread: Thread) -> QuerySet[User]:
    """Who may see this child and so may get the question: the class team, the school's, its CLB's, the joint worker."""
    rooms = Enrolment.objects.current().filter(pupil=thread.pupil, school_id=thread.school_id)
    posts = Assignment.objects.current().filter(
        working_with(rooms=rooms.values("school_class_id"), school=thread.school_id, centre=thread.school.clb_id)
    )
    people = User.objects.filter(pk__in=posts.values("user_id"), is_active=True)
    return people.order_by("full_name", "pk")[:_COLLEAGUES_SHOWN]


@dataclass(frozen=True, slots=True)
class Expectation:
    """By when the family may expect an answer, and on which days the colleague works (none: the whole week)."""

    name: str
    days: str
    by: date
    is_late: bool

    def sentence(self, code: str) -> str:
        """The same in the language ``code``, which must be the active one."""
        day = formats.isolated(formats.long_day(self.by, code, with_year=False), code)
        name = formats.isolated(formats.plain(self.name), code)
        if self.is_late:
            return _("The answer takes longer than usual. You can also call the school.")
        if not self.name:
            return _("You can expect an answer by %(day)s.") % {"day": day}
        if not self.days:
            return _("%(name)s will answer you by %(day)s.") % {"name": name, "day": day}
        days = formats.joined(formats.weekday_names(self.days, code), code)
        return _("%(name)s works on %(days)s: you can expect an answer by %(day)s.") % {
            "name": name,
            "days": days,
            "day": day,
        }


def expectation(thread: Thread) -> Expectation | None:
    """None when nothing waits, or the parent may get no answer. Needs ``assigned_to``, ``guardian`` and ``school`` of
    the thread; three queries. Who does not see the child any more is not named: somebody else will answer."""
    if thread.waits_on is None or thread.guardian.gets_nothing:
        return None
    owner, works_on = thread.assigned_to, WHOLE_WEEK
    if owner is not None and Thread.objects.nobodys().filter(pk=thread.pk).exists():
        owner = None
    if owner is not None:
        posts = list(Assignment.objects.current().filter(user=owner))
        here = [row for row in posts if row.school_id == thread.school_id]
        works_on = days_of(here or posts)
    calendar = Holiday.objects.calendar(thread.school)
    by = expected_by(calendar, thread.waits_on, works_on, settings.ANSWER_WITHIN_WORKING_DAYS)
    days = "" if works_on == WHOLE_WEEK else works_on
    return Expectation(owner.full_name if owner else "", days, by, is_late=by < clock.today())


@dataclass
class ShownPost:
    """A contribution as one side reads it: the original, a translation for this reader, and who made that."""

    post: ThreadPost
    translations: list[PostTranslation]
    reader: str

    @cached_property
    def translation(self) -> PostTranslation | None:
        """In the reader's language; none when the original is in it."""
        wanted = language(self.reader).text
        if language(self.post.language).text == wanted:
            return None
        return next((row for row in self.translations if row.language == wanted), None)

    @property
    def is_untranslated(self) -> bool:
        """In another language than the reader's, and nothing else is there yet."""
        return self.translation is None and language(self.post.language).text != language(self.reader).text

    @property
    def is_by_machine(self) -> bool:
        return self.translation is not None and self.translation.state == TranslationState.MACHINE


@dataclass
class StaffPost(ShownPost):
    """The same for a colleague: the translation for the other side, and what may be done about it."""

    @cached_property
    def target(self) -> str:
        """The language that the other side reads, or nothing to translate."""
        return target_language(self.post)

    @cached_property
    def translation(self) -> PostTranslation | None:
        return next((row for row in self.translations if row.language == self.target), None)

    @property
    def may_ask_machine(self) -> bool:
        return bool(self.target) and self.translation is None and machine.is_on()


def posts_for_staff(thread: Thread) -> list[StaffPost]:
    """All contributions, oldest first; two queries."""
    rows = thread.posts.select_related("by_user", "by_guardian").prefetch_related("translations__by")
    found = []
    for post in rows:
        post.thread = thread
        found.append(StaffPost(post, list(post.translations.all()), MASTER))
    return found


def posts_for_parent(posts: Iterable[ThreadPost], code: str) -> list[ShownPost]:
    """Contributions with the translation into ``code``; ``posts`` come with ``translations`` prefetched."""
    return [ShownPost(post, list(post.translations.all()), code) for post in posts]
