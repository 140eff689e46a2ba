"""What the portal never holds (domain 5 and 6.5): such columns are dropped before they are read."""

from __future__ import annotations

import re

from schools.roster.headers import plain

#: In a plain header, anywhere. Dutch of Informat, WISA and Smartschool; English and OneRoster's own names.
_PARTS = re.compile(
    "rijksreg|insz|bisnummer|bisnr|nationaalnummer|nationalnumber|socialsecurity|numeronational|registrenational"
    "|nationali|staatsburger|citizenship"
    "|geboorteplaats|geboorteland|geboortegemeente|birthplace|placeofbirth|birthcountry"
    "|countryofbirth|cityofbirth|stateofbirth|lieudenaissance|paysdenaissance"
    "|religi|godsdienst|levensbeschouw|geloof|confession|inkomen|income|schooltoelage|schooltoeslag|studietoelage"
    "|allowance|indicatorleerling|gokleerling|sesleerling|sesindicator|wachtwoord|paswoord|password|motdepasse"
    "|diplomamoeder|opleidingmoeder|opleidingsniveau|verblijfs|residencestatus|residencepermit|herkomst|ethni|etnisch"
    "|indianoralaska|blackorafrican|nativehawaiian|pacificislander|hispanic|raceethnicity|twoormoreraces"
    "|medisch|medical|gezondheid|health|allergi|ziekte|huisarts|ziekenfonds|mutualiteit|medicat|diagnos|handicap"
    "|bloedgroep|vaccin|geslacht|gender|sexe$|pronoun"
)
_WHOLE = frozenset(
    ("sex", "asian", "white", "race", "rrn", "rrnr", "rr", "nrn", "niss", "ssn", "bis", "indicator", "foto", "photo")
)
#: For slips of the pen in long headers.
NEVER_WORDS = (
    "rijksregisternummer",
    "rijksregisternr",
    "nationaliteit",
    "geboorteplaats",
    "geboorteland",
    "godsdienst",
    "wachtwoord",
    "indicatorleerling",
    "insznummer",
    "nationalnumber",
    "birthplace",
    "nationality",
)
_NUMBER = re.compile(r"(?<![\d+])(\d{2})[ .-]?(\d{2})[ .-]?(\d{2})[ .-]?(\d{3})[ .-]?(\d{2})(?!\d)")


def is_never(header: str) -> bool:
    """Whether a column with this header holds what may not be read."""
    name = plain(header)
    return name in _WHOLE or bool(_PARTS.search(name))


def without_national_numbers(text: str) -> str | None:
    """The text without the Belgian national and bis numbers in it; None when it holds none."""
    if len(text) < 11 or not any(_is_national(found) for found in _NUMBER.finditer(text)):
        return None
    return _NUMBER.sub(lambda found: "" if _is_national(found) else found[0], text).strip()


def _is_national(found: re.Match[str]) -> bool:
    """Day of birth, serial, what 97 leaves (born before or after 2000); months of bis numbers are 20 or 40 higher."""
    month, day = int(found[2]), int(found[3])
    if month % 20 > 12 or month > 52 or day > 31:
        return False
    body, check = int("".join(found.groups()[:4])), int(found[5])
    return check in (97 - body % 97, 97 - (2_000_000_000 + body) % 97)
