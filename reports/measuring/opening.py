"""A wave is opened for a school, asked for by a notice, and given more days."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeStatus, NoticeTemplate
from messaging.models.templates import MEASUREMENT
from messaging.selections import Selection
from messaging.services import create_notice, unschedule_notice, update_notice
from reports.measuring import invited
from reports.models import MeasurementBox, MeasurementWave
from schools import audit, clock
from schools.models import Participation, ParticipationRole, Project, School, User
from schools.models.periods import running_on

LONGEST = timedelta(days=60)


def project_of(school: School) -> Project | None:
    """The running project in which the school is a pilot, or else one with which it is compared. Its part has no last
    day, so the project's own says that it is over."""
    running = running_on(clock.today(), "project__")
    rows = Participation.objects.current().filter(running, school=school).select_related("project")
    found = sorted(rows, key=lambda row: (row.role == ParticipationRole.COMPARISON, -row.project_id))
    return found[0].project if found else None


def open_wave(*, school: School, kind: str, audience: str, closes_on: date, by: User) -> MeasurementWave:
    """Ask from today until ``closes_on``. Raises ValidationError for a school without a project, for the same
    measurement twice in a project's year, and for days that do not fit."""
    project = project_of(school)
    if project is None:
        raise ValidationError(_("This school takes part in no project that runs today."))
    _check_day(closes_on)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if MeasurementWave.objects.filter(project=project, school=school, kind=kind, audience=audience).exists():
            raise ValidationError(_("This measurement is there already for this school year. Look in the list."))
        wave = MeasurementWave.objects.create(
            project=project,
            school=school,
            kind=kind,
            audience=audience,
            opens_on=clock.today(),
            closes_on=closes_on,
            invited=0,
            rounds_sent=_rounds_before(audience),
        )
        _lay_box(wave)
        audit.record(actor=by, verb="opened a measurement", target=wave, school_id=school.pk, audience=audience)
    return wave


def extend_wave(*, wave: MeasurementWave, closes_on: date, by: User) -> bool:
    """Other days for a wave whose answers nobody saw. One that was closed with too few of them begins anew: everybody
    is asked once more. Whether parents are to get a notice that says the new day: without it nobody is reminded, for
    the one that left says another day."""
    _check_day(closes_on)
    with transaction.atomic():
        row = MeasurementWave.objects.select_for_update().get(pk=wave.pk)
        if row.has_results:
            raise ValidationError(_("Its results were shown: with later answers one could work out what was said."))
        begins_anew = not MeasurementBox.objects.filter(wave=row).exists()
        if begins_anew and not row.project.includes(clock.today()):
            raise ValidationError(_("The project year of this measurement is over. Open another one."))
        says_other_day = not begins_anew and _says_other_day(row, closes_on)
        if begins_anew:
            row.forms, row.opens_on, row.notice = {}, clock.today(), None
            row.rounds_sent, row.last_round_on = _rounds_before(row.audience), None
        elif row.notice is not None and not row.notice.was_sent:
            _say_in(row.notice, closes_on, by)
        elif says_other_day:
            row.notice, row.last_round_on = None, None
        if closes_on > row.opens_on + 2 * LONGEST:
            raise ValidationError(_("A measurement lasts two months at most. Choose an earlier day."))
        row.closes_on = closes_on
        row.save(update_fields=["forms", "opens_on", "closes_on", "notice", "rounds_sent", "last_round_on"])
        if begins_anew:
            _lay_box(row)
        audit.record(
            actor=by, verb="extended a measurement", target=row, school_id=row.school_id, until=closes_on.isoformat()
        )
    return says_other_day


def draft_invitation(*, wave: MeasurementWave, by: User) -> Notice:
    """The draft of the notice that asks parents, to the whole school; its author looks at it and sends it. One that
    waits is taken up again. Raises ValidationError where there is nothing to announce any more."""
    with transaction.atomic():
        # Its notice is read when it is locked: what is joined to a locked row is that of before the wait.
        row = MeasurementWave.objects.select_for_update(of=("self",)).select_related("school").get(pk=wave.pk)
        if row.is_for_team or not MeasurementWave.objects.running().filter(pk=row.pk).exists():
            raise ValidationError(_("This measurement is closed, or is not for parents."))
        values = {"deadline": row.closes_on.isoformat()}
        if row.notice and row.notice.status != NoticeStatus.CANCELLED:
            if row.notice.status != NoticeStatus.DRAFT:
                raise ValidationError(_("The notice has left already. Who did not answer is reminded by itself."))
            if row.notice.author_id == by.pk:
                return update_notice(row.notice, values=values, answer_by=row.notice.answer_by and row.closes_on)
        template = NoticeTemplate.objects.get(slug=MEASUREMENT)
        row.notice = create_notice(
            author=by, template=template, to=Selection.of_place(row.school), values=values, answer_keys=[]
        )
        row.save(update_fields=["notice"])
    return row.notice


def _say_in(notice: Notice, closes_on: date, by: User) -> None:
    """The last day in a notice that did not leave yet: its author may send it from the list of notices too. One that
    waits for its hour with another day is a draft again."""
    values = {"deadline": closes_on.isoformat()}
    if notice.values.get("deadline") == values["deadline"]:
        return
    if notice.is_scheduled:
        unschedule_notice(notice=notice, by=by, is_wished=False)
    update_notice(notice, values=values, answer_by=notice.answer_by and closes_on)


def _says_other_day(wave: MeasurementWave, closes_on: date) -> bool:
    """Whether parents were told another last day, for a text that left stays as it is, or are about to be."""
    notice = wave.notice
    if notice is None or not (notice.was_sent or notice.is_scheduled):
        return False
    return bool(notice.values.get("deadline") != closes_on.isoformat())


def _rounds_before(audience: str) -> int:
    """A team is invited by the first round; parents by a notice that a colleague sends, and then reminded."""
    return 0 if audience == MeasurementWave.Audience.TEAM else 1


def _lay_box(wave: MeasurementWave) -> None:
    MeasurementBox.objects.create(wave=wave)
    people = invited.team_of(wave.school_id) if wave.is_for_team else invited.parents_of(wave.school_id)
    ids = list(people.values_list("pk", flat=True))
    invited.lay(wave, ids)
    wave.invited = len(ids)
    wave.save(update_fields=["invited"])


def _check_day(closes_on: date) -> None:
    today = clock.today()
    if not today < closes_on <= today + LONGEST:
        raise ValidationError(_("Choose a last day that is still to come, within two months."))
