"""What a school tells parents who are new: open to everybody, in every language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from schools.languages import MASTER, language
from schools.models import School
from schools.texts import LanguageStanding, standing_of
from schools.texts.own import WelcomeKind
from schools.texts.standing import Shown
from schools.welcome import named


@require_safe
def school_welcome(request: HttpRequest, number: str) -> HttpResponse:
    """The welcome page of the school with this institution number, beside its Dutch.

    A translation that is not whole, or older than the Dutch, would say something else: its reader gets the Dutch. So
    does who reads a language in which only notices are written.
    """
    school = get_object_or_404(School.objects.select_related("welcome"), institution_number=number)
    text = standing_of(WelcomeKind(), school)
    own = text.languages.get(language(str(request.page_language)).text, text.master)  # type: ignore[attr-defined]
    shown = text.master if own.state in (Shown.MISSING, Shown.STALE) else own
    context = {
        "school": school,
        "school_name": school.name,
        "code": shown.language,
        "words": named(school, shown.words),
        "dutch": named(school, text.master.words) if shown.language != MASTER else {},
        "note": _note(shown),
    }
    return render(request, "schools/welcome.html", context)


def _note(shown: LanguageStanding) -> str:
    """That this is a translation, and whether somebody who grew up with the language has read it."""
    if shown.language == MASTER:
        return ""
    note = _("Translated from Dutch.")
    unread = _("Not yet checked by a native speaker.")
    return note if shown.state == Shown.REVIEWED else f"{note} {unread}"
