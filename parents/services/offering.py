"""Keeps the queue of possible families: what is found is offered once, what was refused only with something new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from parents.models import FamilyMatch, FamilyMerge, MatchState
from parents.samefamily.facts import names_of, score, stored
from parents.samefamily.finding import Pair, pairs_of_projects
from schools import clock

_BATCH = 500


@transaction.atomic
def offer_same_families() -> int:
    """Lay pairs of families that may be one before the joint workers; returns how many wait for a decision. Safe to
    repeat, and beside a decision that is made meanwhile: only what is still open changes."""
    shared = pairs_of_projects()
    known = {(row.first_id, row.second_id): row for row in FamilyMatch.objects.all()}
    _name_anew(known.values(), names_of({fact for facts in shared.values() for fact in facts}))
    found = {pair: sorted(stored(fact) for fact in facts) for pair, facts in shared.items()}
    refused = _refused(known)
    worth = {pair: facts for pair, facts in found.items() if not refused[pair].issuperset(facts)}
    _take_back([row for pair, row in known.items() if row.state == MatchState.OPEN and pair not in worth])
    changed = []
    for pair, facts in worth.items():
        row = known.get(pair)
        if row is None or (row.state == MatchState.OPEN and row.facts == facts) or row.state == MatchState.SAME:
            continue
        row.facts, row.score = facts, score(facts)
        changed.append(row)
    FamilyMatch.objects.bulk_update(changed, ["facts", "score"], batch_size=_BATCH)
    again = [row.pk for row in changed if row.state == MatchState.DIFFERENT]
    FamilyMatch.objects.filter(pk__in=again, state=MatchState.DIFFERENT).update(
        state=MatchState.OPEN, found_at=clock.now()
    )
    new = [
        FamilyMatch(first_id=first, second_id=second, score=score(facts), facts=facts, found_at=clock.now())
        for (first, second), facts in worth.items()
        if (first, second) not in known
    ]
    FamilyMatch.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    return FamilyMatch.objects.filter(state=MatchState.OPEN).count()


def _name_anew(rows: Iterable[FamilyMatch], names: dict[str, str]) -> None:
    """What was refused under a key of before is refused under today's."""
    changed = []
    for row in rows:
        refused = sorted({names.get(fact, fact) for fact in row.refused})
        if refused != row.refused:
            row.refused = refused
            changed.append(row)
    FamilyMatch.objects.bulk_update(changed, ["refused"], batch_size=_BATCH)


def _refused(known: dict[Pair, FamilyMatch]) -> dict[Pair, set[str]]:
    """With which facts each pair was refused; a family that joined another brings what was said of it along."""
    now_in = dict(FamilyMerge.objects.standing().values_list("joined_id", "kept_id"))

    def standing(family: int) -> int:
        while family in now_in:
            family = now_in[family]
        return family

    refused: dict[Pair, set[str]] = defaultdict(set)
    for pair, row in known.items():
        first, second = sorted(standing(family) for family in pair)
        refused[first, second].update(row.refused)
    return refused


def _take_back(rows: list[FamilyMatch]) -> None:
    """What is not found any more is not asked; what was refused before stays so."""
    waiting = FamilyMatch.objects.filter(state=MatchState.OPEN)
    waiting.filter(pk__in=[row.pk for row in rows if not row.refused]).delete()
    waiting.filter(pk__in=[row.pk for row in rows if row.refused]).update(state=MatchState.DIFFERENT)
