"""What a notice does not say though parents will ask: on which day, at what hour, where, what it costs, what to bring,
what to answer and until when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from messaging.plain_dutch.finding import Kind

_DAYS = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE)


_SAYS = {
    Kind.DAY: _words(
        rf"{_DAYS}|\d{{1,2}}\s+(?:{_MONTHS})|\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?|vandaag|morgen|overmorgen|"
        r"(?:deze|volgende|elke|iedere) (?:week|dag|maand)|(?:voor|na) de vakantie"
    ),
    Kind.HOUR: _words(
        r"\d{1,2}\s?[uh](?:\d{2})?|\d{1,2}[.:]\d{2}|\d{1,2} uur|(?:hele|ganse|volledige) (?:dag|week|schooldag)|"
        r"(?:voor|na) (?:de )?(?:school|schooltijd|lessen)|tijdens de (?:les|lessen|schooluren)|begin van de schooldag|"
        r"kies\w* (?:zelf )?(?:een|het) uur"
    ),
    Kind.PLACE: _words(
        r"waar:|plaats:|adres:|(?:in|op|aan|bij|naar) (?:het |de |ons |onze |uw )?(?:school|klas|klaslokaal|"
        r"lokaal|\w*zaal|speelplaats|bib|bibliotheek|refter|gemeentehuis|stadhuis|zwembad|park|bos|boerderij|poort|"
        r"schoolpoort|kerk|theater|museum|station|\w*centrum|bureau|secretariaat|huis|bus)|thuis|online|"
        r"lokaal \w{1,4}|\w+(?:straat|laan|plein|weg|dreef|steenweg) \d+"
    ),
    Kind.COST: re.compile(r"€|\beuro\b|\bgratis\b|\bkost(?:en)? (?:u )?niets|\bniets (?:te )?betalen|\bprijs:", re.I),
    Kind.BRING: _words(
        r"breng\w*|(?:neem|neemt|geef|geeft)\b[^.?!\n]{0,80}\bmee|meebreng\w*|meenem\w*|meegev\w*|meegegeven|draag|draagt|nodig|"
        r"zwemtas|zwemzak|rugzak|niets mee"
    ),
    Kind.ANSWER: _words(
        r"antwoord\w*|(?:laat|laten|laat het|laten het) (?:het )?(?:ons )?weten|bel|belt|mail|mailt|schrijf\w*|vul|kom|"
        r"haal|geef|breng|teken|onderteken|betaal|betaalt|zeg|kies|stuur|meld|vraag|neem|inschrijven|invullen"
    ),
    Kind.DEADLINE: _words(
        rf"ten laatste|uiterlijk|voor (?:{_DAYS}|\d)|tot (?:en met )?(?:{_DAYS}|\d)|vandaag|meteen|morgen"
    ),
}
_GATHERING = _words(
    r"uitnodig\w*|uitgenodigd|nodigen? u|nodigt u|oudercontact\w*|oudergesprek\w*|vergadering|infoavond|infomoment|"
    r"\w*feest|opendeurdag|voorstelling|optreden|toneel|rommelmarkt|koffiemoment|afspraak|receptie|eetdag|quiz|workshop"
)
_AWAY = r"\w*uitstap\w*|schoolreis|bosklas\w*|zeeklas\w*|kamp|toneel|museum\w*|voorstelling"
_OUTING = _words(rf"{_AWAY}|sportdag|zwemmen")
_PAID = _words(rf"{_AWAY}|eetdag|\w*rekening|kosten|betalen")
#: What templates of a category are about (content/notice_templates.json).
_GATHERS = frozenset({"appointment", "trip", "library", "language_activity", "parenting_support"})
_GOES_OUT = frozenset({"trip", "practical"})
_COSTS = frozenset({"trip", "language_activity", "parenting_support", "money"})
_BY_SLOT = {"where": Kind.PLACE, "bring": Kind.BRING, "answer": Kind.ANSWER}
_BY_VARIABLE = {
    "date": {Kind.DAY},
    "deadline": {Kind.DAY, Kind.DEADLINE},
    "time": {Kind.HOUR},
    "place": {Kind.PLACE},
    "amount": {Kind.COST},
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a notice beside its free text.

    ``slots`` are the five slots in Dutch; ``variables`` the template's, filled in or asked by a field of their own;
    ``asks`` is whether parents have something to do (ACTIE), ``can_answer`` whether there are one-tap answers, and
    ``has_last_day`` whether a last day to answer is set.
    """

    category: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    variables: Collection[str] = ()
    asks: bool = False
    can_answer: bool = False
    has_last_day: bool = False


def missing(text: str, facts: Facts) -> Iterator[Kind]:
    """What is not said, in the order of the five slots. A text too short to say anything misses nothing."""
    whole = "\n".join([text, *facts.slots.values()])
    said = {kind for kind, pattern in _SAYS.items() if pattern.search(whole)}
    said |= {kind for slot, kind in _BY_SLOT.items() if facts.slots.get(slot, "").strip()}
    for name in facts.variables:
        said |= _BY_VARIABLE.get(name, set())
    if facts.can_answer:
        said.add(Kind.ANSWER)
    if facts.has_last_day:
        said.add(Kind.DEADLINE)
    wanted = _wanted(whole, facts)
    yield from (kind for kind in _SAYS if kind in wanted and kind not in said)


def _wanted(whole: str, facts: Facts) -> set[Kind]:
    category, wanted = facts.category, {Kind.DAY}
    if category in _GATHERS or (not category and _GATHERING.search(whole)):
        wanted |= {Kind.HOUR, Kind.PLACE}
    if category in _COSTS or (not category and _PAID.search(whole)):
        wanted.add(Kind.COST)
    if category in _GOES_OUT or (not category and _OUTING.search(whole)):
        wanted.add(Kind.BRING)
    if facts.asks:
        wanted |= {Kind.ANSWER}
        if facts.can_answer:
            wanted.add(Kind.DEADLINE)
    return wanted
