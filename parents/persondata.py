"""What a school, or the schools of a centre, keep about one guardian, as the guardian may have it: nothing of the other
guardian, nothing that is a CLB's alone, and no colleague's name beside a visit. Of a child at another school nothing
is in it: who hands the export over would learn of it. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from parents import meetingdata
from parents.access import children_of
from parents.growth import told_about
from parents.models import (
    WORDLESS,
    Absence,
    Consent,
    ContactMoment,
    ContactPointUse,
    DataRequest,
    FamilyMembership,
    FollowUp,
    Guardian,
    Guardianship,
    MomentStatus,
)
from parents.models.kinds import OF_SCHOOL
from parents.ownwords import said
from parents.whoread import shown, visits_to
from schools import clock
from schools.languagenames import name_of_language
from schools.languages import PREFERS_NOT_TO_SAY, UNKNOWN_LANGUAGE
from schools.models import Enrolment, School

#: Visits of the access log in one export, the latest first.
MOST_VISITS = 2_000


def schools_of(request: DataRequest) -> list[int]:
    """The schools whose data a request is about."""
    if request.school_id:
        return [request.school_id]
    return list(School.objects.filter(clb_id=request.centre_id).values_list("pk", flat=True))


def person(guardian: Guardian, schools: Sequence[int]) -> dict[str, Any]:
    """The sections of this app, each a list of rows of plain words."""
    children = _children(guardian, schools)
    visits = shown(visits_to(guardian).filter(pupil_id__in=children.values("pk"))[:MOST_VISITS], guardian)
    talks = talks_with(guardian, schools)
    return {
        "person": [_who(guardian) | {"home_language": _home_language(guardian, children)}],
        "contact_points": [
            {
                "kind": str(use.contact_point.get_kind_display()),
                "value": use.contact_point.value,
                "verified_on": _day(use.contact_point.verified_on),
                "valid_until": _day(use.contact_point.valid_until),
            }
            for use in ContactPointUse.objects.filter(guardian=guardian).select_related("contact_point")
        ],
        "children": [_child(tie) for tie in _ties(guardian).filter(pupil__in=_ever_at(schools))],
        "talks": [_talk(moment) for moment in talks],
        "earlier": meetingdata.earlier(guardian, talks),
        "follow_ups": [
            {
                "child": row.pupil.first_name if row.pupil else "",
                "what": said(row.what),
                "by_when": _day(row.due_on),
                "state": str(row.get_status_display()),
                "reason": said(row.closed_because),
            }
            for row in _follow_ups(guardian, schools, children, talks)
        ],
        "meetings": meetingdata.meetings(guardian, schools, children, talks),
        "told": meetingdata.told(guardian, schools, children),
        "gatherings": meetingdata.gatherings(guardian, schools),
        "interpreters": meetingdata.interpreters(guardian, schools),
        "wishes": meetingdata.wishes(guardian),
        "absences": [
            {"child": row.pupil.first_name, "from": _day(row.starts_on), "until": _day(row.ends_on)}
            for row in Absence.objects.standing()
            .filter(pupil__in=children, school_id__in=schools)
            .select_related("pupil")
        ],
        "growth": [
            {"day": _day(clock.local_date(row.written_at)), "child": row.pupil.first_name, "text": row.text}
            for row in told_about(children, schools)
        ],
        "consents": [
            {
                "purpose": str(row.get_purpose_display()),
                "child": row.child.first_name if row.child else "",
                "given_on": _day(row.given_on),
                "how": str(row.get_given_how_display()),
                "withdrawn_on": _day(row.withdrawn_on),
            }
            for row in Consent.objects.of([guardian], children).select_related("child")
        ],
        "requests": [
            {
                "kind": str(row.get_kind_display()),
                "place": row.place,
                "received_on": _day(clock.local_date(row.received_at)),
                "words": row.words,
                "decision": str(row.get_decision_display()),
                "reason": row.reason,
            }
            for row in _requests(guardian, schools)
        ],
        "visits": [
            {"day": _day(row.day), "role": row.role, "organisation": row.organisation, "what": row.what}
            for row in visits
        ],
    }


def talks_with(guardian: Guardian, schools: Sequence[int]) -> Any:
    """Talks of these schools about the guardian's children: those with this guardian, also when nobody answered or
    came, and those held with nobody named. Whom the school tried in vain without a name may have been the other one."""
    about = ContactMoment.pupils.through.objects.filter(pupil_id__in=children_of(guardian).values("pk"))
    with_any = ContactMoment.guardians.through.objects.all()
    own = with_any.filter(guardian=guardian).values("contactmoment_id")
    rows = ContactMoment.objects.filter(
        Q(pk__in=own) | Q(~Q(pk__in=with_any.values("contactmoment_id")), status=MomentStatus.HELD),
        withdrawn_at__isnull=True,
        pk__in=about.values("contactmoment_id"),
        school_id__in=schools,
        visibility__in=OF_SCHOOL,
    )
    return rows.select_related("school", "partner").order_by("-held_on", "-pk")


def _follow_ups(guardian: Guardian, schools: Sequence[int], children: Any, talks: Any) -> Any:
    """What these schools noted to do for the guardian, or promised in one of these talks."""
    own = Q(guardian=guardian) & (Q(contact_moment=None) | Q(contact_moment__visibility__in=OF_SCHOOL))
    rows = FollowUp.objects.filter(
        own | Q(contact_moment__in=talks.order_by().values("pk")),
        Q(pupil=None) | Q(pupil__in=children),
        school_id__in=schools,
    )
    return rows.exclude(what=WORDLESS).select_related("pupil").order_by("-due_on", "-pk")


def _requests(guardian: Guardian, schools: Sequence[int]) -> Any:
    centres = School.objects.filter(pk__in=schools).values("clb_id")
    here = Q(school_id__in=schools) | Q(centre_id__in=centres)
    return DataRequest.objects.filter(here, guardian=guardian).select_related("school", "centre")


def _ever_at(schools: Sequence[int]) -> Any:
    return Enrolment.objects.filter(school_id__in=schools).values("pupil_id")


def _children(guardian: Guardian, schools: Sequence[int]) -> Any:
    return children_of(guardian).filter(pk__in=_ever_at(schools))


def _ties(guardian: Guardian) -> Any:
    return Guardianship.objects.filter(guardian=guardian).select_related("pupil").order_by("starts_on", "pk")


def _who(guardian: Guardian) -> dict[str, Any]:
    home = guardian.household
    return {
        "first_name": guardian.first_name,
        "last_name": guardian.last_name,
        "address": str(home) if home else "",
        "language": _language(guardian.contact_language),
        "second_language": _language(guardian.second_language),
        "reading": str(guardian.get_reading_mode_display()),
        "preferred_way": str(guardian.get_preferred_channel_display()),
        "once_a_week": guardian.wants_digest,
        "only_kept_since": _day(guardian.restricted_on),
    }


def _home_language(guardian: Guardian, children: Any) -> str:
    """What the family of these children said. Nothing where another adult of theirs lives elsewhere: of which of the
    two homes it was said, nobody knows."""
    others = Guardianship.objects.current().filter(pupil__in=children).exclude(guardian=guardian)
    if guardian.household_id is not None:
        others = others.exclude(guardian__household=guardian.household_id)
    members = FamilyMembership.objects.current().filter(pupil__in=children).exclude(pupil__in=others.values("pupil_id"))
    said = set(members.values_list("family__home_language", flat=True)) - {UNKNOWN_LANGUAGE, PREFERS_NOT_TO_SAY}
    return ", ".join(sorted(_language(code) for code in said))


def _child(tie: Guardianship) -> dict[str, Any]:
    return {
        "name": tie.pupil.full_name if tie.information_right else "",
        "birth_date": _day(tie.pupil.birth_date) if tie.information_right else "",
        "relation": tie.relation,
        "authority": str(tie.get_authority_display()),
        "from": _day(tie.starts_on),
        "until": _day(tie.ends_on),
    }


def _talk(moment: ContactMoment) -> dict[str, Any]:
    return {
        "day": _day(moment.held_on),
        "school": moment.school.name,
        "kind": str(moment.get_kind_display()),
        "outcome": str(moment.get_outcome_display()),
        "subject": str(moment.get_purpose_display()),
        "spoken": _language(moment.language_used),
        "interpreter": str(moment.get_interpreter_need_display()),
        "interpreted_by": str(moment.get_interpreter_mode_display()),
        "minutes": moment.duration_min,
        "tone": str(moment.get_tone_display()),
        "referral": _referral(moment),
        "line": moment.note,
        "agreement": moment.agreement,
    }


def _referral(moment: ContactMoment) -> str:
    """To whom the family was referred, and whether it arrived there."""
    to = moment.partner.name if moment.partner else ""
    return " · ".join(filter(None, [to, str(moment.get_arrived_display() or "")]))


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _language(code: str) -> str:
    return name_of_language(code) if code else ""
