from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schools import audit
from schools.languages import CONTACT_CODES, MASTER
from schools.models import Assignment, Role, User


def set_translator_languages(*, post: Assignment, languages: Collection[str], by: User) -> bool:
    """Into which languages a translator works from now on; False when it was so already. What they have taken stays
    theirs. Raises ValidationError for a post of another sort and for a language that nobody is contacted in."""
    if post.role != Role.TRANSLATOR or not set(languages) <= {*CONTACT_CODES} - {MASTER}:
        raise ValidationError(_("Choose languages from the list."))
    wanted = [code for code in CONTACT_CODES if code in languages]
    with transaction.atomic():
        row = Assignment.objects.select_for_update(of=("self",)).get(pk=post.pk)
        if row.languages == wanted:
            return False
        row.languages = wanted
        row.save(update_fields=["languages"])
        audit.record(
            actor=by, verb="set a translator's languages", target=row, school_id=row.school_id, languages=wanted
        )
    return True
