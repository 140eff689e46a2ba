"""Invented names that follow each language's own rules: one name can be whole, and a surname makes no family."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ingroeibloei.demo.name_lists import FEMALE, MALE, SURNAMES

#: Languages whose names are those of another list.
_SAME_NAMES = {"rif": "ar", "shi": "ar", "rom": "ro"}
#: Mothers keep their own surname.
_OWN_SURNAME = frozenset({"nl", "fr", "ar", "ps", "prs"})
#: Of every four Afghan fathers one has a single name.
_SINGLE_NAME_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Name:
    first: str
    last: str = ""


@dataclass(frozen=True, slots=True)
class Parents:
    language: str
    mother: Name
    father: Name


def parents(rng: Random, language: str) -> Parents:
    """A mother and a father whose names are usual in the language."""
    stock = _SAME_NAMES.get(language, language)
    father_first, mother_first = rng.choice(MALE[stock]), rng.choice(FEMALE[stock])
    if stock == "pa":
        return Parents(stock, Name(mother_first, "Kaur"), Name(father_first, "Singh"))
    if stock == "so":
        return Parents(stock, Name(mother_first, _two(rng)), Name(father_first, _two(rng)))
    if stock in ("ps", "prs") and rng.random() < _SINGLE_NAME_SHARE:
        return Parents(stock, Name(mother_first), Name(father_first))
    surname = rng.choice(SURNAMES[stock])
    hers = rng.choice(SURNAMES[stock]) if stock in _OWN_SURNAME else surname
    return Parents(stock, Name(mother_first, feminine(hers, stock)), Name(father_first, surname))


def child(rng: Random, of: Parents) -> Name:
    """A child of these parents, named as their language does."""
    is_girl = rng.random() < 0.5
    first = rng.choice((FEMALE if is_girl else MALE)[of.language])
    if of.language == "pa":
        return Name(first, "Kaur" if is_girl else "Singh")
    if of.language == "so":
        return Name(first, f"{of.father.first} {of.father.last.split()[0]}")
    surname = of.father.last
    return Name(first, feminine(surname, of.language) if is_girl else surname)


def feminine(surname: str, language: str) -> str:
    """The form of a surname that a woman bears in Polish, Bulgarian, Russian and Ukrainian."""
    if language == "pl" and surname.endswith(("ski", "cki")):
        return surname[:-1] + "a"
    if language in ("bg", "ru", "uk"):
        if surname.endswith(("ov", "ev", "in")):
            return surname + "a"
        if surname.endswith("skyi"):
            return surname[:-2] + "a"
    return surname


def _two(rng: Random) -> str:
    """The names of father and grandfather, which stand behind a Somali name."""
    return " ".join(rng.sample(MALE["so"], 2))
