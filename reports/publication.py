"""What leaves the house names nobody: names of families and staff, addresses and numbers are found with their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parents.models import Guardian
from schools.models import Assignment, Pupil, User

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
#: Nine digits or more, written as a telephone number; years and amounts are shorter.
_PHONE = re.compile(r"(?<![\w,.])(?:\+|00|0)\d(?:[ ./()-]?\d){7,12}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
Words = tuple[str, ...]
LONGEST_NAME = 6
#: Before a surname alone these make it a person.
TITLES = frozenset(
    {
        "mevrouw", "mevr", "meneer", "dhr", "mijnheer", "juf", "juffrouw", "meester", "familie", "gezin", "mama",
        "papa", "madame", "monsieur", "famille", "mr", "mrs", "ms", "miss", "family",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may not be published, and where it stands. ``why`` is a sentence for the author."""

    place: str
    text: str
    why: str


def findings_in(texts: Mapping[str, str], *, staff: bool = True) -> list[Finding]:
    """Everything in the texts (by their place) that names or reaches a person; ``staff`` includes colleagues."""
    full, last = _names(staff)
    found: list[Finding] = []
    for place, text in texts.items():
        for match in _EMAIL.findall(text):
            found.append(Finding(place, match, _("there is an e-mail address, “%(text)s”.") % {"text": match}))
        for match in _PHONE.findall(text):
            found.append(Finding(place, match, _("there is a telephone number, “%(text)s”.") % {"text": match}))
        for match in _people(text, full, last):
            found.append(Finding(place, match, _("there is a name, “%(text)s”.") % {"text": match}))
    return found


def _names(staff: bool) -> tuple[frozenset[Words], frozenset[Words]]:
    """Full names in both orders, and surnames, as tuples of folded words."""
    pairs: list[tuple[str, str]] = [
        *Guardian.objects.values_list("first_name", "last_name").distinct(),
        *Pupil.objects.values_list("first_name", "last_name").distinct(),
    ]
    full: set[Words] = set()
    last: set[Words] = set()
    for first, surname in pairs:
        _add(full, last, _words(first), _words(surname))
    if staff:
        colleagues = User.objects.filter(pk__in=Assignment.objects.values("user_id"))
        for name in colleagues.values_list("full_name", flat=True):
            first, *rest = _words(name) or ("",)
            _add(full, last, (first,), tuple(rest))
    return frozenset(full), frozenset(last)


def _add(full: set[Words], last: set[Words], first: Words, surname: Words) -> None:
    if first and surname:
        full |= {first + surname, surname + first}
        last.add(surname)


def _people(text: str, full: frozenset[Words], last: frozenset[Words]) -> Iterator[str]:
    spoken = list(_WORD.finditer(text))
    folded = [_fold(word.group()) for word in spoken]
    for start in range(len(folded)):
        for length in range(min(LONGEST_NAME, len(folded) - start), 0, -1):
            words = tuple(folded[start : start + length])
            titled = start > 0 and folded[start - 1] in TITLES and spoken[start].group()[0].isupper() and words in last
            if words in full or titled:
                yield text[spoken[start].start() : spoken[start + length - 1].end()]
                break


def _words(name: str) -> Words:
    return tuple(_fold(word.group()) for word in _WORD.finditer(name))


def _fold(word: str) -> str:
    """Without case and accents: "Yıldız" and "Yildiz" are one name."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def flattened(content: object, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of every text in nested content: the place reads "phrases › 3 › nl"."""
    if isinstance(content, str):
        yield place, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from flattened(value, f"{place} › {key}" if place else str(key))
    elif isinstance(content, Iterable):
        for number, value in enumerate(content, start=1):
            yield from flattened(value, f"{place} › {number}")
