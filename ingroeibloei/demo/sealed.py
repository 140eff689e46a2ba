"""A handful of CLB-only notes, sealed with the key of their centre."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.lines import CLB_NOTES
from ingroeibloei.demo.world import World, write
from parents.models import CLBNote
from parents.models.kinds import ContactKind
from parents.sealing import has_key, make_key, seal
from schools.models import CLBCentre, School, User

NOTES_OF_CENTRE = 3


def build(world: World) -> None:
    """Notes of each centre's own staff at talks with the CLB, and of the joint worker for each centre."""
    for centre in world.centres.values():
        if not has_key(centre):
            make_key(centre)
    rows = []
    for key, centre in world.centres.items():
        rows += _notes(world, centre, world.cast[f"clb-{key}"], (ContactKind.CLB_TALK,))
        rows += _notes(world, centre, world.cast["gezamenlijke"], (ContactKind.HOME_VISIT,))
    write(CLBNote, rows)


def _notes(world: World, centre: CLBCentre, author: User, kinds: tuple[ContactKind, ...]) -> list[CLBNote]:
    schools: list[School] = [school for school in world.schools.values() if school.clb == centre]
    moments = [
        row
        for row, _, _ in world.moments
        if row.kind in kinds and row.recorded_by == author and row.school in schools and row.is_reach
    ]
    notes = []
    for moment in world.rng.sample(moments, min(NOTES_OF_CENTRE, len(moments))):
        uid = world.uuid()
        number, sealed = seal(world.rng.choice(CLB_NOTES), centre, uid)
        notes.append(
            CLBNote(
                uid=uid,
                contact_moment=moment,
                centre=centre,
                key_number=number,
                sealed=sealed,
                author=author,
                written_at=moment.recorded_at + timedelta(minutes=5),
            )
        )
    return notes
