"""What readers get of a language that has no text to send: chosen by the sender for each notice, and waited for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import audience, outbox
from messaging.models import LanguageChoice, MachineJob, MachineState, Notice, NoticeStatus, TranslationRequest
from messaging.sendable import choice_for
from messaging.services.drafts import locked_draft
from messaging.translationrules import rules_for
from schools import audit, clock
from schools.languages import MASTER, language
from schools.models import User


def choose_languages(
    *, notice: Notice, choices: Mapping[str, str], by: User, wait_until: datetime | None = None
) -> None:
    """Keep what the readers of each language get that has no text to send (LanguageChoice by language).

    Raises ValidationError for a wait without a last moment to come, or for a language nobody was asked to translate.
    """
    wanted = {code: choice for code, choice in choices.items() if choice in LanguageChoice.values}
    waits = [code for code, choice in wanted.items() if choice == LanguageChoice.WAIT]
    with transaction.atomic():
        row = locked_draft(notice)
        if waits and (wait_until is None or wait_until <= clock.now()):
            raise ValidationError(_("Choose until when the notice waits: a moment that is still to come."))
        asked = under_way(row)
        unasked = [code for code in waits if code not in asked]
        if unasked:
            raise ValidationError(
                _("Nobody is translating this yet: %(languages)s. Ask a translator or the machine first.")
                % {"languages": _names(unasked)}
            )
        row.language_choices, row.wait_until = wanted, wait_until if waits else None
        row.save(update_fields=["language_choices", "wait_until"])
        audit.record(actor=by, verb="chose languages", target=row, school_id=row.school_id, choices=wanted)


def under_way(notice: Notice) -> set[str]:
    """Languages into which a translator, a machine or a colleague is translating it, or did."""
    asked = TranslationRequest.objects.filter(notice=notice).running().values_list("language", flat=True)
    open_jobs = MachineJob.objects.filter(notice=notice, state__in=[MachineState.QUEUED, MachineState.RUNNING])
    made = notice.texts.exclude(language=MASTER).exclude(origin="TEMPLATE").values_list("language", flat=True)
    return {*asked, *open_jobs.values_list("language", flat=True), *made}


def waited_for(notice: Notice) -> list[str]:
    """Languages for which it waits: still without a text to send."""
    missing = audience.missing_for_readers(notice)
    return [code for code in missing if choice_for(notice, code) == LanguageChoice.WAIT]


def leave_when_complete(notice: Notice) -> None:
    """Let a waiting notice leave as soon as nothing is missing any more; its own hour is kept."""
    row = Notice.objects.select_for_update(of=("self",)).select_related("school", "author").get(pk=notice.pk)
    if row.status != NoticeStatus.SCHEDULED or row.earliest_at is None or waited_for(row):
        return
    row.send_at = max(row.earliest_at, clock.now())
    row.save(update_fields=["send_at"])
    outbox.ring()


def refuse_without_language(notice: Notice) -> None:
    """Raise ValidationError while readers of a language would get something nobody chose, or a translation has no
    purpose. A notice whose waiting is over goes with what there is: the sender chose its last moment."""
    missing = audience.missing_for_readers(notice)
    undecided = [code for code in missing if not choice_for(notice, code)]
    if undecided:
        raise ValidationError(
            _(
                "There is no translation to send in: %(languages)s. Choose what these families get, under “No "
                "translation to send”: the Dutch text, another language, or wait for the translation."
            )
            % {"languages": _names(undecided)},
            code="missing_language",
        )
    if not notice.translation_reason and rules_for(notice.school).needs_reason and _is_translated(notice, missing):
        raise ValidationError(
            _("Choose for which purpose this notice is translated: the law asks for it."), code="reason"
        )


def refuse_waiting(notice: Notice) -> None:
    """Raise ValidationError for sending now what was chosen to wait."""
    waiting = waited_for(notice)
    if waiting:
        raise ValidationError(
            _("This notice waits for its translation: %(languages)s. Let it wait, or choose something else.")
            % {"languages": _names(waiting)},
            code="waiting",
        )


def _is_translated(notice: Notice, missing: Mapping[str, object]) -> bool:
    read = audience.guardians_of(notice).order_by().values_list("contact_language", flat=True).distinct()
    return any(language(code).text not in (MASTER, *missing) for code in read)


def _names(codes: list[str]) -> str:
    return ", ".join(language(code).own_name for code in codes)
