"""What a page may show of a wave: how many answered at any time, what was answered only when it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, When
from django.utils.translation import get_language, gettext, ngettext

from reports.charts import Chart, Series, svg
from reports.disclosure import Shown
from reports.measuring import invited
from reports.measuring.answering import GATE, OWN, PAPER
from reports.measuring.questions import FACES
from reports.measuring.statements import questions_for, words_of
from reports.models import MeasurementBox, MeasurementInvitee, MeasurementWave
from reports.models.measurements import FLOOR
from reports.plots import Plot
from reports.wording import percent
from schools import clock, languages
from schools.models import User

#: From this place on in [no … yes] an answer agrees.
AGREES = 3


@dataclass(frozen=True, slots=True)
class Response:
    """How many of those asked have answered; what came at the gate and on paper is of nobody known, so beside it."""

    own: int
    asked: int
    gate: int = 0
    paper: int = 0
    is_running: bool = False
    is_over: bool = False

    @property
    def rate(self) -> str:
        return percent(Shown(self.own, self.asked))

    @property
    def forms(self) -> int:
        return self.own + self.gate + self.paper

    @property
    def are_too_few(self) -> bool:
        return self.forms < FLOOR


def response_of(wave: MeasurementWave) -> Response:
    """Of a wave that runs, or of one that is closed."""
    box = MeasurementBox.objects.filter(wave=wave).first()
    return _response(wave, box, invited.count(wave) if box else (0, 0))


@dataclass(frozen=True, slots=True)
class Line:
    """One wave in a list."""

    wave: MeasurementWave
    response: Response
    is_asked: bool = False


def lines_of(waves: Sequence[MeasurementWave], reader: User) -> list[Line]:
    """Waves with their response, and whether an answer of this reader is wanted; three queries for however many."""
    column = Case(When(guardian__isnull=False, then=F("guardian_id")), default=F("user_id"))
    rows = MeasurementInvitee.objects.filter(wave__in=[one.pk for one in waves]).order_by()
    counted = rows.values("wave_id").annotate(
        asked=Count(column, distinct=True), own=Count(column, distinct=True, filter=Q(has_answered=True))
    )
    numbers = {row["wave_id"]: (row["own"], row["asked"]) for row in counted}
    mine = set(rows.filter(user=reader, has_answered=False).values_list("wave_id", flat=True))
    lines = []
    for wave in waves:
        response = _response(wave, getattr(wave, "box", None), numbers.get(wave.pk, (0, 0)))
        lines.append(Line(wave, response, is_asked=response.is_running and wave.pk in mine))
    return lines


def is_asked(wave: MeasurementWave, reader: User) -> bool:
    """Whether an answer of this colleague is wanted."""
    if not wave.is_for_team or not MeasurementWave.objects.running().filter(pk=wave.pk).exists():
        return False
    return invited.is_invited(wave, reader) and not invited.rows_of(wave, reader).filter(has_answered=True).exists()


def plots_of(wave: MeasurementWave) -> list[Plot]:
    """A row of bars for each statement, one for each face."""
    return [_plot(key, counts) for key, counts in wave.counts.items() if sum(counts) >= FLOOR]


def baseline_of(wave: MeasurementWave) -> MeasurementWave | None:
    """The baseline with which an end measurement compares."""
    if wave.kind != MeasurementWave.Kind.END:
        return None
    same = Q(project=wave.project_id, school=wave.school_id, audience=wave.audience)
    found = MeasurementWave.objects.filter(same, kind=MeasurementWave.Kind.BASELINE).first()
    return found if found and found.has_results else None


def agreement(wave: MeasurementWave, before: MeasurementWave | None) -> list[list[str]]:
    """Who agrees with each statement, at the baseline too where there is one: rows of a table."""
    waves = [before, wave] if before else [wave]
    return [[words_of(key), *(_agree(one.counts.get(key)) for one in waves)] for key in wave.counts]


def leaves_out(wave: MeasurementWave) -> bool:
    """Whether a sentence is not shown, because too few answered that one."""
    return any(one.key not in wave.counts for one in questions_for(wave.audience))


def columns(before: MeasurementWave | None) -> list[dict[str, Any]]:
    """The heads of that table."""
    heads = [gettext("At the baseline"), gettext("Now")] if before else [gettext("Agree")]
    return [{"label": gettext("Sentence")}, *({"label": head, "numeric": True} for head in heads)]


def _response(wave: MeasurementWave, box: MeasurementBox | None, numbers: tuple[int, int]) -> Response:
    forms = box.forms if box else wave.forms
    own, asked = numbers if box else (forms.get(OWN, 0), wave.invited)
    is_over = box is not None and wave.closes_on < clock.today()
    return Response(own, asked, forms.get(GATE, 0), forms.get(PAPER, 0), box is not None and not is_over, is_over)


def _agree(counts: list[int] | None) -> str:
    if not counts or sum(counts) < FLOOR:
        return "–"
    agree, all_of_them = sum(counts[AGREES:]), sum(counts)
    return f"{percent(Shown(agree, all_of_them))} ({agree} / {all_of_them})"


def _plot(key: str, counts: list[int]) -> Plot:
    title, faces = words_of(key), [str(face) for face in FACES]
    chart = Chart("hbars", title, faces, [Series(gettext("Answers"), counts)], max=max(*counts, 1))
    columns: list[dict[str, Any]] = [{"label": gettext("Answer")}, {"label": gettext("Answers"), "numeric": True}]
    number = ngettext("%(number)d answer", "%(number)d answers", sum(counts)) % {"number": sum(counts)}
    return Plot(
        title=title,
        picture=svg(chart, languages.direction(get_language() or "nl")),
        columns=columns,
        rows=[[face, str(count)] for face, count in zip(faces, counts, strict=True)],
        note=number,
    )
