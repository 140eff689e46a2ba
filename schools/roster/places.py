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
    #: The file itself says that the child left before it would begin, or it is about a year that is over (an error).
    LEFT = auto()
    #: Enrolled at another school in those days.
    ELSEWHERE = auto()


class Places:
    """Decides about the enrolments of pupils, with the days of one plan.

    Without a first day in the file a child begins today, or on the first day of the year when this is the school's
    first list of that year. Where the school went into a later year already, a list moves nobody there: what begins
    after the plan's year stays, and what it lets begin or go on ends before it.
    """

    def __init__(self, plan: SchoolPlan, *, is_first_list: bool) -> None:
        self._plan = plan
        self._today = plan.day
        self._change_day = within(plan.year, plan.day)
        self._usual_start = plan.year.starts_on if is_first_list else self._change_day
        #: Whoever is not on a list of next year is here until then.
        self._last_day = max(plan.day, plan.year.starts_on - _ONE_DAY)
        #: How many children go to another class within the year, and how many of them to a new one of their level.
        self.moved = self.moved_on_level = 0

    def put(self, pupil: Pupil, row: PupilRow, room: SchoolClass, known: list[Enrolment], line: Line) -> Placed:
        """Let the pupil be in this class; nothing is done unless the answer is YES."""
        start = within(self._plan.year, row.starts_on) if row.starts_on else None
        if any(place.school_id != self._plan.school.pk and not self._is_over(place) for place in known):
            return Placed.ELSEWHERE
        if self._plan.year.last_day < self._today:
            return Placed.LEFT
        place = self.running(known)
        later = self._later(known)
        if place is None:
            return self._begin(pupil, row, room, known, start, line)
        if self._was_stopped(place, known):
            self._begin_again(place, row, room, known, line)
        elif not self._goes_on_to(place, row, room, known):
            if self._is_back_next_year(place, row, known):
                line.change("until", place.ends_on, None)
                place.ends_on = None
                self._plan.changed_enrolments.append(place)
            if place.school_class == room and room.pk is not None:
                self._keep(place, row, start, later, alone=len(known) == 1, line=line)
            else:
                self._move(pupil, place, row, room, start, later, line)
        self._plan.first_days[row.source_id] = known[0].starts_on
        return Placed.YES

    def running(self, known: list[Enrolment]) -> Enrolment | None:
        """The last place at this school that does not lie in the past, nor after the plan's year."""
        here = [place for place in known if place.school_id == self._plan.school.pk]
        mine = [place for place in here if self.holds(place)]
        return mine[-1] if mine else None

    def holds(self, place: Enrolment) -> bool:
        """Whether it is not over, and begins by the end of the plan's year."""
        return not self._is_over(place) and self._is_by_now(place)

    def are_to_come(self, known: list[Enrolment]) -> bool:
        """Whether every place at this school that is not over begins on a day of the plan's year that lies ahead."""
        day = max(self._today, self._plan.year.starts_on)
        here = [place for place in known if place.school_id == self._plan.school.pk and self.holds(place)]
        return all(place.starts_on > day for place in here)

    def _is_by_now(self, place: Enrolment) -> bool:
        return place.starts_on <= self._plan.year.last_day

    def _later(self, known: list[Enrolment]) -> Enrolment | None:
        """The first place that begins after the plan's year."""
        return next((place for place in known if not self._is_by_now(place)), None)

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
        before = [place.ends_on for place in known if self._is_by_now(place) and place.ends_on is not None]
        first = max([first, *(day + _ONE_DAY for day in before)])
        if row.ends_on is not None and row.ends_on < first:
            return Placed.LEFT
        later = self._later(known)
        last = self._before(later, row.ends_on)
        self._new(pupil, room, first, last)
        self._go_on(later)
        line.change("class", "", room.name)
        line.change("from", None, first)
        if last:
            line.change("until", None, last)
        self._plan.first_days[row.source_id] = first
        return Placed.YES

    def _was_stopped(self, place: Enrolment, known: list[Enrolment]) -> bool:
        """Whether a list without the child stopped the class to which it was to go within the year."""
        year = place.school_class.year_id
        return place.is_stopped and any(
            one.school_id == place.school_id and one.school_class.year_id == year and one.starts_on <= self._today
            for one in known
        )

    def _begin_again(
        self, place: Enrolment, row: PupilRow, room: SchoolClass, known: list[Enrolment], line: Line
    ) -> None:
        """The stopped place is the one in which the child comes back, in the class of the list."""
        before = [one.ends_on for one in known if one is not place and self._is_by_now(one) and one.ends_on is not None]
        first = max([self._change_day, *(day + _ONE_DAY for day in before)])
        if row.ends_on is not None and row.ends_on < first:
            return
        later = self._later(known)
        place.school_class, place.starts_on, place.ends_on = room, first, self._before(later, row.ends_on)
        line.change("class", "", room.name)
        line.change("from", None, first)
        self._plan.changed_enrolments.append(place)
        self._go_on(later)

    @staticmethod
    def _before(later: Enrolment | None, last: date | None) -> date | None:
        """The last day, or the one before a later place begins."""
        if later is None:
            return last
        before = later.starts_on - _ONE_DAY
        return min(last, before) if last else before

    def _go_on(self, later: Enrolment | None) -> None:
        """Who comes back does so in the year after too: that place was stopped on its first day with the one before."""
        if later is not None and later.is_stopped:
            later.ends_on = None
            self._plan.changed_enrolments.append(later)

    def _is_back_next_year(self, place: Enrolment, row: PupilRow, known: list[Enrolment]) -> bool:
        """Whether a place that was stopped before its year began does begin with it, as a list of that year has the
        child: not when the child leaves before it on a day that lies ahead."""
        first = self._plan.year.starts_on
        leaves = any(other.ends_on is not None and self._today < other.ends_on < first - _ONE_DAY for other in known)
        return place.is_stopped and place.starts_on == first and row.ends_on is None and not leaves

    def _goes_on_to(self, place: Enrolment, row: PupilRow, room: SchoolClass, known: list[Enrolment]) -> bool:
        """Whether a change of class lies ahead: a list that has the child where it still is, and says nothing of a day
        to come, does not take it back, as with a last day."""
        says_more = self._leaves(row) or (row.starts_on is not None and row.starts_on > self._today)
        if place.starts_on <= self._today or place.is_stopped or says_more:
            return False
        here = [one for one in known if one.includes(self._today) and one.school_class.year_id == self._plan.year.pk]
        return bool(here) and here[-1].school_class_id == room.pk

    def _leaves(self, row: PupilRow) -> bool:
        """Whether the list says that the child leaves within the year: the year's own last day, which some lists give
        every child, says nothing of this one."""
        return row.ends_on is not None and row.ends_on < self._plan.year.ends_on

    def _keep(
        self,
        place: Enrolment,
        row: PupilRow,
        start: date | None,
        later: Enrolment | None,
        *,
        alone: bool,
        line: Line,
    ) -> None:
        is_changed = False
        last = self._before(later, row.ends_on)
        has_other_end = row.ends_on is not None and row.ends_on >= place.starts_on and last != place.ends_on
        # A list without last days does not take back one that lies ahead.
        stays = row.ends_on is None or (has_other_end and not self._leaves(row))
        is_back = stays and place.ends_on is not None and place.ends_on <= self._today
        if is_back or has_other_end:
            line.change("until", place.ends_on, last)
            if last is not None and last <= self._today:
                line.deed = Deed.END
            place.ends_on = last
            is_changed = True
        if is_back:
            self._go_on(later)
        if start and alone and start != place.starts_on and not (place.ends_on and start > place.ends_on):
            line.change("from", place.starts_on, start)
            place.starts_on = start
            is_changed = True
        if is_changed:
            self._plan.changed_enrolments.append(place)

    def _move(
        self,
        pupil: Pupil,
        place: Enrolment,
        row: PupilRow,
        room: SchoolClass,
        start: date | None,
        later: Enrolment | None,
        line: Line,
    ) -> None:
        line.change("class", place.school_class.name, room.name)
        if place.school_class.year_id == room.year_id:
            self.moved += 1
            self.moved_on_level += room.pk is None and place.school_class.level == room.level
        day = start if start and place.starts_on < start <= self._change_day else self._change_day
        first = max(day, place.starts_on)
        # As where the class stays: a last day that lies ahead goes along when the list has none.
        ahead = place.ends_on if place.ends_on and place.ends_on > self._today else None
        said = row.ends_on if row.ends_on and row.ends_on >= first else ahead if ahead and ahead >= first else None
        last = self._before(later, said)
        if day <= place.starts_on:  # began there today by mistake
            place.school_class, place.ends_on = room, last
        else:
            place.ends_on = day - _ONE_DAY
            line.change("from", None, day)
            self._new(pupil, room, day, last)
        self._plan.changed_enrolments.append(place)

    def _new(self, pupil: Pupil, room: SchoolClass, first: date, last: date | None) -> None:
        self._plan.new_enrolments.append(
            Enrolment(pupil=pupil, school=self._plan.school, school_class=room, starts_on=first, ends_on=last)
        )
