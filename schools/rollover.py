"""Into the next school year: which classes come, where each pupil goes, and who keeps working where. Reads only.

A plan is made anew from the rows and from what the school filled in; ``schools.services.rollover`` carries it out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from schools.models import Assignment, Enrolment, Level, PostDecision, Pupil, School, SchoolClass, SchoolYear, User
from schools.models.people import AssignmentQuerySet
from schools.scope import scope_of
from schools.staffing import OF_A_SCHOOL

_LEVELS = list(Level.values)


@dataclass(frozen=True, slots=True)
class Seat:
    """A pupil's place that ends with the school year."""

    enrolment: Enrolment
    pupil: Pupil
    #: The class next year; "" for who leaves the school.
    target: str
    stays: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A class and where its pupils go together; ``target`` is "" when they leave the school."""

    school_class: SchoolClass
    target: str
    seats: tuple[Seat, ...]

    @property
    def has_exceptions(self) -> bool:
        """Somebody of this class does not go along."""
        return any(seat.stays or seat.leaves for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Post:
    """A colleague's post that ends on 31 August unless it is confirmed."""

    assignment: Assignment
    continues: bool
    #: The class next year, for a teacher.
    target: str
    #: Somebody appointed this colleague for next year already: the post ends, and that one stands in its place.
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    school: School
    from_year: SchoolYear
    to_year: SchoolYear
    moves: tuple[Move, ...]
    posts: tuple[Post, ...]
    #: Classes of the next year: name → level.
    classes: Mapping[str, str]
    #: Classes of the next year that are there already.
    known: Collection[str]

    @property
    def basis(self) -> str:
        """Changes when the rows do from which the plan was made."""
        rows = [seat.enrolment.pk for move in self.moves for seat in move.seats]
        rows += [-post.assignment.pk for post in self.posts]
        return hashlib.sha256(repr((self.to_year.pk, sorted(rows), sorted(self.known))).encode()).hexdigest()[:16]

    @property
    def new_classes(self) -> list[str]:
        return [name for name in self.classes if name not in self.known]

    @property
    def moving(self) -> int:
        return sum(bool(seat.target) for move in self.moves for seat in move.seats)

    @property
    def leaving(self) -> int:
        return sum(not seat.target for move in self.moves for seat in move.seats)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the school filled in; a class or a post that is not named follows the proposal."""

    targets: Mapping[int, str] = field(default_factory=dict)
    stays: Collection[int] = frozenset()
    #: Enrolments of who leaves the school; None: of whom a last day was said.
    leaves: Collection[int] | None = None
    #: Assignments that go on; None: all of them.
    posts: Collection[int] | None = None
    post_targets: Mapping[int, str] = field(default_factory=dict)


def level_after(level: str) -> str:
    """The next level; "" after the sixth year of primary school."""
    place = _LEVELS.index(level) + 1
    return _LEVELS[place] if place < len(_LEVELS) else ""


def name_after(name: str, level: str, names: Collection[str]) -> str:
    """What a class is called a year later: 3B becomes 4B, K3 becomes 1A; "" when its pupils leave the school."""
    coming = level_after(level)
    if not coming:
        return ""
    digit, after = level[1], coming[1]
    renamed = name.replace(digit, after, 1) if digit in name else f"{name} {after}"
    if level[0] == coming[0]:
        return renamed
    # From kleuter to lager the letter goes; the first class of that level is the likeliest.
    return next((one for one in sorted(names) if one.startswith(after)), f"{after}A")


def plan_rollover(
    *, school: School, from_year: SchoolYear, to_year: SchoolYear, choices: Choices, by: User | None = None
) -> Plan:
    """The plan in five queries, whatever the size of the school, as ``by`` may carry it out."""
    rows = list(SchoolClass.objects.filter(school=school, year__in=[from_year, to_year]).order_by("level", "name"))
    old = [row for row in rows if row.year_id == from_year.pk]
    known = {row.name: row.level for row in rows if row.year_id == to_year.pk}
    names = {row.name for row in old}
    # Classes are copied under their own names: the first level's wait for new pupils.
    classes = {row.name: row.level for row in old} | known
    spelled = {name.casefold(): name for name in classes}
    seated = _seated(school, from_year)
    leaving = _said_to_leave(seated) if choices.leaves is None else choices.leaves
    moves = []
    for row in old:
        target = choices.targets.get(row.pk, name_after(row.name, row.level, names))
        if target:
            target = spelled.setdefault(target.casefold(), target)
            classes.setdefault(target, level_after(row.level) or row.level)
        seats = tuple(_seat(enrolment, row.name, target, choices.stays, leaving) for enrolment in seated[row.pk])
        moves.append(Move(row, target, seats))
    posts = _posts(_decided_by(by).filter(school=school), (from_year, to_year), classes, choices)
    return Plan(school, from_year, to_year, tuple(moves), posts, classes, set(known))


def years_to_change(school: School) -> tuple[SchoolYear, SchoolYear] | None:
    """From which school year into which: out of the last one in which the school has classes that hold pupils of its
    own. None when the next one has not been laid."""
    running = SchoolYear.objects.running()
    if running is None:
        return None
    with_classes = SchoolYear.objects.filter(
        pk__in=SchoolClass.objects.filter(school=school).values("year_id"), starts_on__lte=running.starts_on
    )
    from_year = with_classes.order_by("-starts_on").first()
    if from_year is None:
        return None
    to_year = SchoolYear.objects.filter(starts_on__gt=from_year.starts_on).order_by("starts_on").first()
    return (from_year, to_year) if to_year else None


def _seated(school: School, year: SchoolYear) -> dict[int, list[Enrolment]]:
    """Enrolments that last until the end of the year, by class."""
    found: dict[int, list[Enrolment]] = defaultdict(list)
    rows = Enrolment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=year.ends_on), school=school, school_class__year=year
    )
    for row in rows.select_related("pupil").order_by("pupil__last_name", "pupil__first_name", "pk"):
        found[row.school_class_id].append(row)
    return found


def _said_to_leave(seated: Mapping[int, list[Enrolment]]) -> Collection[int]:
    """Who has a last day, in a school where most have none. A list that gives one to every child of the year says
    nothing of who leaves."""
    rows = [row for seats in seated.values() for row in seats]
    dated = frozenset(row.pk for row in rows if row.ends_on is not None)
    return dated if 2 * len(dated) < len(rows) else frozenset()


def _seat(enrolment: Enrolment, name: str, target: str, staying: Collection[int], leaving: Collection[int]) -> Seat:
    leaves = enrolment.pk in leaving
    stays = enrolment.pk in staying and not leaves
    return Seat(enrolment, enrolment.pupil, "" if leaves else name if stays else target, stays, leaves)


def _decided_by(by: User | None) -> AssignmentQuerySet:
    """Posts about which somebody decides who takes a school into its next year: those that a head gives, and never the
    own one. An administrator decides about the others too."""
    rows = Assignment.objects.exclude(user=by) if by is not None else Assignment.objects.all()
    return rows if by is not None and scope_of(by).is_administrator else rows.filter(role__in=OF_A_SCHOOL)


def _posts(
    mine: AssignmentQuerySet, years: tuple[SchoolYear, SchoolYear], classes: Mapping[str, str], choices: Choices
) -> tuple[Post, ...]:
    """Those about which nobody decided yet on the page of next year's posts (``schools.postreview``)."""
    year, to_year = years
    rows = (
        mine.on(year.ends_on)
        .exclude(Exists(PostDecision.objects.filter(post=OuterRef("pk"), year=to_year)))
        .with_places()
        .order_by("role", "school_class__level", "school_class__name", "user__full_name")
    )
    coming = mine.filter(starts_on__gte=to_year.starts_on, starts_on__lte=to_year.last_day)
    appointed = set(coming.values_list("user_id", "role"))
    posts = []
    for row in rows:
        if row.school_class is not None and row.school_class.year_id != year.pk:
            continue
        own = row.school_class.name if row.school_class else ""
        target = choices.post_targets.get(row.pk, own)
        is_followed = (row.user_id, row.role) in appointed
        continues = not is_followed and (choices.posts is None or row.pk in choices.posts)
        if own and target not in classes:
            target = own if own in classes else ""
        posts.append(Post(row, continues and bool(target or not own), target, is_followed))
    return tuple(posts)
