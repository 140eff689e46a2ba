"""All that a partner organisation learns of gatherings with it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from parents.gatheringlists import MOST_PEOPLE, wanted_languages
from parents.gatherings import with_taken
from parents.models import Gathering, Guardianship
from parents.models.signups import GatheringSignUpQuerySet
from schools import clock
from schools.models import Enrolment

#: What is over stays so long on a partner's page.
PARTNERS_PAST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ForPartner:
    """All that an organisation learns of a gathering with it: no surname, child, number or other school."""

    gathering: Gathering
    people: int
    first_names: list[str]
    languages: list[tuple[str, int]]


def for_partner(user: object) -> QuerySet[Gathering]:
    """Those with the user's organisation: to come first, then what was held lately."""
    rows = Gathering.objects.with_partner_of(user).filter(starts_at__gt=clock.now() - PARTNERS_PAST)
    return with_taken(rows).select_related("school")


def as_partner_sees(gathering: Gathering) -> ForPartner:
    rows = _named(gathering)
    names = rows.order_by("guardian__first_name", "pk").values_list("guardian__first_name", flat=True)
    people = gathering.sign_ups.coming().people()
    return ForPartner(gathering, people, [name for name in names[:MOST_PEOPLE] if name], wanted_languages(rows))


def pairs_for_partner(gathering: Gathering) -> list[tuple[int, int]]:
    """Child and parent of each first name, for the access log."""
    here = Enrolment.objects.current().filter(school_id=gathering.school_id)
    ties = Guardianship.objects.current().filter(
        guardian_id__in=_named(gathering).values("guardian_id"), pupil__in=here.values("pupil_id")
    )
    return list(ties.order_by("pk").values_list("pupil_id", "guardian_id")[: 2 * MOST_PEOPLE])


def _named(gathering: Gathering) -> GatheringSignUpQuerySet:
    """Who comes, but those whose data are only kept, and who has no right to information on a child at the school any
    more: these are counted."""
    informed = gathering.sign_ups.coming().of_informed(gathering.school_id, clock.local_date(gathering.starts_at))
    return informed.filter(guardian__restricted_on__isnull=True)
