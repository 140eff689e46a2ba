"""What is printed of an edition, from its frozen content alone: kept once, each with a checksum.

Printing takes some seconds, so a worker does it after the freezing, each print kept as soon as it is made: one that was
stopped goes on when the clock rings. Until then a page makes it from the same content.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

from django.db.models import Count

from reports.models import EditionPage, EditionPrint, PlaybookEdition
from reports.playbook import CARD_LANGUAGES
from reports.render.booklet import booklet_content, print_of

Form = EditionPrint.Form
#: Prints of an edition: each form in each language.
WHOLE = len(CARD_LANGUAGES) * len(Form.values)
#: Editions printed in one run; there is mostly none to print.
AT_ONCE = 5


def print_edition(edition: PlaybookEdition) -> int:
    """Print in every language and form what is not printed yet; how many were made. Two at once keep each once."""
    done = set(edition.prints.values_list("language", "form"))
    pages = {page.language: page.content for page in edition.pages.defer("html")}
    wanted = [(code, form) for code in pages for form in Form.values if (code, form) not in done]
    # Each PDF is set by a process of its own.
    with ThreadPoolExecutor(max_workers=2) as workers:
        made = workers.map(lambda one: print_of(one[1], pages[one[0]]), wanted)
        for (code, form), one in zip(wanted, made, strict=True):
            digest = hashlib.sha256(one).hexdigest()
            row = EditionPrint(edition=edition, language=code, form=form, content=one, checksum=digest)
            EditionPrint.objects.bulk_create([row], ignore_conflicts=True)
    return len(wanted)


def print_editions() -> int:
    """The editions of which something is not printed yet; how many prints were made."""
    rows = PlaybookEdition.objects.annotate(number_of_prints=Count("prints")).filter(number_of_prints__lt=WHOLE)
    return sum(print_edition(one) for one in rows.defer("content", "package")[:AT_ONCE])


def print_from(page: EditionPage, form: str) -> bytes:
    """The print of an edition in the language of its page."""
    kept = EditionPrint.objects.filter(edition=page.edition_id, language=page.language, form=form).first()
    return bytes(kept.content) if kept else print_of(form, page.content)


def print_now(form: str, language: str) -> bytes:
    """What is printed in a language: the newest edition, as it was frozen, else the words of today."""
    page = EditionPage.objects.filter(language=language).order_by("-edition__number").defer("html").first()
    return print_from(page, form) if page else print_of(form, booklet_content(language))
