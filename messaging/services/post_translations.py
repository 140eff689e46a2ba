"""Translations of what was written in a conversation: by a colleague who knows the language, or by the machine."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import machine
from messaging.models import PostTranslation, ThreadPost, TranslationState
from parents.models import Guardian, Guardianship
from schools import audit, clock
from schools.languages import LANGUAGES, MASTER, language
from schools.models import Pupil, User

LONGEST_TRANSLATION = 4000


def target_language(post: ThreadPost) -> str:
    """The language the other side reads: Dutch for what a parent wrote, the parent's for what the school wrote.

    Empty when nothing is to be translated.
    """
    wanted = MASTER if post.by_guardian_id else post.thread.guardian.reads.text
    return "" if wanted == language(post.language).text else wanted


def translate_post(*, post: ThreadPost, by: User, text: str, language: str) -> PostTranslation:
    """A colleague's translation, instead of an earlier one. What a machine made and a person passed says so."""
    words = text.replace("\r\n", "\n").strip()  # a line is one sign, as the browser counts
    if not words:
        raise ValidationError(_("Write the translation first."))
    if len(words) > LONGEST_TRANSLATION:
        raise ValidationError(
            _("This is too long: use at most %(number)d characters.") % {"number": LONGEST_TRANSLATION}
        )
    _check_language(post, language)
    with transaction.atomic():
        known = PostTranslation.objects.select_for_update().filter(post=post, language=language).first()
        from_machine = known.machine if known else ""
        state = TranslationState.CHECKED if from_machine else TranslationState.PERSON
        row = _written(post, language, words, by, state, from_machine)
        audit.record(actor=by, verb="translated", target=post.thread, school_id=post.thread.school_id, post=post.pk)
    return row


def translate_by_machine(*, post: ThreadPost, by: User, language: str) -> PostTranslation:
    """Ask the machine; a colleague's own translation is never replaced. Raises machine.TranslationError."""
    _check_language(post, language)
    if not machine.is_on():
        raise ValidationError(_("No translation machine is set up at this portal."))
    words = machine.translated(post.text, source=_written_in(post), target=language, names=_names_around(post))
    with transaction.atomic():
        known = PostTranslation.objects.select_for_update().filter(post=post, language=language).first()
        if known and known.state != TranslationState.MACHINE:
            return known
        row = _written(post, language, words[:LONGEST_TRANSLATION], by, TranslationState.MACHINE, machine.name())
        audit.record(
            actor=by,
            verb="translated by machine",
            target=post.thread,
            school_id=post.thread.school_id,
            post=post.pk,
            language=language,
        )
    return row


def _written(post: ThreadPost, language: str, words: str, by: User, state: str, from_machine: str) -> PostTranslation:
    facts = {"text": words, "by": by, "state": state, "machine": from_machine, "made_at": clock.now()}
    return PostTranslation.objects.update_or_create(post=post, language=language, defaults=facts)[0]


def _check_language(post: ThreadPost, code: str) -> None:
    known = LANGUAGES.get(code)
    if known is None or known.spoken_only or known.text != code or code == language(post.language).text:
        raise ValidationError(_("Choose the language in which the other side reads."))


def _names_around(post: ThreadPost) -> list[str]:
    """The names of the family's children and adults, and of everybody who wrote along."""
    thread = post.thread
    children = Pupil.objects.filter(family_memberships__family_id=thread.family_id).distinct()
    answering = Guardianship.objects.filter(pupil_id__in=children.values("pk")).values("guardian_id")
    people: list[Pupil | Guardian] = [*children, *Guardian.objects.filter(pk__in=answering), thread.guardian]
    writers = User.objects.filter(pk__in=thread.posts.filter(by_user__isnull=False).values("by_user_id"))
    return [person.full_name for person in people] + [user.full_name for user in writers]


def _written_in(post: ThreadPost) -> str:
    return language(post.language).text
