"""One parent who stands twice at a school becomes one: everything goes along, nothing is lost."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from parents.doubles import TOLD, Wishes, clashes, doubled, folds, holders_of_guardians, next_round, wishes_of
from parents.models import (
    ConferenceChange,
    ConferenceReminder,
    ContactPoint,
    ContactPointUse,
    Guardian,
    Guardianship,
    Household,
)
from parents.services.choices import language_told
from schools import audit
from schools.models import School, User


@transaction.atomic
def join_guardians(*, first: Guardian, second: Guardian, school: School, by: User) -> Guardian:
    """Returns the one who stays. The other's row stays behind without a name, for what the access log says of it.
    Raises ValidationError with every reason when it may not be."""
    rows = list(Guardian.objects.select_for_update(of=("self",)).select_related("household").filter(
        pk__in=(first.pk, second.pk), merged_into=None).order_by("pk"))  # fmt: skip
    if len(rows) != 2:
        raise ValidationError(_("Somebody joined these two meanwhile. Nothing was changed."))
    double = doubled(rows[0], rows[1], school)
    if double.why_not:
        raise ValidationError(double.why_not)
    kept, dropped = double.kept, double.dropped
    pupils = set(Guardianship.objects.filter(guardian__in=rows).values_list("pupil_id", flat=True))
    _join_ties(kept, dropped)
    _join_points(kept, dropped)
    wishes = wishes_of(kept, dropped)
    for model, column in holders_of_guardians():
        for row in clashes(model, column, kept, dropped).order_by("pk"):
            if model in TOLD:
                _join_told(row, kept)
            elif folds(model):
                row.fold(kept)
            elif model._meta.auto_created:
                row.delete()  # the talk names the other one already
            else:
                model._base_manager.filter(pk=row.pk).update(**{column: kept, "round": next_round(row, column, kept)})
        model._base_manager.filter(**{column: dropped}).update(**{column: kept})
    join_same_points(kept)
    _join_rows(kept, dropped, wishes, keeps_number=double.are_both_listed)
    language_told.send(Guardian, guardian=kept)  # what waited for the other one too
    audit.record_reading(
        actor=by,
        verb="joined guardians",
        target=kept,
        pupils=pupils,
        guardians=[kept.pk],
        school_id=school.pk,
        joined=dropped.pk,
    )
    return kept


def _join_told(row: ConferenceReminder | ConferenceChange, kept: Guardian) -> None:
    """One of two rows that say that the same thing is told: it was, when either says so."""
    if row.told_at is not None:
        own = type(row)._base_manager.filter(slot=row.slot_id, sequence=row.sequence, guardian=kept)
        own.filter(told_at__isnull=True).update(told_at=row.told_at)
    row.delete()


def _join_ties(kept: Guardian, dropped: Guardian) -> None:
    """Where both answer for a child on the same days, one row covers the days of both."""
    own = list(Guardianship.objects.filter(guardian=kept))
    for other in Guardianship.objects.filter(guardian=dropped):
        same = next((tie for tie in own if tie.pupil_id == other.pupil_id and tie.overlaps(other)), None)
        if same is None:
            Guardianship.objects.filter(pk=other.pk).update(guardian=kept)
            continue
        other.delete()
        ends = [tie.ends_on for tie in (same, other)]
        same.starts_on = min(same.starts_on, other.starts_on)
        same.ends_on = None if None in ends else max(day for day in ends if day is not None)
        same.relation = same.relation or other.relation
        if same.basis_seen_on is None:
            same.basis_seen_by, same.basis_seen_on = other.basis_seen_by, other.basis_seen_on
        same.save(update_fields=["starts_on", "ends_on", "relation", "basis_seen_by", "basis_seen_on"])


def _join_points(kept: Guardian, dropped: Guardian) -> None:
    """A number that only these two used is no shared one any more."""
    both = ContactPointUse.objects.filter(guardian=kept).values("contact_point_id")
    double = ContactPointUse.objects.filter(guardian=dropped, contact_point_id__in=both)
    points = list(double.values_list("contact_point_id", flat=True))
    double.delete()
    ContactPoint.objects.left_to_one(points)


def join_same_points(guardian: Guardian) -> None:
    """One number or address that stands in two rows becomes one row, or what is sent would come twice. Where others use
    it, theirs stays: it is read along there."""
    others = Exists(ContactPointUse.objects.filter(contact_point_id=OuterRef("pk")).exclude(guardian=guardian))
    found: dict[tuple[str, str], list[ContactPoint]] = defaultdict(list)
    points = ContactPoint.objects.usable().filter(uses__guardian=guardian).exclude(value="")
    for point in points.annotate(has_others=others).order_by("pk"):
        found[point.kind, point.value.casefold()].append(point)
    for same in found.values():
        stays, *rest = sorted(same, key=_which_stays)
        for double in rest:
            _fold(double, stays, guardian)


def _which_stays(point: Any) -> tuple[bool, bool, int]:
    return not point.has_others, point.verified_on is None, point.pk


def _fold(point: Any, stays: ContactPoint, guardian: Guardian) -> None:
    ranks = ContactPointUse.objects.filter(guardian=guardian, contact_point__in=(point, stays))
    ContactPointUse.objects.filter(guardian=guardian, contact_point=stays).update(
        rank=min(ranks.values_list("rank", flat=True))
    )
    ContactPointUse.objects.filter(guardian=guardian, contact_point=point).delete()
    if point.has_others:
        return
    if point.verified_on is not None and (stays.verified_on is None or stays.verified_on < point.verified_on):
        stays.verified_on = point.verified_on
    stays.valid_from = min(stays.valid_from, point.valid_from)
    stays.save(update_fields=["verified_on", "valid_from"])
    for relation in ContactPoint._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many:
            column = relation.field.name  # type: ignore[union-attr]
            relation.related_model._base_manager.filter(**{column: point}).update(**{column: stays})  # type: ignore[union-attr]
    ContactPoint.objects.filter(pk=point.pk).delete()


def _join_rows(kept: Guardian, dropped: Guardian, wishes: Wishes, *, keeps_number: bool) -> None:
    """What the one row says and the other does not; then the other says nothing any more, but the number by which a
    list of the same system knows it (``parents.roster.known``)."""
    source = (kept.source_system, kept.source_id) if kept.source_id else (dropped.source_system, dropped.source_id)
    if kept.language_confirmed_on is None and dropped.language_confirmed_on is not None:
        kept.contact_language = dropped.contact_language
        kept.language_confirmed_on = dropped.language_confirmed_on
    kept.reading_mode, kept.preferred_channel, kept.wants_digest = wishes
    kept.household = kept.household or dropped.household
    kept.second_language = kept.second_language or dropped.second_language
    said = (kept.reading_confirmed_on, dropped.reading_confirmed_on)
    kept.reading_confirmed_on = max((day for day in said if day is not None), default=None)
    kept.privacy_shown_on = kept.privacy_shown_on or dropped.privacy_shown_on
    kept.first_question_on = kept.first_question_on or dropped.first_question_on
    Guardian.objects.filter(merged_into=dropped).update(
        merged_into=kept
    )  # who was taken in before stays the same person
    dropped.first_name = dropped.last_name = ""
    if not keeps_number:
        dropped.source_system = dropped.source_id = ""
    left, dropped.household, dropped.merged_into = dropped.household_id, None, kept
    dropped.save(update_fields=["first_name", "last_name", "source_system", "source_id", "household", "merged_into"])
    kept.source_system, kept.source_id = source
    kept.save(
        update_fields=[
            "source_system",
            "source_id",
            "contact_language",
            "language_confirmed_on",
            "reading_mode",
            "reading_confirmed_on",
            "household",
            "second_language",
            "preferred_channel",
            "wants_digest",
            "privacy_shown_on",
            "first_question_on",
        ]
    )
    if left is not None:
        Household.objects.filter(pk=left, guardians__isnull=True).delete()
