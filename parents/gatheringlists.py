"""Gatherings as colleagues see them: who comes, who waits, who came. Names of their own families, of others only how
many. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from parents.gatherings import with_taken
from parents.models import (
    ContactPoint,
    Family,
    FamilyMembership,
    Gathering,
    GatheringSignUp,
    GatheringWord,
    Guardian,
    Guardianship,
    WordKind,
)
from parents.models.families import BY_EAR
from parents.models.signups import GatheringSignUpQuerySet
from parents.services.gatheringattendance import AtGathering, stands
from schools import clock, languages
from schools.models import Enrolment, Pupil, School
from schools.models.places import SchoolQuerySet
from schools.models.pupils import PupilQuerySet
from schools.scope import scope_of

#: Lines of a list of people; a school's hall holds no more.
MOST_PEOPLE = 400


@dataclass(frozen=True, slots=True)
class Comer:
    """A parent who signed up, with the children at the school whom the reader sees; ``to_call`` when no message tells
    the parent what changed, at one of ``numbers``."""

    sign_up: GatheringSignUp
    children: list[Pupil]
    to_call: bool = False
    numbers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Comers:
    """Who comes and who waits, as far as the reader may know; of the others only how many."""

    coming: list[Comer] = field(default_factory=list)
    waiting: list[Comer] = field(default_factory=list)
    others: int = 0
    people: int = 0
    languages: list[tuple[str, int]] = field(default_factory=list)

    def pairs(self) -> list[tuple[int, int]]:
        """Child and parent of each line, for the access log."""
        return [(pupil.pk, one.sign_up.guardian_id) for one in [*self.coming, *self.waiting] for pupil in one.children]


def schools_of(user: object) -> QuerySet[School]:
    """Schools for which the user may make a gathering: those seen as a whole, and those of own classes."""
    return School.objects.filter(pk__in=SchoolQuerySet.ids_of_any_place(scope_of(user))).order_by("name")


def listed(user: object, *, past: bool) -> QuerySet[Gathering]:
    """Those to come, the first first; or those that began, the latest first. With how many come."""
    rows = with_taken(Gathering.objects.visible_to(user).select_related("school", "partner"))
    now = clock.now()
    if past:
        return rows.filter(starts_at__lte=now).order_by("-starts_at", "-pk")
    return rows.filter(starts_at__gt=now).order_by("starts_at", "pk")


def comers_of(gathering: Gathering, user: object) -> Comers:
    """Names of those whom the user sees; how many people come in all. At most six queries."""
    everybody = gathering.sign_ups.all()
    # Who lost the right to information since is no name at the door: what is to come a sweep takes back.
    named = everybody.visible_to(user).of_informed(gathering.school_id, clock.local_date(gathering.starts_at))
    rows = list(named.select_related("guardian", "entered_by")[:MOST_PEOPLE])
    children = _children_here(gathering, [row.guardian_id for row in rows], user)
    found, unreached = Comers(), _unreached(gathering)
    numbers = ContactPoint.objects.phones_of({row.guardian_id for row in rows if row.pk in unreached})
    for row in rows:
        comer = Comer(row, children[row.guardian_id], row.pk in unreached, numbers[row.guardian_id])
        (found.waiting if row.waits else found.coming).append(comer)
    found.others = everybody.count() - len(rows)
    found.people = everybody.coming().people()
    found.languages = wanted_languages(everybody)
    return found


def _unreached(gathering: Gathering) -> set[int]:
    """Sign-ups (ids) whose parent no message tells that it was cancelled or moved, or that a place came free: no way
    worked, or none is known, or the parent does not read. As for talks (``conferencelists.changes_of``)."""
    ways = ContactPoint.objects.usable().filter(uses__guardian_id=OuterRef("sign_up__guardian_id"))
    words = GatheringWord.objects.standing(clock.now()).filter(sign_up__gathering=gathering)
    untold = Q(told_at__isnull=True) & (Q(taken_at__isnull=False) | ~Exists(ways))
    by_ear = Q(sign_up__guardian__in=Guardian.objects.filter(BY_EAR))
    needed = words.exclude(kind=WordKind.REMINDER).filter(untold | by_ear)
    return set(needed.values_list("sign_up_id", flat=True))


def wanted_languages(rows: GatheringSignUpQuerySet) -> list[tuple[str, int]]:
    """Languages for which who comes wants an interpreter, and how many parents each; the most wanted first."""
    codes: Counter[str] = Counter(rows.coming().exclude(interpreter="").values_list("interpreter", flat=True))
    return [(gettext(languages.language(code).name), number) for code, number in codes.most_common()]


def _children_here(gathering: Gathering, guardians: Collection[int], user: object) -> defaultdict[int, list[Pupil]]:
    """By guardian, the children at the gathering's school whom the user sees."""
    day = clock.local_date(gathering.starts_at)
    here = Enrolment.objects.on(min(day, clock.today())).filter(school_id=gathering.school_id)
    ties = Guardianship.objects.current().filter(
        guardian_id__in=guardians,
        pupil_id__in=PupilQuerySet.ids_visible(user),
        pupil__in=here.values("pupil_id"),
    )
    found: defaultdict[int, list[Pupil]] = defaultdict(list)
    for tie in ties.select_related("pupil").order_by("pupil__first_name", "pupil_id"):
        found[tie.guardian_id].append(tie.pupil)
    return found


# --- Who came --------------------------------------------------------------------------------------------------------
def families_at(gathering: Gathering, user: object, more: Iterable[int] = ()) -> dict[int, AtGathering]:
    """By family: those of whom somebody signed up, those written down before, and ``more`` by the pupils' numbers; as
    far as the user sees them, each with the children whom the user sees. Before anything was written everybody who
    signed up is marked as having come; so too where a colleague wrote of other classes alone."""
    signed = {
        row.guardian_id: row
        for row in gathering.sign_ups.coming().visible_to(user).select_related("guardian")[:MOST_PEOPLE]
    }
    children = _children_here(gathering, list(signed), user)
    attendances = {row.family_id: row for row in gathering.attendances.select_related("contact_moment")}
    pupils = {pupil.pk for rows in children.values() for pupil in rows} | set(more)
    members = _members(gathering, user, pupils, attendances)
    by_pupil = {pupil.pk: family.pk for family, rows in members.values() for pupil in rows}
    is_written = gathering.attended_at is not None and (not attendances or not members.keys().isdisjoint(attendances))
    people: dict[int, list[GatheringSignUp]] = defaultdict(list)
    for guardian, rows in children.items():
        for family in sorted({by_pupil[pupil.pk] for pupil in rows if pupil.pk in by_pupil})[:1]:
            people[family].append(signed[guardian])
    return {
        pk: AtGathering(
            family=family,
            pupils=rows,
            guardians=[row.guardian for row in people[pk]],
            people=sum(row.people for row in people[pk]),
            came=stands(attendances.get(pk)) if is_written or pk in attendances else bool(people[pk]),
            is_written=stands(attendances.get(pk)),
        )
        for pk, (family, rows) in sorted(
            members.items(), key=lambda item: (not people[item[0]], item[1][1][0].full_name)
        )
    }


def _members(
    gathering: Gathering, user: object, pupils: Collection[int], attendances: Collection[int]
) -> dict[int, tuple[Family, Sequence[Pupil]]]:
    """The families of these pupils and those that were written, with their children at the school."""
    day = min(clock.local_date(gathering.starts_at), clock.today())
    here = Enrolment.objects.on(day).filter(school_id=gathering.school_id)
    seen = FamilyMembership.objects.on(day).filter(
        pupil_id__in=PupilQuerySet.ids_visible(user), pupil__in=here.values("pupil_id")
    )
    families = seen.filter(Q(pupil_id__in=pupils) | Q(family_id__in=list(attendances))).values("family_id")
    rows = (
        seen.filter(family_id__in=families).select_related("family", "pupil").order_by("pupil__first_name", "pupil_id")
    )
    found: dict[int, tuple[Family, list[Pupil]]] = {}
    for row in rows:
        found.setdefault(row.family_id, (row.family, []))[1].append(row.pupil)
    return dict(found)


def unseen_attendances(gathering: Gathering, shown: Collection[int]) -> int:
    """Families that came and are not the reader's to see."""
    return gathering.attendances.standing().exclude(family_id__in=shown).count()
