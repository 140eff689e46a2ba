"""Two rows for one parent: who of them stays, what stands in the way, and what would go along. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint
from django.utils.translation import gettext as _

from parents.models import (
    ConferenceChange,
    ConferenceReminder,
    ContactPointUse,
    DataRequest,
    Guardian,
    Guardianship,
    ReadingMode,
)
from schools import clock
from schools.models import AuditEntry, Enrolment, School

#: Columns of a guardianship that must be equal where two of them are about the same days.
RIGHTS = ("authority", "information_right", "may_receive", "may_decide")
_UNDER_WAY = ("QUEUED", "SENDING")
#: That the portal told something: told to both rows, it was told to the one person.
TOLD: tuple[type[Model], ...] = (ConferenceReminder, ConferenceChange)


def folds(model: type[Model]) -> bool:
    """Whether two rows of it that say the same of the one person become one (``fold``)."""
    return hasattr(model, "fold")


@dataclass(frozen=True, slots=True)
class Double:
    """``kept`` takes in ``dropped``. With ``why_not`` it cannot; each sentence says what to do."""

    kept: Guardian
    dropped: Guardian
    why_not: list[str]
    points: int = 0
    rows: int = 0
    children: list[str] = field(default_factory=list)

    @property
    def are_both_listed(self) -> bool:
        """The school's own system holds both: with each list the second one is known as the first."""
        kept, dropped = self.kept, self.dropped
        return bool(kept.source_id and dropped.source_id and kept.source_system == dropped.source_system)


def holders_of_guardians() -> Iterator[tuple[type[Model], str]]:
    """Each model and column that names a guardian, lists of them included; a guardian's own row aside."""
    for relation in Guardian._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and relation.related_model is not Guardian:
            yield relation.related_model, relation.field.name  # type: ignore[misc,union-attr]


def doubled(first: Guardian, second: Guardian, school: School) -> Double:
    """What joining these two comes to, as a school sees it."""
    kept, dropped = sorted((first, second), key=_rank)
    moving = {
        model: model._base_manager.filter(**{column: dropped}).count() for model, column in holders_of_guardians()
    }
    points, ties = moving.pop(ContactPointUse), moving.pop(Guardianship)
    about = Guardianship.objects.filter(guardian=dropped).select_related("pupil").order_by("pk")
    return Double(
        kept=kept,
        dropped=dropped,
        why_not=list(_why_not(kept, dropped, school)),
        points=points,
        rows=sum(moving.values()),
        children=list(dict.fromkeys(tie.pupil.full_name for tie in about)) if ties else [],
    )


def same_name(first: Guardian, second: Guardian) -> bool:
    return first.full_name.casefold() == second.full_name.casefold()


class Wishes(NamedTuple):
    """How a guardian likes to read and be reached."""

    reading_mode: str
    preferred_channel: str
    wants_digest: bool


def wishes_of(kept: Guardian, dropped: Guardian) -> Wishes:
    """What holds for one parent who stood twice: the parent's own last word, in whichever row it was said. Without one,
    the way of reading that leaves nobody out, and a wish that only one of the rows knows."""
    reader = _last_to_choose("chose how to be reached", kept, dropped) or _last_to_confirm(kept, dropped)
    weekly = _last_to_choose("chose weekly mail", kept, dropped)
    both = (kept, dropped)
    return Wishes(
        reader.reading_mode if reader else max((one.reading_mode for one in both), key=ReadingMode.values.index),
        reader.preferred_channel if reader else kept.preferred_channel or dropped.preferred_channel,
        weekly.wants_digest if weekly else kept.wants_digest or dropped.wants_digest,
    )


def _last_to_choose(verb: str, kept: Guardian, dropped: Guardian) -> Guardian | None:
    """The row in which the parent chose last, as the access log knows; what a row took in counts as its own."""
    now: dict[int | None, Guardian] = {kept.pk: kept, dropped.pk: dropped}
    for pk, into in Guardian.objects.filter(merged_into__in=(kept, dropped)).values_list("pk", "merged_into_id"):
        now[pk] = now[into]
    chosen = AuditEntry.objects.filter(target_kind="parents.guardian", verb=verb, target_id__in=list(now))
    last = chosen.order_by("-at", "-pk").values_list("target_id", flat=True).first()
    return now.get(last)


def _last_to_confirm(*both: Guardian) -> Guardian | None:
    """The row in which the parent said last how they read, as the rows know; they know longer than the access log."""
    said = [(one.reading_confirmed_on, one) for one in both if one.reading_confirmed_on is not None]
    return max(said, key=lambda pair: pair[0])[1] if said else None


def joined_before(school: School, first: int, second: int) -> bool:
    """Whether one of the two, who answers for a child of the school, took the other in."""
    pair = Guardian.objects.filter(pk=first, merged_into=second) | Guardian.objects.filter(pk=second, merged_into=first)
    here = Enrolment.objects.current().filter(school=school).values("pupil_id")
    ties = Guardianship.objects.current().filter(pupil_id__in=here, guardian_id__in=pair.values("merged_into_id"))
    return ties.exists()


def clashes(model: type[Model], column: str, kept: Guardian, dropped: Guardian) -> QuerySet[Any]:
    """Rows of the one whose place the other has already."""
    rows, clash = model._base_manager.filter(**{column: dropped}), Q(pk__in=[])
    sets = [(one.fields, one.condition) for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    sets += [(fields, None) for fields in model._meta.unique_together]
    for fields, condition in sets:
        if column in fields:
            same = {name: OuterRef(name) for name in fields if name != column}
            taken = model._base_manager.filter(**{column: kept}, **same)
            limit = condition or Q()
            clash |= Q(Exists(taken.filter(limit)), pk__in=model._base_manager.filter(limit).values("pk"))
    return rows.filter(clash)


def _rank(guardian: Guardian) -> tuple[Any, ...]:
    """Who comes first stays: with a confirmed address, a language of one's own word, the school's own number."""
    return (
        not _proven(guardian),
        guardian.language_confirmed_on is None,
        not guardian.source_id,
        guardian.pk,
    )


def _proven(guardian: Guardian) -> set[tuple[str, str]]:
    """Numbers and addresses at which somebody opened a code."""
    uses = ContactPointUse.objects.filter(guardian=guardian, contact_point__verified_on__isnull=False)
    return set(uses.values_list("contact_point__kind", "contact_point__value"))


def _why_not(kept: Guardian, dropped: Guardian, school: School) -> Iterator[str]:
    ids = [kept.pk, dropped.pk]
    if not _are_of(school, ids):
        yield _("These two cannot be joined by a school alone. Ask the CLB.")
    if DataRequest.objects.filter(guardian__in=ids, decided_at=None).exists() or _restricted(kept, dropped):
        yield _("A parent asked something about these data, or does not want to be contacted. Decide on that first.")
    if _proven(kept) - _proven(dropped) and _proven(dropped) - _proven(kept):
        yield _("Both confirmed a number or address of their own: they may be two people. Ask them.")
    if _confirmed_otherwise(kept, dropped):
        yield _("Each chose another language. Ask which one is right.")
    if kept.household and dropped.household and str(kept.household) != str(dropped.household):
        yield _("They live at different addresses. Ask which one is right, and mend it first.")
    if not _rights_agree(kept, dropped):
        yield _("For one child they have different rights. Ask who decides and who is informed, and mend it first.")
    if _both_said(kept, dropped):
        yield _("Both agreed to, signed up for, or are to get the same thing. Look at it with the parent first.")


def _are_of(school: School, guardians: list[int]) -> bool:
    """Whether they answer for children of this school only: of others, and of those who went on to another one, it
    must not learn."""
    ever = Guardianship.objects.filter(guardian__in=guardians)
    of_school = Enrolment.objects.filter(school=school).values("pupil_id")
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    elsewhere = Enrolment.objects.exclude(school=school).filter(goes_on).values("pupil_id")
    return not ever.filter(~Q(pupil_id__in=of_school) | Q(pupil_id__in=elsewhere)).exists()


def _restricted(kept: Guardian, dropped: Guardian) -> bool:
    return any(one.restricted_on is not None or not one.may_be_contacted for one in (kept, dropped))


def _confirmed_otherwise(kept: Guardian, dropped: Guardian) -> bool:
    both = kept.language_confirmed_on is not None and dropped.language_confirmed_on is not None
    return both and kept.contact_language != dropped.contact_language


def _rights_agree(kept: Guardian, dropped: Guardian) -> bool:
    """Where both answer for a child on the same days, it is with the same rights, and one row each says so."""
    ties: dict[int, list[Guardianship]] = defaultdict(list)
    for tie in Guardianship.objects.filter(guardian__in=(kept, dropped)):
        ties[tie.pupil_id].append(tie)
    for rows in ties.values():
        for one in (row for row in rows if row.guardian_id == kept.pk):
            for other in (row for row in rows if row.guardian_id == dropped.pk):
                if one.overlaps(other) and (len(rows) > 2 or any(getattr(one, x) != getattr(other, x) for x in RIGHTS)):
                    return False
    return True


def _both_said(kept: Guardian, dropped: Guardian) -> bool:
    for model, column in holders_of_guardians():
        if model in (ContactPointUse, Guardianship, *TOLD) or model._meta.auto_created or folds(model):
            continue
        rows = clashes(model, column, kept, dropped)
        if _has_rounds(model):
            rows = rows.filter(status__in=_UNDER_WAY)
        if rows.exists():
            return True
    return False


def _has_rounds(model: type[Model]) -> bool:
    """What was sent once more is the next round: a second row finds its place there (rulings 2)."""
    kinds = {item.name: item.get_internal_type() for item in model._meta.fields}
    return kinds.get("round", "").endswith("IntegerField")


def next_round(row: Any, column: str, kept: Guardian) -> int:
    """The first round that is free for a row that clashes."""
    constraint = next(
        one for one in row._meta.constraints if isinstance(one, UniqueConstraint) and "round" in one.fields
    )
    same = {name: getattr(row, name) for name in constraint.fields if name not in (column, "round")}
    taken = set(type(row)._base_manager.filter(**{f"{column}__in": (kept.pk, row.guardian_id)}, **same).values_list(
        "round", flat=True))  # fmt: skip
    return max(taken, default=0) + 1
