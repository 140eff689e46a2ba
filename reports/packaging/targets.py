"""Targets of indicators in a package: those of a whole project, never of one school."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.indicators import INDICATORS
from reports.models import Target
from reports.ownproject import day_within
from reports.packaging.reading import Entry
from reports.packaging.shelves import Difference, Item, Shelf, State
from reports.targets import CODES, RANGES, Aim, day_of_new, in_force, newest, set_target
from reports.wording import goal
from schools import clock
from schools.models import Project, User
from schools.scope import scope_of


class TargetShelf(Shelf):
    """Compared with those of ``project``; without one nothing can be taken over, for a target belongs to a project."""

    name, code, icon = "targets", "target", "trending-up"
    label = gettext_lazy("Targets")

    def __init__(self, project: Project | None) -> None:
        self.project = project

    def exported(self) -> list[Entry]:
        return [
            {"key": code, "value": f"{row.value.normalize():f}", "objective": row.objective}
            for code, row in sorted(self._held().items())
            if row.value is not None
        ]

    def compared(self, entries: Iterable[Entry]) -> list[Item]:
        held = self._held()
        return [self._item(entry, held.get(entry["key"])) for entry in entries]

    def install(self, entries: list[Entry], by: User) -> None:
        """From today on, with where they come from as the reason; the one before stays in the history."""
        if self.project is None:
            return
        for entry in entries:
            code, last = entry["key"], newest(self.project, entry["key"])
            present = Target.objects.filter(project=self.project, school=None, indicator=code).order_by("pk").last()
            aim = Aim(
                code=code,
                value=Decimal(entry["value"]),
                holds_from=day_of_new(self.project, present),
                objective=entry["objective"],
                reason=_("Taken over from a draaiboek"),
            )
            set_target(project=self.project, aim=aim, by=by, seen=last.pk if last else None)

    def _held(self) -> dict[str, Target]:
        if self.project is None:
            return {}
        held = in_force(self.project, day_within(self.project))
        return {code: row for (code, school), row in held.items() if school is None}

    def _item(self, entry: Entry, own: Target | None) -> Item:
        code, value = entry["key"], Decimal(entry["value"])
        known = INDICATORS.get(code) if code in CODES else None
        title = f"{code} · {known.name}" if known else code
        if known is None:
            return Item(self.code, code, title, State.UNUSABLE, why=_("This portal sets no target for this indicator."))
        least, most = RANGES[known.unit]
        if not least <= value <= most:
            words = _("A target here lies between %(least)d and %(most)d.") % {"least": least, "most": most}
            return Item(self.code, code, title, State.UNUSABLE, why=words)
        if self.project is None:
            words = _("A target belongs to a project: only its joint worker takes it over.")
            return Item(self.code, code, title, State.UNUSABLE, why=words)
        if own is None or own.value is None:
            return Item(self.code, code, title, State.NEW, notes=(goal(known.unit, value),))
        here = {"": goal(known.unit, own.value), "objective": own.objective}
        theirs = {"": goal(known.unit, value), "objective": entry["objective"]}
        labels = {"": _("target"), "objective": _("objective")}
        found = tuple(Difference(labels[key], "", here[key], theirs[key]) for key in here if here[key] != theirs[key])
        return Item(self.code, code, title, State.DIFFERENT if found else State.SAME, found)


def joint_project(user: User | None) -> Project | None:
    """The project in which the user is the joint worker: the one that runs, else the newest."""
    rows = Project.objects.filter(pk__in=scope_of(user).joint_projects).select_related("year").order_by("-starts_on")
    found = list(rows)
    return next((one for one in found if one.starts_on <= clock.today()), found[0] if found else None)


def only_project() -> Project | None:
    """The project that runs today, when there is one and no other."""
    today = clock.today()
    found = [one for one in Project.objects.select_related("year").filter(starts_on__lte=today) if _runs(one)]
    return found[0] if len(found) == 1 else None


def _runs(project: Project) -> bool:
    return (project.ends_on or project.year.ends_on) >= clock.today()
