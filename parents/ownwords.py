"""What the portal itself asks of a colleague, and why it closed something: kept in Dutch, read in one's own language.

The row keeps a whole Dutch sentence, as if somebody had written it, so that it is put right and forgotten like any
other; a reader of another language is told the same sentence by the catalog. What is none of these a person wrote, and
it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from django.utils.translation import get_language, gettext, gettext_noop, override

from parents.models.kinds import ContactKind, Outcome
from schools.days import full_day
from schools.languages import MASTER, STAFF_CODES
from schools.marks import colon

CALL_ABOUT = gettext_noop("Call about: %(title)s")
CALL_ABOUT_STRIP = gettext_noop("Call about the strip: %(title)s")
CALL_ABOUT_TEXT = gettext_noop("A text message came from %(number)s, and we cannot tell by whom. Call and ask.")
CALL_UNTOLD = gettext_noop(
    "No mail or text message about the answer of %(day)s reached %(name)s. Call, or say it at school."
)
CALL_ABOUT_CHANGE = gettext_noop(
    "Something lasting was changed for %(name)s, and no mail or text message about it left. "
    "Call at a number from before, and ask whether it is right."
)
EXPLAIN = gettext_noop("Explain the notice: %(title)s")
OFFER_AGAIN = gettext_noop("Offer another talk: nobody came to the parents' meeting.")
OFFER_ELSEWHERE = gettext_noop(
    "%(guardian)s agrees to no visits at home any more: that of %(day)s does not go on. Offer another talk."
)
OTHER_CONTACT = gettext_noop("%(guardian)s asks to use another number or address: %(value)s. Check it with a call.")
OTHER_CONTACT_ASKED = gettext_noop("%(guardian)s asked to use another number or address.")
WRONG_PERSON = gettext_noop("A notice for %(guardian)s reached somebody else. Check the number or address.")
DEAD_MAIL = gettext_noop(
    "We cannot reach %(guardian)s by e-mail: the address bounced on %(day)s. Try the phone, and ask for a new e-mail "
    "address."
)
DEAD_PHONE = gettext_noop(
    "We cannot reach %(guardian)s by phone: the number does not exist (%(day)s). Try e-mail or the gate, and ask for a "
    "new number."
)
ASK_ANY_CONTACT = gettext_noop("Nobody of this family can be reached. Ask for a phone number or an e-mail address.")
ASK_LANGUAGE = gettext_noop("Ask %(guardian)s in which language the school may write.")
ASK_FOR_DATA = gettext_noop(
    "The school has no contact data of %(guardian)s, who has the right to information. Ask for them."
)
ASK_NEW_ONE = gettext_noop("A number or address of %(guardian)s no longer works. Ask for the new one.")
ASK_STILL_RIGHT = gettext_noop("Ask %(guardian)s whether phone number and e-mail address are still right.")

CAME = gettext_noop("The family came.")
PUT_RIGHT = gettext_noop("The attendance was put right.")
UNDONE = gettext_noop("Undone just after it was written.")
STRIP_READ = gettext_noop("The strip could be read after all.")
SENDER_TOOK_BACK = gettext_noop("Taken back by the sender.")
TOLD_NO_MORE = gettext_noop("The school does not tell this parent of the child any more.")
DAY_IS_OVER = gettext_noop("The day that it told of is over.")
GATHERING_CANCELLED = gettext_noop("The gathering is cancelled.")
REACHED_OTHERWISE = gettext_noop("The family was reached another way.")
NEWER_NOTICE = gettext_noop("There is a newer notice")

SENTENCES = (
    *(CALL_ABOUT, CALL_ABOUT_STRIP, CALL_ABOUT_TEXT, CALL_ABOUT_CHANGE, CALL_UNTOLD, EXPLAIN, OFFER_AGAIN),
    *(OFFER_ELSEWHERE, OTHER_CONTACT, OTHER_CONTACT_ASKED, WRONG_PERSON, DEAD_MAIL, DEAD_PHONE),
    *(ASK_ANY_CONTACT, ASK_LANGUAGE, ASK_FOR_DATA, ASK_NEW_ONE, ASK_STILL_RIGHT),
    *(CAME, PUT_RIGHT, UNDONE, STRIP_READ),
    *(SENDER_TOOK_BACK, TOLD_NO_MORE, DAY_IS_OVER, GATHERING_CANCELLED, REACHED_OTHERWISE, NEWER_NOTICE),
)
#: Letters of a row that keeps a sentence.
LONGEST = 250
_DAY = "day"
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def kept(sentence: str, **facts: object) -> str:
    """One of the ``SENTENCES`` as a row keeps it. A ``day`` is a date."""
    with override(MASTER):
        words = {name: full_day(fact) if isinstance(fact, date) else fact for name, fact in facts.items()}
        return (gettext(sentence) % words)[:LONGEST]


def kept_tap(kind: str) -> str:
    """What is kept of one tap that says of a talk of this kind that follow-up is needed, and no word of what."""
    with override(MASTER):
        return _tap(kind)


def said(words: str) -> str:
    """What a row keeps, for whoever reads now; in a language that no colleague reads it stays Dutch."""
    code = get_language() or MASTER
    if code == MASTER or code not in STAFF_CODES:
        return words
    if words in (taps := _taps()):
        return _tap(taps[words])
    for sentence, pattern in _patterns().items():
        if found := pattern.fullmatch(words):
            return gettext(sentence) % {name: _fact(name, fact) for name, fact in found.groupdict().items()}
    return words


def _tap(kind: str) -> str:
    words = f"{ContactKind(kind).label}{colon()} {Outcome.REACHED_FOLLOW_UP.label}"
    return words[:1].upper() + words[1:]


@cache
def _taps() -> dict[str, str]:
    return {kept_tap(kind): kind for kind in ContactKind.values}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    with override(MASTER):
        return {sentence: re.compile(_pattern(gettext(sentence)), re.DOTALL) for sentence in SENTENCES}


def _pattern(words: str) -> str:
    parts = _PLACEHOLDER.split(words)
    return "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))


def _fact(name: str, words: str) -> str:
    return next(_days_like(words), words) if name == _DAY else words


def _days_like(words: str) -> Iterator[str]:
    """The day that a row has in Dutch words, in the words of the language of now."""
    number, month, year = [*words.split(), "", "", ""][:3]
    if number.isdigit() and year.isdigit() and month in (months := _months()):
        yield full_day(date(int(year), months.index(month) + 1, int(number)))


@cache
def _months() -> list[str]:
    with override(MASTER):
        return [full_day(date(2000, month, 1)).split()[1] for month in range(1, 13)]
