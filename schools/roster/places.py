"""A pupil's place in a class: begun, moved, ended with a date. An enrolment is never taken away."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum, auto

from schools.models import Enrolment, Pupil, SchoolClass
from schools.roster.keys import within
from schools.roster.plan import Deed, Line, SchoolPlan
from schools.roster.rows import PupilRow

_ONE_DAY = timedelta(days=1)


class Placed(Enum):
    YES = auto()
    #: The file itself says that the child left before it would begin.
    LEFT = auto()
    #: Enrolled at another school in those days.
    ELSEWHERE = auto()


class Places:
    """Decides about the enrolments of pupils, with the days of one plan.

    Without a first day in the file a child begins today, or on the first day of the year when this is the school's
    first list of that year.
    """

    def __init__(self, plan: SchoolPlan, *, is_first_list: bool) -> None:
        self._plan = plan
        self._today = plan.day
        self._change_day = within(plan.year, plan.day)
        self._usual_start = plan.year.starts_on if is_first_list else self._change_day
        #: Whoever is not on a list of next year is here until then.
        self._last_day = max(plan.day, plan.year.starts_on - _ONE_DAY)

    def put(self, pupil: Pupil, row: PupilRow, room: SchoolClass, known: list[Enrolment], line: Line) -> Placed:
        """Let the pupil be in this class; nothing is done unless the answer is YES."""
        start = within(self._plan.year, row.starts_on) if row.starts_on else None
        if any(place.school_id != self._plan.school.pk and not self._is_over(place) for place in known):
            return Placed.ELSEWHERE
        place = self.running(known)
        if place is None:
            return self._begin(pupil, row, room, known, start, line)
        if place.school_class == room and room.pk is not None:
            self._keep(place, row, start, alone=len(known) == 1, line=line)
        else:
            self._move(pupil, place, row, room, start, line)
        self._plan.first_days[row.source_id] = known[0].starts_on
        return Placed.YES

    def running(self, known: list[Enrolment]) -> Enrolment | None:
        """The last place at this school that does not lie in the past."""
        mine = [place for place in known if place.school_id == self._plan.school.pk and not self._is_over(place)]
        return mine[-1] if mine else None

    def _is_over(self, place: Enrolment) -> bool:
        return place.ends_on is not None and place.ends_on < self._today

    def end(self, known: list[Enrolment], last_day: date | None, line: Line) -> bool:
        """Let the enrolments at this school end; False when they had."""
        day = last_day or self._last_day
        is_ended = False
        for place in known:
            if place.school_id != self._plan.school.pk or (place.ends_on is not None and place.ends_on <= day):
                continue
            until = max(day, place.starts_on)
            if place.ends_on == until:
                continue
            line.change("until", place.ends_on, until)
            place.ends_on = until
            self._plan.changed_enrolments.append(place)
            is_ended = True
        if is_ended:
            line.deed = Deed.END
        return is_ended

    def _begin(
        self,
        pupil: Pupil,
        row: PupilRow,
        room: SchoolClass,
        known: list[Enrolment],
        start: date | None,
        line: Line,
    ) -> Placed:
        first = start or (self._usual_start if not known else self._change_day)
        if known and known[-1].ends_on is not None:
            first = max(first, known[-1].ends_on + _ONE_DAY)
        if row.ends_on is not None and row.ends_on < first:
            return Placed.LEFT
        self._new(pupil, room, first, row.ends_on)
        line.change("class", "", room.name)
        line.change("from", None, first)
        if row.ends_on:
            line.change("until", None, row.ends_on)
        self._plan.first_days[row.source_id] = first
        return Placed.YES

    def _keep(self, place: Enrolment, row: PupilRow, start: date | None, *, alone: bool, line: Line) -> None:
        is_changed = False
        # A list without last days does not take back one that lies ahead.
        is_back = row.ends_on is None and place.ends_on is not None and place.ends_on <= self._today
        has_other_end = row.ends_on is not None and row.ends_on >= place.starts_on and row.ends_on != place.ends_on
        if is_back or has_other_end:
            line.change("until", place.ends_on, row.ends_on)
            if row.ends_on is not None and row.ends_on <= self._today:
                line.deed = Deed.END
            place.ends_on = row.ends_on
            is_changed = True
        if start and alone and start != place.starts_on and not (place.ends_on and start > place.ends_on):
            line.change("from", place.starts_on, start)
            place.starts_on = start
            is_changed = True
        if is_changed:
            self._plan.changed_enrolments.append(place)

    def _move(
        self, pupil: Pupil, place: Enrolment, row: PupilRow, room: SchoolClass, start: date | None, line: Line
    ) -> None:
        line.change("class", place.school_class.name, room.name)
        day = start if start and place.starts_on < start <= self._change_day else self._change_day
        if day <= place.starts_on:  # began there today by mistake
            place.school_class = room
            place.ends_on = row.ends_on if not (row.ends_on and row.ends_on < place.starts_on) else None
        else:
            place.ends_on = day - _ONE_DAY
            line.change("from", None, day)
            self._new(pupil, room, day, row.ends_on if row.ends_on and row.ends_on >= day else None)
        self._plan.changed_enrolments.append(place)

    def _new(self, pupil: Pupil, room: SchoolClass, first: date, last: date | None) -> None:
        self._plan.new_enrolments.append(
            Enrolment(pupil=pupil, school=self._plan.school, school_class=room, starts_on=first, ends_on=last)
        )
