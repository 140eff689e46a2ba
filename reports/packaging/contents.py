"""All shelves together: what this portal puts into a package."""

from __future__ import annotations

from collections.abc import Mapping

from reports.evidence import Use
from reports.packaging.cards import CardShelf
from reports.packaging.fixed import ChecklistShelf, GuideShelf
from reports.packaging.reading import Entry
from reports.packaging.shelves import Shelf
from reports.packaging.steps import PlannerShelf
from reports.packaging.targets import TargetShelf, joint_project, only_project
from reports.packaging.templates import TemplateShelf
from reports.packaging.words import WordShelf
from schools.models import Project, User


def shelves(
    project: Project | None, uses: Mapping[int, Use] | None = None, files: Mapping[str, bytes] | None = None
) -> tuple[Shelf, ...]:
    """In the order in which they are installed: cards name templates. ``uses`` is the evidence of the cards, ``files``
    are those that a package carries for them."""
    return (
        TemplateShelf(),
        WordShelf(),
        CardShelf(uses, files),
        TargetShelf(project),
        PlannerShelf(),
        ChecklistShelf(),
        GuideShelf(),
    )


def contents(by: User | None, uses: Mapping[int, Use] | None = None) -> dict[str, list[Entry]]:
    """What an edition that ``by`` freezes holds, by the files of its package. The targets are those of the project in
    which that is the joint worker, else of the only one that runs; ``uses`` is the evidence that it freezes."""
    project = joint_project(by) or only_project()
    return {shelf.name: shelf.exported() for shelf in shelves(project, uses)}
