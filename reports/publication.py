"""What leaves the house names nobody: names of families and staff, addresses and numbers are found with their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parents.models import Guardian, Household
from reports.models import NamingConsent
from schools.delicate import has_national_number
from schools.models import Assignment, Pupil, User

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_GAP = "[ \u00a0\u202f]"
#: Nine digits or more, written as a telephone number in one of the ways of here, "+32 (0)470 / 12 34 56" too; years and
#: amounts are shorter, and a day is none.
_PHONE = re.compile(
    rf"(?<![\w,.])(?<!\d[/-])(?!\d\d?[./-]\d\d?[./-](?:19|20)\d\d(?!\d))"
    rf"(?:\+|00|0){_GAP}?\d(?:(?:{_GAP}?[/()]{_GAP}?|{_GAP}|[.–-])?\d){{7,12}}(?!\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS_WORD = re.compile(r"\w+", re.UNICODE)
Words = tuple[str, ...]
LONGEST_NAME = 6
#: A count of people, in the languages of the cards: "3 gezinnen", "8 van de 10 ouders". Written out ("twee ouders") it
#: is an instruction more often than a count.
_PEOPLE = (
    r"(?:gezin|gezinnen|ouders?|kind(?:eren)?|leerling(?:en)?|familles?|parents?|enfants?|élèves?|famil(?:y|ies)|"
    r"child(?:ren)?|pupils?)"
)
_COUNT = re.compile(
    rf"(?<![\d,.–-])(?P<n>\d+)(?: ?(?:van de|op de|van|sur les|sur|of the|of|out of|/) ?(?P<N>\d+))? {_PEOPLE}\b",
    re.IGNORECASE,
)
SMALL = range(1, 5)
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


def findings_in(
    texts: Mapping[str, str], *, staff: bool = True, small_numbers: bool = False, seen_by: object = None
) -> list[Finding]:
    """Everything in the texts (by their place) that names or reaches a person; ``staff`` includes colleagues who did
    not agree to be named. ``small_numbers`` looks for counts of one to four people too. With ``seen_by`` only families
    that this user sees anyway count: a refusal must not tell who is in the portal."""
    known = _known(staff, seen_by)
    found: list[Finding] = []
    for place, text in texts.items():
        for match in _EMAIL.findall(text):
            found.append(Finding(place, match, _("there is an e-mail address, “%(text)s”.") % {"text": match}))
        for match in _PHONE.findall(text):
            found.append(Finding(place, match, _("there is a telephone number, “%(text)s”.") % {"text": match}))
        for match in _people(text, known):
            found.append(Finding(place, match, _("there is a name, “%(text)s”.") % {"text": match}))
        for match in _addresses(text, known):
            found.append(Finding(place, match, _("there is a family’s address, “%(text)s”.") % {"text": match}))
        if has_national_number(text):
            found.append(Finding(place, "", _("there is a national number.")))
        for match in _small(text) if small_numbers else ():
            found.append(
                Finding(place, match, _("there is a number of one to four people, “%(text)s”.") % {"text": match})
            )
    return found


def spaced(text: str, *, lines: bool = False) -> str:
    """The text without spaces too many."""
    rows = text.replace("\r\n", "\n").split("\n") if lines else [text]
    return "\n".join(" ".join(row.split()) for row in rows).strip()


def nameless(text: str, field: str, *, lines: bool = False) -> str:
    """The text without spaces too many. Raises ValidationError when it names or reaches somebody."""
    text = spaced(text, lines=lines)
    if found := findings_in({"": text}):
        raise ValidationError({field: _("Write it without anybody in it: %(why)s") % {"why": found[0].why}})
    return text


@dataclass(slots=True)
class _Known:
    """Full names in both orders, surnames and homes, as tuples of folded words; ``begin`` and ``street_begin`` are
    their first words, so that most words of a text cost one look."""

    full: set[Words]
    last: set[Words]
    streets: dict[Words, str]
    begin: set[str] = field(init=False)
    street_begin: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.begin = {words[0] for words in self.full | self.last}
        self.street_begin = {words[0] for words in self.streets}


def _known(staff: bool, seen_by: object) -> _Known:
    """Everybody who may not stand in a text; colleagues only with ``staff``, of families those that are ``seen_by``."""
    guardians, pupils, homes = Guardian.objects.all(), Pupil.objects.all(), Household.objects.all()
    if seen_by is not None:
        guardians, pupils = guardians.visible_to(seen_by), pupils.visible_to(seen_by)
        homes = homes.filter(pk__in=guardians.values("household_id"))
    pairs: list[tuple[str, str]] = [
        *guardians.values_list("first_name", "last_name").distinct(),
        *pupils.values_list("first_name", "last_name").distinct(),
    ]
    full: set[Words] = set()
    last: set[Words] = set()
    for first, surname in pairs:
        _add(full, last, _words(first), _words(surname))
    if staff:
        agreed = NamingConsent.objects.values("user_id")
        colleagues = User.objects.filter(pk__in=Assignment.objects.values("user_id")).exclude(pk__in=agreed)
        for name in colleagues.values_list("full_name", flat=True):
            first, *rest = _words(name) or ("",)
            _add(full, last, (first,), tuple(rest))
    return _Known(full, last, _streets(homes))


def _add(full: set[Words], last: set[Words], first: Words, surname: Words) -> None:
    if first and surname:
        full |= {first + surname, surname + first}
        last.add(surname)


def _people(text: str, known: _Known) -> Iterator[str]:
    spoken = list(_WORD.finditer(text))
    folded = [_fold(word.group()) for word in spoken]
    for start in (place for place, word in enumerate(folded) if word in known.begin):
        for length in range(min(LONGEST_NAME, len(folded) - start), 0, -1):
            words = tuple(folded[start : start + length])
            titled = start > 0 and folded[start - 1] in TITLES and spoken[start].group()[0].isupper()
            if words in known.full or (titled and words in known.last):
                yield text[spoken[start].start() : spoken[start + length - 1].end()]
                break


def _streets(homes: QuerySet[Household]) -> dict[Words, str]:
    """Streets with their numbers, as folded words: the number makes it somebody's home."""
    found = ((_address_words(street), street) for street in homes.values_list("street", flat=True).distinct())
    return {words: street for words, street in found if len(words) > 1 and any(word[0].isdigit() for word in words)}


def _addresses(text: str, known: _Known) -> Iterator[str]:
    words = _address_words(text)
    for start in (place for place, word in enumerate(words) if word in known.street_begin):
        for length in range(2, LONGEST_NAME + 1):
            if words[start : start + length] in known.streets:
                yield known.streets[words[start : start + length]]


def _address_words(text: str) -> Words:
    return tuple(_fold(word) for word in _ADDRESS_WORD.findall(text))


def _small(text: str) -> Iterator[str]:
    for match in _COUNT.finditer(text):
        n, size = int(match["n"]), int(match["N"] or 0)
        if n in SMALL or size in SMALL or (match["N"] and size - n in SMALL):
            yield match.group()


def _words(name: str) -> Words:
    return tuple(_fold(word.group()) for word in _WORD.finditer(name))


@lru_cache(maxsize=20_000)
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
