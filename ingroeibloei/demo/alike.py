"""Families that may be one: siblings at schools that know nothing of each other, brought in by two lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from ingroeibloei.demo.world import Home, World, moment_of
from parents.models import (
    ContactPoint,
    ContactPointUse,
    FamilyMatch,
    FamilyMerge,
    Guardian,
    Guardianship,
    Household,
    MatchState,
    PointKind,
)
from parents.services import join_families, keep_apart, offer_same_families

#: So many of these families stand with each school as its own list brought them in: no row in common.
BY_TWO_LISTS = 6
#: What the second school knows of them besides name and address, in turn.
_KNOWN = ((PointKind.PHONE, PointKind.EMAIL), (PointKind.PHONE,), ())


def build(world: World) -> None:
    """Give the second of each pair guardians of its own, the same people written down a second time."""
    for number, (_near, far) in enumerate(list(_split(world))[:BY_TWO_LISTS]):
        kinds = _KNOWN[number % len(_KNOWN)]
        far.guardians = [_again(guardian, far, kinds) for guardian in far.guardians]


def lay_before_the_joint_worker(world: World) -> None:
    """What the night found, of which she decided two."""
    offer_same_families()
    likeliest = list(FamilyMatch.objects.filter(state=MatchState.OPEN).order_by("-score", "pk")[:1])
    unlikely = list(FamilyMatch.objects.filter(state=MatchState.OPEN).order_by("score", "pk")[:1])
    worker, then = world.cast["gezamenlijke"], moment_of(world.today - timedelta(days=6), 14, 10)
    for match in likeliest:
        merge = join_families(match=match, by=worker)
        FamilyMerge.objects.filter(pk=merge.pk).update(at=then)
    for match in unlikely:
        if match.state == MatchState.OPEN and match not in likeliest:
            keep_apart(match=match, by=worker)
            FamilyMatch.objects.filter(pk=match.pk).update(decided_at=then)


def _split(world: World) -> Iterator[tuple[Home, Home]]:
    """Homes of the same adults at two pilot schools, which lie beside each other."""
    for near, far in pairwise(world.homes):
        pilots = world.is_pilot(near.seats[0].school) and world.is_pilot(far.seats[0].school)
        if near.guardians is far.guardians and near.seats[0].school != far.seats[0].school and pilots:
            yield near, far


def _again(guardian: Guardian, home: Home, kinds: tuple[PointKind, ...]) -> Guardian:
    """The same adult as another school wrote them down: same name, address and numbers, rows of their own."""
    uses = list(ContactPointUse.objects.filter(guardian=guardian, contact_point__kind__in=kinds).order_by("pk"))
    address = guardian.household
    copy = Guardian.objects.get(pk=guardian.pk)
    copy.pk = None
    if address is not None:
        copy.household = Household.objects.create(street=address.street, postcode=address.postcode, city=address.city)
    copy.save()
    for use in uses:
        point = ContactPoint.objects.get(pk=use.contact_point_id)
        point.pk = None
        point.save()
        ContactPointUse.objects.create(contact_point=point, guardian=copy, rank=use.rank)
    pupils = [seat.pupil for seat in home.seats]
    Guardianship.objects.filter(guardian=guardian, pupil__in=pupils).update(guardian=copy)
    return copy
