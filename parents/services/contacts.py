from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import (
    ContactMoment,
    Family,
    FamilyMembership,
    Guardian,
    Initiative,
    InterpreterNeed,
    Outcome,
    Tone,
    Visibility,
)
from parents.models.kinds import STATUS_OF_OUTCOME
from parents.ownwords import kept_tap
from parents.services.followups import due_in, open_follow_up
from parents.services.reachability import note_told_contact
from parents.signin import Reachable
from schools import audit, clock
from schools.days import full_day
from schools.models import CLBCentre, Method, Partner, Pupil, Role, School, User
from schools.scope import scope_of

#: By then somebody follows up a talk of which nobody wrote what is left to do.
DAYS_TO_FOLLOW_UP = 3
#: Families whose talks are put into another group in one go.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """A promise made in a talk: what, by when, who."""

    what: str
    #: None: within some days (``DAYS_TO_FOLLOW_UP``).
    due_on: date | None = None
    owner: User | None = None

    @classmethod
    def needed(cls, kind: str, outcome: str) -> NewFollowUp | None:
        """What stands in the week of whoever said in one tap that follow-up is needed, and no word of what: the talk
        itself, some days after it. None for any other outcome."""
        if outcome != Outcome.REACHED_FOLLOW_UP:
            return None
        return cls(kept_tap(kind))


@dataclass(frozen=True, slots=True)
class Talk:
    """The optional facts of a contact; every field has the default of a quick log, ``status`` that of the outcome."""

    guardians: Sequence[Guardian] = ()
    status: str = ""
    initiative: str = ""
    purpose: str = ""
    tone: str = Tone.NEUTRAL
    language_used: str = ""
    interpreter_need: str = InterpreterNeed.NO
    interpreter_mode: str = ""
    arrived: bool | None = None
    partner: Partner | None = None
    method: Method | None = None
    duration_min: int | None = None
    starts_at: time | None = None
    note: str = ""
    visibility: str = ""
    agreement: str = ""
    centre: CLBCentre | None = None
    seconds_to_log: int | None = None
    follow_up: NewFollowUp | None = None
    new_contacts: Sequence[tuple[Guardian, Reachable]] = ()


def log_contact_moment(
    *,
    author: User,
    school: School,
    pupils: Iterable[Pupil],
    kind: str,
    outcome: str,
    held_on: date,
    client_id: UUID | None = None,
    **facts: Any,
) -> ContactMoment:
    """Write a contact moment; a talk about siblings is one. The same ``client_id`` twice is the same moment.

    ``facts`` are the fields of Talk. Raises ValidationError in the reader's language.
    """
    talk = Talk(**facts)
    children = list(pupils)
    if held_on > clock.today():
        raise ValidationError(_("A contact cannot lie in the future. Choose today or an earlier day."))
    uid = client_id or uuid4()
    with transaction.atomic():
        family = family_of(children, held_on)
        written: dict[str, Any] = {
            "school": school,
            "family": family,
            "kind": kind,
            "outcome": outcome,
            "status": talk.status or STATUS_OF_OUTCOME[Outcome(outcome)],
            "held_on": held_on,
            "starts_at": talk.starts_at,
            "duration_min": talk.duration_min,
            "initiative": talk.initiative or usual_initiative(author),
            "purpose": talk.purpose,
            "tone": talk.tone,
            "language_used": talk.language_used,
            "interpreter_need": talk.interpreter_need,
            "interpreter_mode": talk.interpreter_mode,
            "arrived": talk.arrived,
            "partner": talk.partner,
            "method": talk.method,
            "note": talk.note,
            "visibility": talk.visibility or Visibility.SCHOOL_TEAM,
            "centre": talk.centre,
            "agreement": talk.agreement,
            "recorded_at": clock.now(),
            "seconds_to_log": talk.seconds_to_log,
            "language_group": family.language_group,
        }
        moment, is_new = ContactMoment.objects.get_or_create(client_id=uid, recorded_by=author, defaults=written)
        if not is_new:
            return moment
        moment.pupils.set(children)
        moment.guardians.set(talk.guardians)
        if talk.follow_up:
            open_follow_up(
                by=author,
                family=family,
                school=school,
                what=talk.follow_up.what,
                due_on=talk.follow_up.due_on or due_in(DAYS_TO_FOLLOW_UP, school),
                owner=talk.follow_up.owner or author,
                pupil=children[0],
                contact_moment=moment,
            )
        for guardian, contact in talk.new_contacts:
            note_told_contact(guardian=guardian, contact=contact, by=author, school=school)
        audit.record(actor=author, verb="logged", target=moment, school_id=school.pk, kind=kind, outcome=outcome)
    return moment


def family_of(pupils: Sequence[Pupil], day: date) -> Family:
    """The one family these pupils belong to on a day. Raises ValidationError when there is none, or more than one."""
    families = list(
        Family.objects.filter(pk__in=FamilyMembership.objects.on(day).filter(pupil__in=pupils).values("family_id"))[:2]
    )
    if not families:
        raise ValidationError(_why_no_family(pupils, day))
    if len(families) > 1:
        raise ValidationError(_("These children belong to different families. Log one contact for each family."))
    return families[0]


def regroup_talks(families: Iterable[int]) -> None:
    """What was noted before the language at home was known counts in the group of the family too: figures tell talks
    and families of a group beside each other."""
    ids = list(families)
    for start in range(0, len(ids), _AT_ONCE):
        by_group: dict[str, list[int]] = defaultdict(list)
        for family in Family.objects.filter(pk__in=ids[start : start + _AT_ONCE]):
            by_group[family.language_group].append(family.pk)
        for group, some in by_group.items():
            rows = ContactMoment.objects.filter(family_id__in=some).exclude(language_group=group)
            rows.update(language_group=group)


def _why_no_family(pupils: Sequence[Pupil], day: date) -> str:
    later = FamilyMembership.objects.filter(pupil__in=pupils, starts_on__gt=day).order_by("starts_on").first()
    if later is None:
        return _("This child does not belong to a family yet. Ask the school office to add one.")
    return _("The family is known here from %(day)s on. Choose that day or a later one.") % {
        "day": full_day(later.starts_on)
    }


def usual_initiative(author: User) -> str:
    """Who took the initiative when nobody says so: the side the author works for."""
    roles = scope_of(author).roles
    if Role.JOINT_CLB in roles:
        return Initiative.PROJECT_WORKER
    if roles & {Role.CLB, Role.CLB_DIRECTOR}:
        return Initiative.CLB
    return Initiative.TEACHER if Role.TEACHER in roles else Initiative.SCHOOL
