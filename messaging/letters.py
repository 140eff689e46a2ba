"""From deliveries by letter to what is printed: the family's language beside the Dutch, with its QR and short code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from messaging import formats
from messaging.channels.letter import Letter, PrintRun, Side, Words
from messaging.models import Delivery, Notice
from messaging.models.notices import SLOTS
from messaging.rendering import NoticePage, NoticeView, Reader, Renderer, preview, preview_reader
from messaging.tokens import short_code
from messaging.variables import as_people_write
from schools import clock
from schools.languages import MASTER, language
from schools.typeset import pictogram_drawings


def letters_for(deliveries: Iterable[Delivery]) -> list[Letter]:
    """One letter for each delivery, in a constant number of queries."""
    rows = list(deliveries)
    renderer = Renderer(rows)
    return [_letter(row, renderer) for row in rows]


def print_run(notice: Notice, languages: Iterable[str], title: str) -> PrintRun:
    """What all letters of a notice share: the school, the fixed words in every language that occurs."""
    school = notice.school
    with override(MASTER):
        cover_labels = {
            "letters": _("letters"),
            "number": _("no."),
            "sheet": _("sheet"),
            "child": _("child"),
            "language": _("language"),
            "code": _("code"),
        }
        cover_title = _("Letters: %(title)s") % {"title": title}
        lines = (
            _("Print on both sides of the sheet. Every letter starts on a new sheet."),
            _("Give each letter to the child in an envelope, or post it."),
        )
    return PrintRun(
        title=title,
        day=clock.today(),
        school_name=formats.plain(school.name),
        school_address=(school.street, f"{school.postcode} {school.city}"),
        school_phone=as_people_write(school.phone),
        school_email=school.email,
        labels={code: _labels(code) for code in {MASTER, *languages}},
        cover_title=cover_title,
        cover_lines=lines,
        cover_labels=cover_labels,
        pictograms=pictogram_drawings(SLOTS),
    )


def preview_sheet(notice: Notice, code: str) -> Letter:
    """A letter that nobody gets: example address, no working code."""
    page, reader = preview(notice, code), preview_reader(notice, code)
    with override(MASTER):
        address = (_("Name of the parent"), _("Street and number"), notice.school.city)
    return _sheet(page, reader, address, code="0000-0000-0000")


def _letter(delivery: Delivery, renderer: Renderer) -> Letter:
    page, reader = renderer.page(delivery), renderer.reader(delivery)
    return _sheet(page, reader, _address(delivery), code=short_code(delivery))


def _sheet(page: NoticePage, reader: Reader, address: tuple[str, ...], *, code: str) -> Letter:
    place = page.notice.school.city
    return Letter(
        class_name=", ".join(page.class_names),
        child_names=tuple(formats.plain(child.full_name) for child in reader.children),
        address=tuple(map(formats.plain, address)),
        language=page.language.code,
        language_name=page.language.own_name,
        direction=page.direction,
        place_and_date=f"{place}, {formats.long_day(clock.today(), MASTER)}",
        dutch=_side(page.dutch or page.text),
        own=_side(page.text) if page.dutch else None,
        banner=_banner(page),
        answers=tuple((choice.dutch, choice.label) for choice in page.answers),
        code=code,
        code_url=f"{urlsplit(settings.SITE_URL).netloc}/k/",
        link=reader.url,
        contact=_in_both(page, _contact),
    )


def _address(delivery: Delivery) -> tuple[str, ...]:
    guardian = delivery.guardian
    home = guardian.household
    return (guardian.full_name, home.street, f"{home.postcode} {home.city}") if home else (guardian.full_name,)


def _side(view: NoticeView) -> Side:
    return Side(view.title, tuple((slot.key, slot.label, slot.text) for slot in view.slots), view.body)


def _banner(page: NoticePage) -> Words:
    def words(_page: NoticePage, _code: str) -> str:
        if page.text.is_draft:
            return _("Translation from Dutch, not checked by a native speaker. The Dutch text is the original.")
        return _("Translation from Dutch. The Dutch text is the original.")

    return _in_both(page, words)


def _contact(page: NoticePage, code: str) -> str:
    values = {
        "phone": formats.isolated(page.school_phone, code),
        "school": formats.isolated(page.school_name, code),
    }
    return _("Questions? Call %(school)s: %(phone)s") % values


def _in_both(page: NoticePage, words: Callable[[NoticePage, str], str]) -> Words:
    """Fixed words in Dutch and, for a translated letter, in the reader's language."""
    with override(MASTER):
        found = {"nl": words(page, MASTER)}
    if page.dutch:
        with override(page.language.interface):
            found["own"] = words(page, page.language.code)
    return found


def _labels(code: str) -> Words:
    with override(language(code).interface):
        return {
            "about": _("About"),
            "scan": _("Answer by phone? Scan the code. You need no account."),
            "qr_alt": _("QR code"),
            "cut": _("cut here"),
            "strip": _("Your answer"),
            "signature": _("Signature"),
        }
