"""Families for counting (rulings 13): pupils of one school who share a guardian, never by way of a third.

Two children are one family when one adult answers for both, and not for a home in which both live. Where that would
chain (a child shares one parent with a brother and the other with a sister who share none), the adult of most children
decides, and the others are families of their own. A child that belongs to a family stays there: only the joint worker
joins families.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from parents.models import Family, FamilyMembership, Guardian
from parents.roster.guardians import Adults
from parents.roster.known import KnownAdults
from parents.roster.plan import FamilyPlan
from schools import languages
from schools.models import Pupil
from schools.roster.institutions import is_of_institution
from schools.roster.plan import Kind, Line

#: A child by its row, or by its object while it has none.
Child = tuple[str, int]


class Families:
    def __init__(
        self, plan: FamilyPlan, known: KnownAdults, adults: Adults, running: Iterable[tuple[Pupil, Guardian]]
    ) -> None:
        self._plan, self._known, self._adults = plan, known, adults
        #: Children of each guardian and guardians of each child, in their order; guardians by their objects.
        self._children: dict[int, dict[Child, None]] = defaultdict(dict)
        self._guardians: dict[int, Guardian] = {}
        self._of_child: dict[Child, dict[int, None]] = defaultdict(dict)
        for pupil, guardian in running:
            self._note(_child(pupil), guardian)
        for (pupil_id, _guardian_id), link in known.links.items():  # children whom the file does not name count too
            if is_of_institution(link.relation):
                continue
            if link.ends_on is None or link.ends_on > plan.school.day:
                self._note(("row", pupil_id), link.guardian)
        self._first_days: dict[Child, date] = {}
        self._family: dict[Child, Family] = {
            ("row", pupil_id): membership.family for pupil_id, membership in known.memberships.items()
        }

    def compare(self) -> None:
        waiting = self._waiting()
        for child in list(waiting):
            family = self._known_family(child)
            if family is not None:
                self._join(waiting.pop(child), family)
        sizes = {key: sum(child in waiting for child in children) for key, children in self._children.items()}
        for key in sorted(sizes, key=lambda key: -sizes[key]):
            together = [waiting.pop(child) for child in self._children[key] if child in waiting]
            if together:
                self._found(together)
        for pupil in waiting.values():
            self._found([pupil])
        self._say_languages()

    def _note(self, child: Child, guardian: Guardian) -> None:
        self._children[id(guardian)][child] = None
        self._of_child[child][id(guardian)] = None
        self._guardians[id(guardian)] = guardian  # holds it, so that no other gets its id

    def _waiting(self) -> dict[Child, Pupil]:
        """Children at the school who belong to no family."""
        school = self._plan.school
        for source_id, pupil in school.pupils.items():
            if source_id in school.first_days:
                self._first_days[_child(pupil)] = school.first_days[source_id]
        return {
            _child(pupil): pupil
            for source_id, pupil in school.pupils.items()
            if source_id in school.first_days and pupil.pk not in self._known.memberships
        }

    def _known_family(self, child: Child) -> Family | None:
        """The family whose every child at this school has one guardian of this child as guardian."""
        for key in sorted(self._of_child[child], key=lambda key: -len(self._children[key])):
            rows = {pk for kind, pk in self._children[key] if kind == "row"}
            for pk in rows:
                membership = self._known.memberships.get(pk)
                if membership is not None and self._known.members[membership.family_id] <= rows:
                    return membership.family
        return None

    def _found(self, pupils: list[Pupil]) -> None:
        family = Family()
        self._plan.new_families.append(family)
        for pupil in pupils:
            self._join(pupil, family)

    def _join(self, pupil: Pupil, family: Family) -> None:
        first_day = self._first_days[_child(pupil)]
        self._plan.new_memberships.append(FamilyMembership(family=family, pupil=pupil, starts_on=first_day))
        self._family[_child(pupil)] = family

    def _say_languages(self) -> None:
        """The language at home, where the file says it and the family itself did not."""
        said: dict[int, list[tuple[str, str]]] = defaultdict(list)
        families: dict[int, Family] = {}
        for source_id, guardian in self._plan.guardians.items():
            language = self._adults.rows[source_id].home_language
            if not language or not _is_said(language):
                continue
            for child in self._children[id(guardian)]:
                family = self._family.get(child)
                if family is not None:
                    families[id(family)] = family
                    said[id(family)].append((language, source_id))
        for key, words in said.items():
            self._say_language(families[key], words)
        self._say_languages_of_children()

    def _say_languages_of_children(self) -> None:
        """The same, where it stands beside a child of whom nobody but a home is known."""
        for row in self._plan.school.roster.languages:
            pupil = self._plan.school.pupil(row.pupil_id) if row.pupil_id else None
            family = self._family.get(_child(pupil)) if pupil is not None else None
            if pupil is None or family is None or self._of_child[_child(pupil)]:
                continue
            if _is_said(row.home_language) and family.home_language == languages.UNKNOWN_LANGUAGE:
                family.home_language = str(row.home_language)
                if family.pk:
                    line = Line(Kind.PUPIL, pupil.full_name)
                    line.change("home_language", "", row.home_language)
                    self._plan.lines.append(line)
                    self._plan.changed_families.append(family)

    def _say_language(self, family: Family, words: list[tuple[str, str]]) -> None:
        language, source_id = words[0]
        line = self._adults.lines[source_id]
        if family.home_language == languages.UNKNOWN_LANGUAGE:
            family.home_language = language
            line.change("home_language", "", language)
            if family.pk:
                self._plan.changed_families.append(family)
        elif family.home_language not in {word for word, _source_id in words}:
            line.notes.append(("own_home_language", language))


def _is_said(language: str | None) -> bool:
    return language in languages.LANGUAGES or language == languages.PREFERS_NOT_TO_SAY


def _child(pupil: Pupil) -> Child:
    return ("row", pupil.pk) if pupil.pk else ("new", id(pupil))
