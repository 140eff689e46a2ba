"""From deliveries by letter to what is printed: the family's language beside the Dutch, with its QR and short code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from messaging import firsttime, formats
from messaging.attachments import on_paper
from messaging.channels.letter import Letter, Listed, PrintRun, Side, Words
from messaging.models import Delivery, LetterBatch, Notice, PrintedLetter
from messaging.models.texts import SLOTS
from messaging.noticepage import NoticePage, NoticeView
from messaging.pile import names_of
from messaging.readers import Reader
from messaging.rendering import Renderer, preview, preview_reader
from messaging.tokens import short_code
from schools import clock
from schools.languages import MASTER, Language, language
from schools.models import School
from schools.roster.contacts import written_phone
from schools.typeset import pictogram_drawings

_BETWEEN_FIGURES = re.compile(r"(?<=\d) (?=\d)")


def letters_for(deliveries: Iterable[Delivery], numbers: Mapping[int, int] | None = None) -> list[Letter]:
    """One letter for each delivery, in a constant number of queries; ``numbers`` are their places in the print list."""
    rows = list(deliveries)
    renderer = Renderer(rows)
    return [_letter(row, renderer, number=numbers[row.pk] if numbers else place) for place, row in enumerate(rows, 1)]


def listed_for(letters: QuerySet[PrintedLetter]) -> list[Listed]:
    """The lines of the print list: what lies in the pile, without rendering any of it."""
    rows = list(letters.select_related("delivery", "school_class"))
    names = names_of([row.delivery for row in rows])
    return [
        Listed(
            number=row.position,
            class_name=row.school_class.name if row.school_class else "",
            child_names=tuple(map(formats.plain, names[row.delivery_id])),
            language_name=language(row.delivery.language).own_name,
            code=short_code(row.delivery),
        )
        for row in rows
    ]


def title_of(batch: LetterBatch) -> str:
    """What the pile is about: a notice, or everything for a class or a school."""
    if batch.notice is not None:
        return batch.notice.texts.get(language=MASTER).title
    return formats.plain(batch.school_class.name if batch.school_class else batch.school.name)


def print_run(school: School, languages: Iterable[str], title: str) -> PrintRun:
    """What all letters of a batch share: the school, the fixed words in every language that occurs."""
    with override(MASTER):
        cover_labels = {
            "letter": _("letter"),
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
        school_phone=written_phone(school.phone),
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


def _letter(delivery: Delivery, renderer: Renderer, *, number: int) -> Letter:
    reader = renderer.reader(delivery)
    page = renderer.page(delivery, reader)
    return _sheet(page, reader, _address(delivery), code=short_code(delivery), number=number)


def _sheet(page: NoticePage, reader: Reader, address: tuple[str, ...], *, code: str, number: int = 1) -> Letter:
    place = page.notice.school.city
    dutch, own = _with_files(page, *_sides(page))
    if page.untranslated:
        own = _offer(page, page.untranslated)
    dutch, own = _of_correction(page, dutch, own)
    is_over = not page.notice.takes_answers
    if is_over and page.answers:
        dutch, own = _after_last_day(page, dutch, own)
    return Letter(
        number=number,
        class_name=", ".join(page.class_names),
        child_names=tuple(formats.plain(child.full_name) for child in reader.children),
        address=tuple(map(formats.plain, address)),
        language=page.reading.code,
        language_name=page.reading.own_name,
        direction=page.reading.direction,
        place_and_date=f"{place}, {formats.long_day(clock.today(), MASTER)}",
        dutch=dutch,
        own=own,
        banner=_banner(page),
        answers=() if is_over else tuple((choice.dutch, choice.label) for choice in page.answers),
        code=code,
        code_url=f"{urlsplit(settings.SITE_URL).netloc}/k/",
        link=reader.url,
        last_day=_in_both(page, _last_day) if _says_last_day(page, is_over=is_over) else {},
        scan=_in_both(page, _scan_to_answer if reader.is_asked else _scan_to_read),
        contact=_in_both(page, _contact_and_privacy if reader.is_first else _contact),
    )


def _address(delivery: Delivery) -> tuple[str, ...]:
    guardian = delivery.guardian
    home = guardian.household
    return (guardian.full_name, home.street, f"{home.postcode} {home.city}") if home else (guardian.full_name,)


def _sides(page: NoticePage) -> tuple[Side, Side | None]:
    """The Dutch, and the reader's language. What the slots say already is not said again: so a letter in two languages
    stays on one page. A line goes in both languages or in none; what stood before the first of them opens the letter.
    """
    views = [page.dutch, page.text] if page.dutch else [page.text]
    lines = [view.body.split("\n") for view in views]
    kept = [True] * len(lines[0])
    if len({len(part) for part in lines}) == 1:
        said = [[_is_said(line, view) for line in part] for part, view in zip(lines, views, strict=True)]
        kept = [not all(marks) for marks in zip(*said, strict=True)]
    first = 0 if all(kept) else kept.index(False)
    sides = [
        _side(view, part[:first], [line for line, keep in zip(part[first:], kept[first:], strict=False) if keep])
        for view, part in zip(views, lines, strict=True)
    ]
    return sides[0], sides[1] if page.dutch else None


def _says_last_day(page: NoticePage, *, is_over: bool) -> bool:
    return page.answer_by is not None and not is_over and not page.notice.values.get("deadline")


def _scan_to_answer(_page: NoticePage, _code: str) -> str:
    return _("Answer by phone? Scan the code. You need no account.")


def _scan_to_read(_page: NoticePage, _code: str) -> str:
    """Where nothing is asked, or no longer."""
    return _("Read it on your phone? Scan the code. You need no account.")


def _last_day(page: NoticePage, code: str) -> str:
    """By when the strip is back, where the notice itself does not say so."""
    assert page.answer_by is not None  # noqa: S101 - asked before
    return _("Please answer by %(answer_by)s.") % {"answer_by": formats.long_day(page.answer_by, code)}


def _with_files(page: NoticePage, dutch: Side, own: Side | None) -> tuple[Side, Side | None]:
    """Files are not printed: the letter says that they are there, in both languages."""
    if not page.files:
        return dutch, own
    words = _in_both(page, lambda _page, _code: on_paper(page.files))
    longer = replace(dutch, body=f"{dutch.body}\n{words['nl']}".strip())
    return longer, replace(own, body=f"{own.body}\n{words['own']}".strip()) if own else None


def _after_last_day(page: NoticePage, dutch: Side, own: Side | None) -> tuple[Side, Side | None]:
    """Printed when the day to answer has passed: no strip asks for what nobody waits for."""
    words = _in_both(page, lambda _page, _code: _("The day to answer has passed. Call the school."))
    longer = replace(dutch, body=f"{dutch.body}\n{words['nl']}".strip())
    return longer, replace(own, body=f"{own.body}\n{words['own']}".strip()) if own else None


def _of_correction(page: NoticePage, dutch: Side, own: Side | None) -> tuple[Side, Side | None]:
    """Which notice it replaces, first of all: both letters lie on the table."""
    if not page.replaced_on:
        return dutch, own
    words = _in_both(page, _replaces)
    first = replace(dutch, opening=f"{words['nl']}\n{dutch.opening}".strip())
    return first, replace(own, opening=f"{words['own']}\n{own.opening}".strip()) if own else None


def _replaces(page: NoticePage, code: str) -> str:
    assert page.replaced_on is not None  # noqa: S101 - asked before
    return _("This replaces the notice of %(replaced)s.") % {"replaced": formats.long_day(page.replaced_on, code)}


def _is_said(line: str, view: NoticeView) -> bool:
    """Whether a slot holds this line, or what stands behind its "When:"."""
    words = line.strip()
    value = words.partition(": ")[2] or words
    return bool(words) and any(part in slot.text for slot in view.slots for part in (words, value))


def _side(view: NoticeView, opening: list[str], rest: list[str]) -> Side:
    slots = tuple((slot.key, slot.label, _unbroken(slot.text)) for slot in view.slots)
    return Side(view.title, _unbroken("\n".join(opening).strip()), slots, _unbroken("\n".join(rest).strip()))


def _offer(page: NoticePage, entry: Language) -> Side:
    """Beside the Dutch of a notice that is not translated: that the school explains it, and the slots."""
    with override(entry.interface):
        words = _("This notice is in Dutch: there is no translation yet. Call the school: it explains it to you.")
    slots = tuple((slot.key, slot.label, _unbroken(slot.text)) for slot in page.own_slots)
    return Side(words, "", slots, "")


def _unbroken(words: str) -> str:
    """Phone numbers stay on one line: in a text from right to left a broken one reads backwards."""
    return _BETWEEN_FIGURES.sub(formats.NO_BREAK, words)


def _banner(page: NoticePage) -> Words:
    def words(_page: NoticePage, _code: str) -> str:
        if page.untranslated:
            return _("There is no translation of this notice yet.")
        if page.text.is_by_machine:
            return _("Translation from Dutch, made by a translation machine. The Dutch text is the original.")
        if page.text.is_draft:
            return _("Translation from Dutch, not checked by a native speaker. The Dutch text is the original.")
        return _("Translation from Dutch. The Dutch text is the original.")

    return _in_both(page, words)


def _contact(page: NoticePage, code: str) -> str:
    values = {
        "phone": formats.isolated(page.school_phone, code),
        "school": formats.isolated(page.school_name, code),
    }
    return _unbroken(_("Questions? Call %(school)s: %(phone)s") % values)


def _contact_and_privacy(page: NoticePage, code: str) -> str:
    """The first letter also says where one reads what is kept."""
    return f"{_contact(page, code)}\n{firsttime.on_paper()}"


def _in_both(page: NoticePage, words: Callable[[NoticePage, str], str]) -> Words:
    """Fixed words in Dutch and, for a translated letter, in the reader's language."""
    with override(MASTER):
        found = {"nl": words(page, MASTER)}
    if page.dutch or page.untranslated:
        with override(page.reading.interface):
            found["own"] = words(page, page.reading.code)
    return found


def _labels(code: str) -> Words:
    with override(language(code).interface):
        return {
            "about": _("About"),
            "qr_alt": _("QR code"),
            "cut": _("cut here"),
            "strip": _("Your answer"),
            "signature": _("Signature"),
        }
