"""The author's own Dutch for a notice, instead of the template's, whose translations are older than it then."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeText, TextOrigin
from messaging.sealednotice import Words, with_directions
from messaging.services.drafts import locked_draft
from messaging.texts import hash_of, pin, put_words, write_texts
from schools import audit, clock
from schools.languages import MASTER
from schools.models import User


def write_own_words(*, notice: Notice, words: Words, began_from: str, author: User) -> NoticeText:
    """Say it in ``words``. ``began_from`` is the hash of the Dutch that the author had before.

    Raises ValidationError once the notice is sent, and with the code "changed" when the Dutch is another one meanwhile.
    """
    with transaction.atomic():
        notice = locked_draft(notice)
        master = notice.texts.get(language=MASTER)
        if hash_of(master) != began_from:
            raise ValidationError(
                _("This draft was changed in another window. Nothing was overwritten."), code="changed"
            )
        put_words(master, with_directions(notice, words, MASTER))
        if hash_of(master) == began_from:
            return master
        master.origin, master.author = TextOrigin.PERSON, author
        pin(master, master)
        master.save()
        _note(notice, author, "wrote the words")
    return master


def use_template_words(*, notice: Notice, by: User) -> None:
    """Back to the words of the template. Raises ValidationError once the notice is sent."""
    with transaction.atomic():
        notice = locked_draft(notice)
        notice.texts.filter(language=MASTER).update(origin=TextOrigin.TEMPLATE)
        write_texts(notice)
        _note(notice, by, "took the template's words")


def _note(notice: Notice, by: User, verb: str) -> None:
    notice.revision, notice.saved_from, notice.saved_at = notice.revision + 1, None, clock.now()
    notice.save(update_fields=["revision", "saved_from", "saved_at"])
    audit.record(actor=by, verb=verb, target=notice, school_id=notice.school_id)
