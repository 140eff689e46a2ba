"""The joint worker's decisions about families that may be one (rulings 13). Rights of guardians never change by them:
what a guardian may know hangs on each child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from parents.models import Family, FamilyMatch, FamilyMembership, FamilyMerge, MatchState, MergedChild
from parents.models.samefamily import undoable_since
from parents.samefamily.moving import bring_stragglers, move, move_back
from parents.services.contacts import regroup_talks
from schools import audit, clock, languages
from schools.models import User

#: A transaction that began before two families were parted has ended by then.
_SETTLED_AFTER = timedelta(days=2)


@transaction.atomic
def join_families(*, match: FamilyMatch, by: User) -> FamilyMerge:
    """The two families of a pair are one: the one whose row came first takes in the other with all that belongs to it,
    its past included. Raises ValidationError when the pair was decided, or one of them is no family any more."""
    kept, joined = _locked(match.first_id, match.second_id)
    _decide(match, MatchState.SAME, by)
    if not all(FamilyMembership.objects.current().filter(family=family).exists() for family in (kept, joined)):
        raise ValidationError(_("One of these families has no children any more. Nothing was changed."))
    return become_one(kept=kept, joined=joined, by=by)


@transaction.atomic
def become_one(*, kept: Family, joined: Family, by: User) -> FamilyMerge:
    """The one takes in the other, whoever found that they are one."""
    kept, joined = _locked(kept.pk, joined.pk)
    language = kept.home_language
    came = {pupil: family for family in (kept, joined) for pupil in _pupils(family)}
    moved = move(joined, kept)
    if language == languages.UNKNOWN_LANGUAGE and joined.home_language:
        kept.home_language = joined.home_language
        kept.save(update_fields=["home_language"])
    regroup_talks([kept.pk])
    merge = FamilyMerge.objects.create(
        kept=kept, joined=joined, kept_language=language, moved=moved, at=clock.now(), by=by
    )
    MergedChild.objects.bulk_create(
        MergedChild(merge=merge, family=family, pupil_id=pupil) for pupil, family in came.items()
    )
    audit.record_reading(actor=by, verb="joined families", target=kept, pupils=set(came), joined=joined.pk)
    return merge


@transaction.atomic
def keep_apart(*, match: FamilyMatch, by: User) -> None:
    """They are two families: what they share now does not bring the question back. Raises ValidationError when the
    pair was decided."""
    _decide(match, MatchState.DIFFERENT, by)
    row = FamilyMatch.objects.get(pk=match.pk)
    row.refused = sorted({*row.refused, *row.facts})
    row.save(update_fields=["refused"])
    pupils = _pupils(row.first, row.second)
    audit.record_reading(actor=by, verb="kept families apart", target=row.first, pupils=pupils, other=row.second_id)


@transaction.atomic
def ask_again(*, match: FamilyMatch, by: User, since: datetime) -> None:
    """That they are two families was a slip: the pair waits for a decision, as if nobody had said anything. Raises
    ValidationError for what ``by`` did not say since then, or took back already."""
    apart = FamilyMatch.objects.kept_apart_by(by, since).filter(pk=match.pk).order_by()
    if not apart.update(state=MatchState.OPEN, refused=[], decided_at=None, decided_by=None):
        raise ValidationError(_("This can no longer be undone."))
    pupils = _pupils(match.first, match.second)
    audit.record_reading(actor=by, verb="asked again", target=match.first, pupils=pupils, other=match.second_id)


@transaction.atomic
def undo_join(*, merge: FamilyMerge, by: User) -> None:
    """Two families again, as before; what came since goes to the family whose people it is about. Raises
    ValidationError after UNDO_DAYS, when it was undone, and while the family was joined with another since."""
    kept, joined = _locked(merge.kept_id, merge.joined_id)
    row = FamilyMerge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at is not None or row.at < undoable_since():
        raise ValidationError(_("This can no longer be undone."))
    involved = Q(kept_id__in=(kept.pk, joined.pk)) | Q(joined_id__in=(kept.pk, joined.pk))
    if FamilyMerge.objects.standing().filter(involved, pk__gt=row.pk).exists():
        raise ValidationError(_("This family was joined with another one since. Undo that first."))
    row.kept, row.joined = kept, joined
    pupils = _pupils(kept)
    row.undone_at, row.undone_by = clock.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    move_back(row)
    if kept.home_language != row.kept_language and kept.home_language == joined.home_language:
        kept.home_language = row.kept_language
        kept.save(update_fields=["home_language"])
    regroup_talks([kept.pk, joined.pk])
    first, second = sorted((kept.pk, joined.pk))
    # Who decided stays: what was refused before is put away again when nothing more is shared (``offering``).
    FamilyMatch.objects.filter(first_id=first, second_id=second, state=MatchState.SAME).update(state=MatchState.OPEN)
    audit.record_reading(actor=by, verb="parted families", target=kept, pupils=pupils, joined=joined.pk)


@transaction.atomic
def settle_parted_families() -> None:
    """What somebody wrote for a family in the moment in which it was parted goes to whose people it is about."""
    lately = FamilyMerge.objects.filter(undone_at__gte=clock.now() - _SETTLED_AFTER).select_related("kept", "joined")
    for merge in lately:
        _locked(merge.kept_id, merge.joined_id)
        bring_stragglers(merge)
        regroup_talks([merge.kept_id, merge.joined_id])


def _locked(*ids: int) -> list[Family]:
    """The rows of the families, in the order asked for: nobody else joins or parts them meanwhile, nor writes anything
    for them (``parents.guards``). They are written, so that a roster that saw them as they were before begins anew."""
    rows = {row.pk: row for row in Family.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    Family.objects.filter(pk__in=ids).update(home_language=F("home_language"))
    return [rows[pk] for pk in ids]


def _decide(match: FamilyMatch, state: MatchState, by: User) -> None:
    waiting = FamilyMatch.objects.filter(pk=match.pk, state=MatchState.OPEN)
    if not waiting.update(state=state, decided_at=clock.now(), decided_by=by):
        raise ValidationError(_("Somebody decided this already."))


def _pupils(*families: Family) -> Iterable[int]:
    members = FamilyMembership.objects.filter(family__in=families)
    return set(members.values_list("pupil_id", flat=True))
