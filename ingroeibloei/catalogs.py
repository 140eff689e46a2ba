"""The catalogs of translations: compiled at the start, checked before every landing.

Parents read fourteen languages, staff three. Which audience a text has follows from where it stands in the source.
English needs no catalog of its own words: msgids are English sentences.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import django
import polib
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

from ingroeibloei.plurals import PLURALS
from schools import languages

#: Where texts for parents stand; a folder means everything below it.
FOR_PARENTS = (
    "templates/messaging/parents/",
    "templates/parents/portal/",
    "templates/schools/welcome.html",
    "templates/emails/",
    "templates/sms/",
    "templates/base.html",
    "templates/base_parent.html",
    "templates/home.html",
    "templates/400.html",
    "templates/403.html",
    "templates/403_csrf.html",
    "templates/404.html",
    "templates/500.html",
    "templates/components/",
    "ingroeibloei/borrowed.py",
    "ingroeibloei/pictogram_words.py",
    "parents/access.py",
    "parents/consenting.py",
    "parents/bookingpages.py",
    "parents/forms_signup.py",
    "parents/gatheringpages.py",
    "parents/gatheringwords.py",
    "parents/services/signups.py",
    "parents/views/portalgatherings.py",
    "parents/forms_absences.py",
    "parents/services/absences.py",
    "parents/views/absences.py",
    "parents/talkcalendar.py",
    "parents/views/calendars.py",
    "parents/forms_booking.py",
    "parents/forms_mydata.py",
    "parents/models/datarequests.py",
    "parents/views/mydata.py",
    "parents/whoread.py",
    "messaging/announcements.py",
    "messaging/attachments.py",
    "messaging/codes.py",
    "messaging/firsttime.py",
    "messaging/letters.py",
    "messaging/mails.py",
    "messaging/mailbox.py",
    "messaging/digests.py",
    "messaging/exportwords.py",
    "messaging/inbox.py",
    "messaging/recordings.py",
    "messaging/refusable.py",
    "messaging/services/reminding.py",
    "messaging/services/talkchanges.py",
    "messaging/services/tellinggatherings.py",
    "messaging/talkwords.py",
    "messaging/services/telling.py",
    "messaging/views/booking.py",
    "messaging/views/signups.py",
    "messaging/views/acts.py",
    "messaging/views/by_code.py",
    "messaging/views/choices.py",
    "messaging/views/conversations.py",
    "messaging/views/opened.py",
    "messaging/views/token.py",
    "messaging/views/portal.py",
    "messaging/views/secondfact.py",
    "messaging/views/signin.py",
    "messaging/forms_parents.py",
    "messaging/noticepage.py",
    "messaging/formats.py",
    "parents/childpage.py",
    "parents/forms_portal.py",
    "parents/signin.py",
    "parents/views/portal.py",
    "parents/services/booking.py",
    "parents/services/choices.py",
    "parents/views/bookings.py",
    "reports/forms_questionnaire.py",
    "reports/measuring/answering.py",
    "reports/measuring/questions.py",
    "reports/views/questionnaire.py",
    "reports/views/tablet.py",
    "schools/views/welcome.py",
    "templates/reports/questionnaire/",
)
#: Parts that only staff pages use.
FOR_STAFF_ONLY = tuple(
    f"templates/components/{name}.html"
    for name in (
        "filter_bar",
        "ladder",
        "progress",
        "rail",
        "search_box",
        "stat",
        "steps",
        "suppressed_cell",
        "table",
        "table_wrap",
        "undo_toast",
        "user_menu",
    )
)
_GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"})
#: Where words of text messages stand: the alphabet of phones has no no-break space, and one makes a text twice as dear.
TEXTED = (
    *("templates/sms/", "messaging/announcements.py", "messaging/codes.py", "messaging/formats.py"),
    *("messaging/talkwords.py", "messaging/services/telling.py", "messaging/services/tellinggatherings.py"),
    *("messaging/services/talkchanges.py", "messaging/services/reminding.py"),
)
_LOOSE = re.compile(r" [:;?!»](?![\w/])|« ")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")


def path_of(code: str) -> Path:
    return Path(settings.BASE_DIR) / "locale" / code / "LC_MESSAGES" / "django.po"


def is_for_parents(entry: polib.POEntry) -> bool:
    """Whether a parent can meet this text."""
    places = [place for place, _line in entry.occurrences]
    return any(place.startswith(FOR_PARENTS) and place not in FOR_STAFF_ONLY for place in places)


def compile_all() -> int:
    """Write the .mo file of each catalog that changed, and let this process read it; returns how many."""
    written = 0
    for code in languages.INTERFACE_CODES:
        source = path_of(code)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            polib.pofile(str(source)).save_as_mofile(str(target))
            # Django keeps what it read before, which on a first start is nothing.
            translation_file_changed(None, target)
            written += 1
    return written


def findings(codes: Iterable[str] = languages.INTERFACE_CODES) -> Iterator[str]:
    """What is wrong with the catalogs of these languages, a sentence each; nothing when all is well."""
    for code in codes:
        if not path_of(code).exists():
            yield f"{code}: no catalog. A language without one silently shows Dutch."
            continue
        catalog = polib.pofile(str(path_of(code)))
        if catalog.metadata.get("Plural-Forms") != PLURALS[code]:
            yield f"{code}: other plural rules than those of the language"
        for entry in catalog:
            if not entry.obsolete:
                yield from _of_entry(entry, code, _plural_count(PLURALS[code]))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Texts of one audience translated into one language, of those that it needs."""

    language: str
    audience: str
    done: int
    needed: int


def coverage() -> list[Coverage]:
    """Each language with each audience that reads it: parents in all, staff in three. A text that stands in the
    sources of both is counted for parents."""
    lines = []
    for code in languages.INTERFACE_CODES:
        path = path_of(code)
        entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete] if path.exists() else []
        for audience in ("parents", "staff"):
            if audience == "staff" and code not in languages.STAFF_CODES:
                continue
            theirs = [entry for entry in entries if is_for_parents(entry) == (audience == "parents")]
            done = sum(entry.translated() and "fuzzy" not in entry.flags for entry in theirs)
            lines.append(Coverage(code, audience, done, len(theirs)))
    return lines


def is_borrowed(entry: polib.POEntry) -> bool:
    """Whether a text is Django's own (``ingroeibloei/borrowed.py``)."""
    return any(place == "ingroeibloei/borrowed.py" for place, _line in entry.occurrences)


def borrow(entry: polib.POEntry, code: str) -> None:
    """Take Django's own translation where it has one with as many plural forms."""
    theirs = _of_django(code).get(entry.msgid)
    if theirs is None or not theirs.translated() or "fuzzy" in theirs.flags:
        return
    if not entry.msgid_plural:
        entry.msgstr = theirs.msgstr
    elif len(theirs.msgstr_plural) == _plural_count(PLURALS[code]):
        entry.msgstr_plural = dict(theirs.msgstr_plural)


@cache
def _of_django(code: str) -> dict[str, polib.POEntry]:
    path = Path(django.__file__).parent / "conf" / "locale" / code / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}


def unseen() -> Iterator[str]:
    """Texts that xgettext cannot see because they stand inside an f-string, a sentence each."""
    for app in ("ingroeibloei", "schools", "parents", "messaging", "reports"):
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            strings = (node for node in nodes if isinstance(node, ast.JoinedStr))
            calls = (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call))
            for call in calls:
                if ast.unparse(call.func).split(".")[-1] in _GETTEXT:
                    place = f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}"
                    yield f"{place}: a text inside an f-string is not extracted"


def _is_needed(entry: polib.POEntry, code: str) -> bool:
    return not entry.obsolete and (code in languages.STAFF_CODES or is_for_parents(entry))


def _of_entry(entry: polib.POEntry, code: str, plurals: int) -> Iterator[str]:
    words = entry.msgid if len(entry.msgid) < 60 else entry.msgid[:57] + "…"
    if "fuzzy" in entry.flags:
        yield f"{code}: fuzzy, so not used: {words}"
    elif not entry.translated():
        if _is_needed(entry, code):
            yield f"{code}: not translated: {words}"
        return
    if entry.msgid_plural and len(entry.msgstr_plural) != plurals:
        yield f"{code}: {len(entry.msgstr_plural)} plural forms instead of {plurals}: {words}"
    for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        if not _same_placeholders(entry, text):
            yield f"{code}: other placeholders than the English: {words}"
        if code == "fr" and _LOOSE.search(text) and not _is_texted(entry):
            yield f"{code}: a mark that may begin a line, for want of a no-break space: {words}"


def _is_texted(entry: polib.POEntry) -> bool:
    return any(place.startswith(TEXTED) for place, _line in entry.occurrences)


def _same_placeholders(entry: polib.POEntry, text: str) -> bool:
    """The translation may leave a number out of a singular form, but must not invent or lose anything else."""
    wanted = set(_PLACEHOLDER.findall(entry.msgid)) | set(_PLACEHOLDER.findall(entry.msgid_plural))
    found = set(_PLACEHOLDER.findall(text))
    return found == wanted or (bool(entry.msgid_plural) and found <= wanted)


def _plural_count(rule: str) -> int:
    found = re.search(r"nplurals\s*=\s*(\d)", rule)
    return int(found.group(1)) if found else 0
