"""Who answers for whom: guardianships that begin, change or end with a date."""

from __future__ import annotations

from datetime import date

from parents.models import Authority, Guardian, Guardianship
from parents.roster.guardians import Adults
from parents.roster.known import KnownAdults
from parents.roster.plan import FamilyPlan
from schools.models import Pupil
from schools.roster import limits
from schools.roster.institutions import is_of_institution
from schools.roster.plan import Deed, Kind, Line
from schools.roster.rows import LinkRow


class Links:
    def __init__(self, plan: FamilyPlan, known: KnownAdults, adults: Adults) -> None:
        self._plan, self._known, self._adults = plan, known, adults
        #: Running links after the plan, those of an institution apart: they make no family.
        self.running: list[tuple[Pupil, Guardian]] = []

    def compare(self) -> None:
        said: set[tuple[int, int]] = set()
        for source_id, guardian in self._plan.guardians.items():
            row, line = self._adults.rows[source_id], self._adults.lines[source_id]
            for link in self._adults.links[source_id]:
                pupil = self._plan.school.pupil(link.pupil_id)
                if pupil is None or (id(pupil), id(guardian)) in said:
                    continue
                said.add((id(pupil), id(guardian)))
                self._compare_link(link, pupil, guardian, line, is_over=link.ended or row.ended)
            if row.ended:
                self._end_all(guardian, line)
        if self._plan.school.roster.complete:
            self._end_missing(said)

    def _compare_link(self, link: LinkRow, pupil: Pupil, guardian: Guardian, line: Line, *, is_over: bool) -> None:
        known = self._known.links.get((pupil.pk, guardian.pk)) if pupil.pk and guardian.pk else None
        relation = link.relation or (known.relation if known else "") or self._as_home(guardian, link)
        if is_over:
            if known is not None:
                self._end(known, pupil, line)
            return
        first_day = self._plan.school.first_days.get(link.pupil_id)
        if known is None:
            if first_day is None and pupil.pk is None:
                return
            new = Guardianship(pupil=pupil, guardian=guardian, relation=relation[: limits.RELATION])
            self._begin(new, link, first_day, line)
        else:
            self._change(known, link, pupil, line)
        if not is_of_institution(relation):
            self.running.append((pupil, guardian))

    def _as_home(self, guardian: Guardian, link: LinkRow) -> str:
        """What a home is to its other children, here or in the file, where nobody says what it is to this one."""
        others = self._adults.links[self._adults.number(link.guardian_id)]
        said = [tie.relation for tie in self._known.of_guardian[guardian.pk]] if guardian.pk else []
        return next((words for words in [*said, *(row.relation for row in others)] if is_of_institution(words)), "")

    def _begin(self, new: Guardianship, link: LinkRow, first_day: date | None, line: Line) -> None:
        today = self._plan.school.day
        new.starts_on = min(first_day, today) if new.pupil.pk is None and first_day else today
        new.give(link.authority or Authority.JOINT)
        line.change("child", "", new.pupil.full_name)
        if new.relation and (self._plan.school.roster.by_hand or not link.relation):
            line.change("relation", "", new.relation)
        if link.authority:
            line.change("authority", "", link.authority)
        self._plan.new_guardianships.append(new)

    def _change(self, known: Guardianship, link: LinkRow, pupil: Pupil, line: Line) -> None:
        before = len(line.changes)
        if known.ends_on is not None and known.ends_on <= self._plan.school.day:
            line.change("child", "", pupil.full_name)  # ended today and taken back
            known.ends_on = None
        elif self._plan.school.roster.by_hand:
            return
        relation = link.relation[: limits.RELATION]
        if relation and relation != known.relation:
            line.change("relation", known.relation, relation)
            known.relation = relation
        if link.authority and link.authority != known.authority:
            if known.basis_seen_on is not None:  # somebody saw the paper
                line.notes.append(("seen_authority", link.authority))
            else:
                line.change("authority", known.authority, link.authority)
                known.give(link.authority)
        if len(line.changes) > before:
            self._plan.changed_guardianships.append(known)

    def _end(self, known: Guardianship, pupil: Pupil, line: Line) -> None:
        """But not a tie without rights on a paper that was seen: a later list would begin it anew with all of them."""
        today = self._plan.school.day
        if known.bars_rights:
            return
        if known.ends_on is not None and known.ends_on <= today:
            return
        known.ends_on = max(today, known.starts_on)
        line.change("child", pupil.full_name, "")
        self._plan.changed_guardianships.append(known)

    def _end_all(self, guardian: Guardian, line: Line) -> None:
        """The file says that this adult is gone: every running link at the school ends."""
        pupils = {pupil.pk: pupil for pupil in self._plan.school.others.values()}
        for known in self._known.of_guardian[guardian.pk] if guardian.pk else ():
            pupil = pupils.get(known.pupil_id)
            if pupil is not None:
                self._end(known, pupil, line)
        if any(name == "child" for name, _old, _new in line.changes):
            line.deed = Deed.END

    def _end_missing(self, said: set[tuple[int, int]]) -> None:
        """A complete list no longer links an adult whom it once brought in with a child whom it still names."""
        gone: dict[int, Line] = {}
        lines = {id(self._plan.guardians[key]): line for key, line in self._adults.lines.items()}
        for source_id, pupil in self._plan.school.pupils.items():
            if source_id not in self._plan.school.first_days or pupil.pk is None:
                continue
            for known in self._known.of_pupil[pupil.pk]:
                guardian = known.guardian
                is_ours = guardian.source_system == self._plan.school.key and guardian.source_id
                if not is_ours or (id(pupil), id(guardian)) in said:
                    continue
                line = lines.get(id(guardian)) or gone.setdefault(
                    id(guardian), Line(Kind.GUARDIAN, guardian.full_name, pupil.first_name)
                )
                self._end(known, pupil, line)
        for line in gone.values():
            if line.changes:
                line.deed = Deed.END
                self._plan.lines.append(line)
