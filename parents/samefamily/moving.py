"""Moves what belongs to a family to another, and back. Every table that refers to a family, known or to come.

A row that the other family has already (one line of attendance) stays where it is: it says nothing that is not said
there, and comes back into sight with its family. A model that keeps one row of each family standing among several says
so with ``lay_aside`` and ``let_latest_stand``: both families' rows move, and the latest stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint

from parents.models import Family, FamilyMatch, FamilyMembership, FamilyMerge, Guardianship, LegalHold, MergedChild
from schools.models import Enrolment

#: What is about two families stays with both.
_ABOUT_TWO = (FamilyMatch, FamilyMerge, MergedChild)


def holders() -> Iterator[tuple[type[Model], str]]:
    """Each model and column that says whose family a row is."""
    for relation in Family._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and relation.related_model not in _ABOUT_TWO:
            yield relation.related_model, relation.field.name  # type: ignore[misc,union-attr]


def move(source: Family, target: Family) -> dict[str, dict[str, Any]]:
    """Give everything of one family to another. Says by table which rows moved, and which the target had before: with
    neither, a row came since. Numbers do not tell, for a lower one may be written later."""
    moved: dict[str, dict[str, Any]] = {}
    for model, column in holders():
        _lay_aside(model, source, target)
        own = list(model._base_manager.filter(**{column: target}).order_by("pk").values_list("pk", flat=True))
        ids = list(_free(model, column, source, target).order_by("pk").values_list("pk", flat=True))
        model._base_manager.filter(pk__in=ids).update(**{column: target})
        _let_latest_stand(model, source, target)
        moved[model._meta.label] = {"ids": ids, "own": own}
    return moved


def move_back(merge: FamilyMerge) -> None:
    """Give the joined family its rows back, and what came since and is about its people alone. The merge must be noted
    as undone before: what is written for a joined family goes to the other one (``parents.guards``)."""
    _copy_holds(LegalHold.objects.filter(pk__in=_since(LegalHold, "family", merge).values("pk")), merge.joined)
    _give_back(merge)


def bring_stragglers(merge: FamilyMerge) -> None:
    """What was written while two families were parted, by who had read before that they were one."""
    _give_back(merge)


def _give_back(merge: FamilyMerge) -> None:
    people = _People(merge, _pupils(merge))
    for model, column in holders():
        theirs = set(_note(model, merge)["ids"])
        if model is not LegalHold:
            theirs |= {row.pk for row in _since(model, column, merge) if people.own(row)}
        if not theirs:
            continue
        _lay_aside(model, merge.kept, merge.joined)
        free = _free(model, column, merge.kept, merge.joined)
        free.filter(pk__in=theirs).update(**{column: merge.joined})
        _let_latest_stand(model, merge.kept, merge.joined)


def _note(model: type[Model], merge: FamilyMerge) -> dict[str, list[int]]:
    """Which rows of a table moved, and which the family that stayed had before."""
    note: dict[str, list[int]] = merge.moved.get(model._meta.label, {})
    return {"ids": note.get("ids", []), "own": note.get("own", [])}


def _since(model: type[Model], column: str, merge: FamilyMerge) -> QuerySet[Any]:
    """Rows of the family that stayed which neither of the two had when they were joined."""
    note = _note(model, merge)
    rows = model._base_manager.filter(**{column: merge.kept})
    return rows.exclude(pk__in=[*note["ids"], *note["own"]]).order_by("pk")


def _lay_aside(model: Any, *families: Family) -> None:
    if hasattr(model, "lay_aside"):
        model.lay_aside(*families)


def _let_latest_stand(model: Any, *families: Family) -> None:
    if hasattr(model, "let_latest_stand"):
        model.let_latest_stand(*families)


def _free(model: type[Model], column: str, source: Family, target: Family) -> QuerySet[Any]:
    """The rows of a family that the other does not have in its own way."""
    rows = model._base_manager.filter(**{column: source})
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and column in constraint.fields:
            same = {name: OuterRef(name) for name in constraint.fields if name != column}
            limit = constraint.condition or Q()
            taken = Exists(model._base_manager.filter(limit, **{column: target}, **same))
            rows = rows.exclude(taken, pk__in=model._base_manager.filter(limit, **{column: source}).values("pk"))
    return rows


def _copy_holds(rows: QuerySet[LegalHold], joined: Family) -> None:
    """A hold on the one family was a hold on both: it holds both further."""
    copies = list(rows)
    for row in copies:
        row.pk, row.family = None, joined
    LegalHold.objects.bulk_create(copies)


def _pupils(merge: FamilyMerge) -> set[int]:
    """The children of the joined family: those who came with it, and who came since and are its guardians'."""
    moved = _note(FamilyMembership, merge)["ids"]
    theirs = set(FamilyMembership.objects.filter(pk__in=moved).values_list("pupil_id", flat=True))
    new = set(_since(FamilyMembership, "family", merge).values_list("pupil_id", flat=True)) - theirs
    rest = FamilyMembership.objects.filter(family=merge.kept).exclude(pupil_id__in=theirs | new)
    adults = _guardians(theirs)
    others = _guardians(set(rest.values_list("pupil_id", flat=True)))
    return theirs | {pupil for pupil in new if _first_of_one(pupil, adults ^ others) in adults}


def _first_of_one(pupil: int, of_one: set[int]) -> int | None:
    """The guardian whom the school wrote down first for a child, of those who belong to one of two families only: a
    stepfather of both comes after the mother, and says nothing."""
    ties = Guardianship.objects.filter(pupil_id=pupil, guardian_id__in=of_one)
    return ties.order_by("pk").values_list("guardian_id", flat=True).first()


def _guardians(pupils: set[int]) -> set[int]:
    return set(Guardianship.objects.filter(pupil_id__in=pupils).values_list("guardian_id", flat=True))


class _People:
    """Whether a row that came since is about people of the joined family alone."""

    def __init__(self, merge: FamilyMerge, pupils: set[int]) -> None:
        rest = FamilyMembership.objects.filter(family=merge.kept).exclude(pupil_id__in=pupils)
        others = set(rest.values_list("pupil_id", flat=True))
        self.pupils = pupils
        self.guardians = _guardians(pupils) - _guardians(others)
        self.schools = _schools(pupils) - _schools(others)

    def own(self, row: Any) -> bool:
        """By its children; else by its guardians; else by its school."""
        for pupils in (_ids(row, "pupil"), _ids(row, "pupils"), _ids(row, "slot", "pupil"), _ids(row, "notice_pupils")):
            if pupils:
                return pupils <= self.pupils
        for guardians in (_ids(row, "guardian"), _ids(row, "guardians")):
            if guardians:
                return guardians <= self.guardians
        return getattr(row, "school_id", None) in self.schools


def _schools(pupils: set[int]) -> set[int]:
    return set(Enrolment.objects.filter(pupil_id__in=pupils).values_list("school_id", flat=True))


def _ids(row: Any, *path: str) -> set[int]:
    """The keys that a row's column, or several rows behind it, name."""
    name, *rest = path
    value = getattr(row, name, None)
    if value is None:
        return set()
    if rest:
        return _ids(value, *rest)
    if name == "notice_pupils":
        return set(value.values_list("pupil_id", flat=True))
    return set(value.values_list("pk", flat=True)) if hasattr(value, "values_list") else {value.pk}
