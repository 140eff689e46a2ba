"""One child who stands twice at a school becomes one: everything goes along, and for some weeks it can be undone."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from parents.doublepupils import (
    PERIODS,
    doubled_pupil,
    family_to_join,
    holders_of_pupils,
    is_untouched,
    pieces,
    rival_of,
    said_already,
)
from parents.doubles import clashes
from parents.models import ConferenceSlot, Guardian, Guardianship, PupilMerge
from parents.models.samefamily import undoable_since
from parents.services.joining import become_one, undo_join
from schools import audit, clock
from schools.models import Pupil, School, User


@transaction.atomic
def join_pupils(*, kept: Pupil, joined: Pupil, school: School, by: User) -> PupilMerge:
    """The row that stays takes in the other with all that belongs to it. The other stays behind with its number, by
    which the next list finds the one that stays. Raises ValidationError with every reason when it may not be."""
    own, other = _locked(kept.pk, joined.pk)
    if own is None or other is None or own.merged_into_id or other.merged_into_id:
        raise ValidationError(_("Somebody joined these two meanwhile. Nothing was changed."))
    double = doubled_pupil(own, other, school)
    if double.why_not:
        raise ValidationError(double.why_not)
    families = family_to_join(own, other)
    ties = Guardianship.objects.filter(pupil__in=(own, other))
    guardians = sorted(set(ties.values_list("guardian_id", flat=True)))
    notes = _Notes()
    for model in PERIODS:
        _join_periods(model, own, other, notes)
    for model, column in holders_of_pupils():
        if model not in PERIODS:
            _join_rows(model, column, own, other, notes)
    numbers = [[row.source_system, row.source_id] for row in (own, other)]
    _join_numbers(own, other)
    family_merge = become_one(kept=families[0], joined=families[1], by=by) if families else None
    merge = PupilMerge.objects.create(
        school=school, kept=own, joined=other, family_merge=family_merge, moved=dict(notes.moved), aside=notes.aside,
        made=dict(notes.made), numbers=numbers, guardians=guardians, at=clock.now(), by=by,
    )  # fmt: skip
    audit.record_reading(
        actor=by, verb="joined pupils", target=own, pupils=[own.pk], school_id=school.pk, joined=other.pk
    )
    return merge


@transaction.atomic
def part_pupils(*, merge: PupilMerge, by: User) -> None:
    """Two rows again, as before; what came since stays with the one that stayed. Raises ValidationError after
    UNDO_DAYS, when it was undone, once its parents were joined, and while one of the two was joined with another row
    since."""
    kept, joined = _locked(merge.kept_id, merge.joined_id)
    row = PupilMerge.objects.select_for_update(of=("self",)).select_related("family_merge").get(pk=merge.pk)
    if kept is None or joined is None or row.undone_at is not None or row.at < undoable_since():
        raise ValidationError(_("This can no longer be undone."))
    pair = (kept.pk, joined.pk)
    later = Q(kept_id__in=pair) | Q(joined_id__in=pair)
    if PupilMerge.objects.standing().filter(later, pk__gt=row.pk).exists():
        raise ValidationError(_("This child was joined with another row since. Undo that first."))
    if Guardian.objects.filter(pk__in=row.guardians, merged_into__isnull=False).exists():
        raise ValidationError(_("Parents of this child were joined since, so this can no longer be undone."))
    if row.family_merge is not None and row.family_merge.undone_at is None:
        undo_join(merge=row.family_merge, by=by)
    row.undone_at, row.undone_by = clock.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    Pupil.objects.filter(pk=joined.pk).update(merged_into=None)
    _part_numbers(row, kept, joined)
    _give_back(row, kept, joined)
    audit.record_reading(
        actor=by, verb="parted pupils", target=kept, pupils=list(pair), school_id=row.school_id, joined=joined.pk
    )


def _join_numbers(kept: Pupil, joined: Pupil) -> None:
    """The row that stays has a number, if either had. A second one of the same system stays with the row that was taken
    in, so that a list that holds both finds one child (``schools.roster.joined``)."""
    joined.merged_into = kept
    number = joined.source_system, joined.source_id
    if not kept.source_id or kept.source_system != joined.source_system:
        joined.source_system = joined.source_id = ""
    joined.save(update_fields=["merged_into", "source_system", "source_id"])
    if not kept.source_id:
        kept.source_system, kept.source_id = number
        kept.save(update_fields=["source_system", "source_id"])


def _part_numbers(merge: PupilMerge, kept: Pupil, joined: Pupil) -> None:
    """Each its own number again; one that a list gave the row that stayed since stays its own."""
    (_system, own), (system, number) = merge.numbers
    if not own and (kept.source_system, kept.source_id) == (system, number):
        Pupil.objects.filter(pk=kept.pk).update(source_system="", source_id="")
    if number and not Pupil.objects.filter(source_system=system, source_id=number).exclude(pk=joined.pk).exists():
        Pupil.objects.filter(pk=joined.pk).update(source_system=system, source_id=number)


class _Notes:
    """What was done, so that it can be undone."""

    def __init__(self) -> None:
        self.moved: dict[str, list[int]] = defaultdict(list)
        self.made: dict[str, list[int]] = defaultdict(list)
        self.aside: list[dict[str, Any]] = []

    def lay_aside(self, row: Any) -> None:
        """Take a row away and keep what it said."""
        self.aside += json.loads(serializers.serialize("json", [row]))
        row.delete()


def _locked(*ids: int) -> list[Pupil | None]:
    """The two rows, in the order asked for: nobody else joins or parts them meanwhile, nor writes anything for them
    (``schools.guards``). They are written, so that a roster that saw them as they were before begins anew."""
    rows = {row.pk: row for row in Pupil.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
    Pupil.objects.filter(pk__in=ids).update(first_name=F("first_name"))
    return [rows.get(pk) for pk in ids]


def _join_periods(model: type[Model], kept: Pupil, joined: Pupil, notes: _Notes) -> None:
    """A period on days of which the row that stays says nothing goes along; of one that shares days with its own only
    the other days do."""
    own: list[Any] = list(model._base_manager.filter(pupil=kept))
    for row in model._base_manager.filter(pupil=joined).order_by("starts_on", "pk"):
        same = said_already(row, own)
        if not same:
            model._base_manager.filter(pk=row.pk).update(pupil=kept)
            notes.moved[_place(model, "pupil")].append(row.pk)
            own.append(row)
            continue
        left = pieces(row, same)
        notes.lay_aside(row)
        for first, last in left:
            row.pk, row.pupil, row.starts_on, row.ends_on = None, kept, first, last  # type: ignore[attr-defined]
            row._state.adding = True
            row.save(force_insert=True)
            notes.made[model._meta.label].append(row.pk)


def _join_rows(model: type[Model], column: str, kept: Pupil, joined: Pupil, notes: _Notes) -> None:
    """Everything else: a second row that says the same is laid aside, of two places in a round the untouched one."""
    for row in clashes(model, column, kept, joined).order_by("pk"):  # type: ignore[arg-type]
        if isinstance(row, ConferenceSlot) and not is_untouched(row):
            notes.lay_aside(rival_of(row, kept))
        else:
            notes.lay_aside(row)
    rows = model._base_manager.filter(**{column: joined})
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if ids:
        model._base_manager.filter(pk__in=ids).update(**{column: kept})
        notes.moved[_place(model, column)] += ids


def _place(model: type[Model], column: str) -> str:
    return f"{model._meta.label}.{column}"


def _give_back(row: PupilMerge, kept: Pupil, joined: Pupil) -> None:
    for label, ids in row.made.items():
        apps.get_model(label)._base_manager.filter(pk__in=ids, pupil=kept).delete()
    for place, ids in row.moved.items():
        label, _dot, column = place.rpartition(".")
        model = apps.get_model(label)
        model._base_manager.filter(pk__in=ids, **{column: kept}).update(**{column: joined})
    for found in serializers.deserialize("python", row.aside):
        if _belongs_somewhere(found.object):
            found.save(force_insert=True)


def _belongs_somewhere(row: Any) -> bool:
    """Whether what the row hangs on is still there: a draft is thrown away, a round taken away."""
    links = [field for field in row._meta.concrete_fields if field.is_relation]
    return all(
        field.related_model._base_manager.filter(pk=value).exists()
        for field in links
        if (value := getattr(row, field.attname)) is not None
    )
