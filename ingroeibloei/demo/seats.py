"""Seats in classes, and how a family takes them."""

from __future__ import annotations

from ingroeibloei.demo.world import World
from schools.models import Level, School, SchoolClass

#: Pupils of a class by level; the class of the story is larger.
SIZES = {
    Level.K0: 7, Level.K1: 12, Level.K2: 13, Level.K3: 14, Level.L1: 15, Level.L2: 14, Level.L3: 15, Level.L4: 14,
    Level.L5: 15, Level.L6: 14,
}  # fmt: skip
STORY_SIZE = 20


class Seats:
    """Free seats by class."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.free: dict[SchoolClass, int] = {}
        for school, classes in world.classes.items():
            for row in classes:
                is_story = school == "kersenboom" and row.name == "3B"
                self.free[row] = STORY_SIZE if is_story else SIZES[Level(row.level)]

    @property
    def is_full(self) -> bool:
        return not any(self.free.values())

    def take_in(self, school: str, name: str) -> SchoolClass:
        """A seat in a named class."""
        row = self.world.class_named(school, name)
        self.free[row] -= 1
        return row

    def take(self, number: int, *, across: bool) -> list[SchoolClass]:
        """Seats for up to ``number`` siblings, each in another level; ``across``: the last one at another school."""
        rng = self.world.rng
        open_rows = [row for row, free in self.free.items() if free]
        taken = rng.choices(open_rows, [self.free[row] for row in open_rows])
        school = taken[0].school
        while len(taken) < number:
            is_far = across and len(taken) == number - 1
            rows = [row for row in open_rows if self._suits(row, taken, school, is_far=is_far)]
            if not rows:
                break
            taken.append(rng.choices(rows, [self.free[row] for row in rows])[0])
        for row in taken:
            self.free[row] -= 1
        return taken

    @staticmethod
    def _suits(row: SchoolClass, taken: list[SchoolClass], school: School, *, is_far: bool) -> bool:
        if any(row.level == other.level for other in taken):
            return False
        return row.school_id != school.pk if is_far else row.school_id == school.pk
