"""What parents answer to the notices of the world."""

from __future__ import annotations

from ingroeibloei.demo.world import World
from messaging.models import Answer
from messaging.readers import families_answered_for
from parents.models import Guardian

FIRST_ANSWER_SHARE = 0.7


def one_for_each_family(answers: list[Answer]) -> list[Answer]:
    """Where a notice asks one answer of each family, the first one given is the family's."""
    answered_for = families_answered_for(
        {row.notice_id: row.notice for row in answers}.values(), {row.guardian_id for row in answers}
    )
    kept, known = [], set[tuple[int, int]]()
    for row in sorted(answers, key=lambda row: row.answered_at):
        families = answered_for.get((row.notice_id, row.guardian_id), [])
        open_ones = [family for family in families if (row.notice_id, family) not in known]
        if families and not open_ones:
            continue
        row.family_id = open_ones[0] if open_ones else None
        known |= {(row.notice_id, family) for family in open_ones[:1]}
        kept.append(row)
    return kept


def chosen(world: World, keys: list[str], guardian: Guardian) -> str:
    """Mostly the first, kindest answer; with an interpreter where that is offered and needed."""
    wished = [key for key in keys if "interpreter" in key and guardian.contact_language not in ("nl", "fr", "en")]
    if wished and world.chance(0.6):
        return wished[0]
    others = [key for key in keys[1:] if "interpreter" not in key]
    return keys[0] if not others or world.chance(FIRST_ANSWER_SHARE) else world.rng.choice(others)
