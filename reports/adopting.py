"""A school takes a card up, adapts it, asks about it: each step in the log, nobody in the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import Adaptation, AdoptionChange, CardQuestion, MethodAdoption
from reports.planner.places import planning_schools
from reports.planner.planning import follow_card, may_plan
from reports.publication import nameless
from schools import audit, clock
from schools.models import Method, School, User

Status = MethodAdoption.Status
#: How long ago a change may be noted for.
OLDEST = timedelta(days=730)
#: Open questions of one school; more are a talk.
OPEN_QUESTIONS = 10
CHANGED = gettext_lazy("This adaptation was decided or written anew meanwhile. Look at it once more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a card is at a school from a day on, and why; and whether it began there."""

    status: str
    since: date
    why: str = ""
    is_origin: bool = False


def note_adoption(*, school: School, method: Method, change: Change, by: User) -> MethodAdoption:
    """The school takes a card up, goes on with it, or stops; the running year plan follows. Said twice it is one line.

    Raises ValidationError for who may not, an impossible day, and stopping without a reason.
    """
    if not may_plan(school, by):
        raise ValidationError(_("Only the head of the school and the joint worker say which cards it uses."))
    why = nameless(change.why, "why")
    if not clock.today() - OLDEST <= change.since <= clock.today():
        raise ValidationError({"since": _("Choose a day of the last two years, today at the latest.")})
    with transaction.atomic():
        row = _adoption(school, method, change)
        if change.status == Status.STOPPED and row is None:
            raise ValidationError({"status": _("This card was not in use here.")})
        wanted = {"status": change.status, "since": change.since, "why": why}
        if row is not None and _says_origin_alone(row, change):
            wanted |= {"since": row.since, "why": why or row.why}
        if change.status == Status.STOPPED and not wanted["why"]:
            raise ValidationError({"why": _("Say why you stopped: another school learns from it.")})
        known = {name: getattr(row, name) for name in wanted} if row else {}
        if row is None:
            row = MethodAdoption.objects.create(school=school, method=method, is_origin=change.is_origin, **wanted)
        elif known == wanted and row.is_origin == change.is_origin:
            return row
        else:
            MethodAdoption.objects.filter(pk=row.pk).update(**wanted, is_origin=change.is_origin)
            row.refresh_from_db()
        if known != wanted:
            AdoptionChange.objects.create(adoption=row, **wanted, noted_at=clock.now())
        follow_card(school=school, method=method, is_used=row.status != Status.STOPPED)
        audit.record(
            actor=by, verb="noted a card's use", target=row, school_id=school.pk, card=method.slug, status=row.status
        )
    return row


def _says_origin_alone(row: MethodAdoption, change: Change) -> bool:
    """The form offers today: who only says where a card began does not begin its use anew."""
    is_same = (change.status, change.since) == (row.status, clock.today())
    return is_same and change.is_origin != row.is_origin


def _adoption(school: School, method: Method, change: Change) -> MethodAdoption | None:
    """The row as it stands, held with its school. Raises ValidationError for a day before what was noted last."""
    School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    row = MethodAdoption.objects.select_for_update(of=("self",)).filter(school=school, method=method).first()
    if row is not None and change.status != row.status and change.since < row.since:
        raise ValidationError({"since": _("What was noted last began later. Choose that day or a later one.")})
    return row


def write_adaptation(*, school: School, method: Method, words: str, by: User) -> Adaptation:
    """How the school does a card otherwise; it waits for the joint worker, also when it was shared before."""
    if not may_plan(school, by):
        raise ValidationError(_("Only the head of the school and the joint worker write for the school."))
    words = nameless(words, "words", lines=True)
    if not words:
        raise ValidationError({"words": _("Write how you do it.")})
    facts = {
        "words": words, "state": Adaptation.State.PROPOSED, "answer": "", "written_at": clock.now(), "written_by": by,
        "decided_at": None, "decided_by": None,
    }  # fmt: skip
    with transaction.atomic():
        row, is_new = Adaptation.objects.select_for_update(of=("self",)).get_or_create(
            school=school, method=method, defaults=facts
        )
        if not is_new:
            if row.words == words:
                return row
            for name, value in facts.items():
                setattr(row, name, value)
            row.save(update_fields=list(facts))
        audit.record(actor=by, verb="wrote an adaptation", target=row, school_id=school.pk)
    return row


def decide_adaptation(*, adaptation: Adaptation, is_shared: bool, answer: str, by: User) -> None:
    """Other schools read it, or it stays at the school with a word why. Twice is once; the words are looked through
    once more, for since then somebody may have come to the school."""
    answer = nameless(answer, "answer")
    if is_shared:
        nameless(adaptation.words, "words", lines=True)
    elif not answer:
        raise ValidationError({"answer": _("Say why, so that the school can write it anew.")})
    state = Adaptation.State.SHARED if is_shared else Adaptation.State.DECLINED
    with transaction.atomic():
        rows = Adaptation.objects.editable_by(by).filter(pk=adaptation.pk, words=adaptation.words)
        if not rows.update(state=state, answer=answer, decided_at=clock.now(), decided_by=by):
            raise ValidationError(CHANGED)
        audit.record(
            actor=by, verb="decided an adaptation", target=adaptation, school_id=adaptation.school_id, state=state
        )


def ask_about_card(*, school: School, method: Method, text: str, by: User) -> CardQuestion:
    """A question for the author of a card; asked twice in the same words it is one."""
    if school.pk not in {one.pk for one in planning_schools(by)}:
        raise ValidationError(_("Only who works at the school asks for it."))
    text = nameless(text, "text")
    if not text:
        raise ValidationError({"text": _("Write your question.")})
    mine = CardQuestion.objects.filter(school=school)
    with transaction.atomic():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        if known := mine.filter(method=method, text=text).first():
            return known
        if mine.filter(answer="").count() >= OPEN_QUESTIONS:
            words = _("Your school has %(number)d questions that wait. Talk about them with the joint worker first.")
            raise ValidationError(words % {"number": OPEN_QUESTIONS})
        row = CardQuestion.objects.create(school=school, method=method, text=text, asked_at=clock.now(), asked_by=by)
        audit.record(actor=by, verb="asked about a card", target=row, school_id=school.pk)
    return row


def answer_question(*, question: CardQuestion, answer: str, by: User) -> None:
    """The answer, for every school; put right it is the newest one, and who asked hears of the first only."""
    answer = nameless(answer, "answer")
    if not answer:
        raise ValidationError({"answer": _("Write your answer.")})
    with transaction.atomic():
        rows = CardQuestion.objects.filter(pk__in=CardQuestion.objects.editable_by(by).values("pk"), pk=question.pk)
        if not rows.update(answer=answer, answered_at=clock.now(), answered_by=by):
            raise ValidationError(_("The joint worker answers, or the head of the school where the card began."))
        audit.record(actor=by, verb="answered about a card", target=question, school_id=question.school_id)
