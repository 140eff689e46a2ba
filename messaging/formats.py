"""How a value is written in each language: days, hours, amounts, lists of names, and names inside a line of another
direction.

Figures stay Latin and hours count to 24 in every language, so that the Dutch beside a translation shows the same.
Day and month names are our own table, in the form they take inside a sentence: Django's catalogs lack Pashto and
Somali, and write most others as a title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import override

from schools.languages import MASTER, language

ISOLATE, POP = "\u2068", "\u2069"
NO_BREAK = "\u00a0"
#: A variable that nobody has filled in yet.
MISSING = "…"
#: Filled in for each guardian when the text is shown, never stored.
PER_GUARDIAN = "child"

_DAYS = {"date", "deadline"}
_HOURS = {"time"}
_AMOUNTS = {"amount"}
#: Digits before or after the point above which nobody means an amount.
_MOST_DIGITS = 9
#: Control and direction characters, and the private-use ones that mark places in a mail's skeleton.
_CONTROLS = re.compile("[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_RIGHT_TO_LEFT = {"R", "AL"}


@dataclass(frozen=True, slots=True)
class _Words:
    """Monday first, January first; ``joined`` stands between the last two of a list; ``day`` is the order of a date."""

    weekdays: str
    months: str
    joined: str
    day: str = "{weekday} {number} {month}"


_COMMA = "{weekday}, {number} {month}"
_WORDS = {
    "nl": _Words(
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "januari februari maart april mei juni juli augustus september oktober november december",
        " en ",
    ),
    "fr": _Words(
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        " et ",
    ),
    "en": _Words(
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February March April May June July August September October November December",
        " and ",
    ),
    "tr": _Words(
        "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        " ve ",
        "{number} {month} {weekday}",
    ),
    "ar": _Words(
        "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        " و",
    ),
    "pa": _Words(
        "ਸੋਮਵਾਰ ਮੰਗਲਵਾਰ ਬੁੱਧਵਾਰ ਵੀਰਵਾਰ ਸ਼ੁੱਕਰਵਾਰ ਸ਼ਨਿੱਚਰਵਾਰ ਐਤਵਾਰ",
        "ਜਨਵਰੀ ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ",
        " ਅਤੇ ",
    ),
    "pl": _Words(
        "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        " i ",
        _COMMA,
    ),
    "bg": _Words(
        "понеделник вторник сряда четвъртък петък събота неделя",
        "януари февруари март април май юни юли август септември октомври ноември декември",
        " и ",
        _COMMA,
    ),
    "ro": _Words(
        "luni marți miercuri joi vineri sâmbătă duminică",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        " și ",
        _COMMA,
    ),
    "uk": _Words(
        "понеділок вівторок середа четвер п’ятниця субота неділя",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        " і ",
        _COMMA,
    ),
    "ru": _Words(
        "понедельник вторник среда четверг пятница суббота воскресенье",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        " и ",
        _COMMA,
    ),
    "ps": _Words(
        "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
        "جنوري فبروري مارچ اپرېل مې جون جولای اګست سپټمبر اکتوبر نومبر ډسمبر",
        " او ",
    ),
    "fa": _Words(
        "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
        "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
        " و ",
    ),
    "so": _Words(
        "Isniin Talaado Arbaco Khamiis Jimce Sabti Axad",
        "Janaayo Febraayo Maarso Abriil Maajo Juun Luulyo Agoosto Sebtembar Oktoobar Nofembar Desembar",
        " iyo ",
    ),
}


def has_words(code: str) -> bool:
    """Whether the names of days and months are known in a language; of most partners' languages they are not."""
    return language(code).text in _WORDS


def _words(code: str) -> _Words:
    return _WORDS.get(language(code).text, _WORDS[MASTER])


def long_day(day: date, code: str, *, with_year: bool = True) -> str:
    """``maandag 12 februari 2027`` in a language; in figures, ``12/02/2027``, where its words are not known. With
    ordinary spaces, as people type them: it stands in sentences and fields that are changed and compared."""
    if not has_words(code):
        return f"{day:%d/%m/%Y}" if with_year else f"{day:%d/%m}"
    words = _words(code)
    month = words.months.split()[day.month - 1]
    return words.day.format(
        weekday=words.weekdays.split()[day.weekday()],
        number="1er" if words is _WORDS["fr"] and day.day == 1 else day.day,
        month=f"{month} {day.year}" if with_year else month,
    )


def weekday_names(days: str, code: str) -> list[str]:
    """``"124"`` → maandag, dinsdag, donderdag, in a language."""
    names = _words(code).weekdays.split()
    return [names[int(digit) - 1] for digit in days if digit in "1234567"]


def hour(value: str, code: str) -> str:
    """``15.30`` in Dutch, ``15:30`` elsewhere. What is no hour stays as typed."""
    found = re.fullmatch(r"(\d{1,2})[:.hu](\d{2})(?::\d{2})?", value.strip())
    if not found:
        return value
    mark = "." if language(code).text == MASTER else ":"
    return f"{int(found[1])}{mark}{found[2]}"


def euros(value: str) -> str:
    """``€ 12,50``, with a space that does not break. What is no amount stays as typed; so does 1E99999999, which would
    be written with as many noughts."""
    try:
        amount = Decimal(value.strip().replace(",", "."))
    except InvalidOperation:
        return value
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS:
        return value
    return f"€{NO_BREAK}{amount:.2f}".replace(".", ",")


def joined(names: Sequence[str], code: str) -> str:
    """``Ali, Sara en Mo`` in the reader's language."""
    if len(names) < 2:
        return "".join(names)
    comma = "، " if language(code).script == "Arab" else ", "
    last = _words(code).joined if has_words(code) else comma
    return f"{comma.join(names[:-1])}{last}{names[-1]}"


def reminder(words: str, code: str) -> str:
    """``Herinnering: …`` before a title, a subject or a text message, in its own language."""
    with override(language(code).interface):
        return _("Reminder: %(words)s") % {"words": words}


def correction(words: str, code: str) -> str:
    """``Verbetering: …`` before a text message that replaces another, in its own language."""
    with override(language(code).interface):
        return _("Correction: %(words)s") % {"words": words}


def isolated(value: str, code: str) -> str:
    """A value that keeps its own direction inside a line: U+2068 … U+2069 around it, only where a line needs it."""
    if not value:
        return value
    runs_other_way = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in value)
    if language(code).direction == "rtl" or runs_other_way:
        return f"{ISOLATE}{value}{POP}"
    return value


def way_of(value: str) -> str:
    """``"rtl"`` where the first letter is one of a script that is written from the right, else ``"ltr"``."""
    first = next((way for letter in value if (way := unicodedata.bidirectional(letter)) in {"L", *_RIGHT_TO_LEFT}), "L")
    return "ltr" if first == "L" else "rtl"


def plain(value: str) -> str:
    """A typed value on one line, without control or direction characters, and unable to pose as a variable."""
    return _CONTROLS.sub(" ", value).replace("{", "(").replace("}", ")").strip()


def plain_text(value: str) -> str:
    """The same for a text of several lines; its variables stay."""
    return "\n".join(_CONTROLS.sub(" ", line).rstrip() for line in value.replace("\r\n", "\n").split("\n")).strip()


def written(name: str, value: str, code: str, *, short: bool = False) -> str:
    """The value of a variable in a language; ``short`` leaves out the year, for a text message."""
    value = plain(value)
    if name in _DAYS:
        try:
            return long_day(date.fromisoformat(value), code, with_year=not short)
        except ValueError:
            return value
    if name in _HOURS:
        return hour(value, code)
    return euros(value) if name in _AMOUNTS else value


def filled(text: str, values: Mapping[str, str], code: str, *, short: bool = False) -> str:
    """``text`` with its variables written in a language; the child's name stays open, an unknown one reads ``…``."""

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        if name == PER_GUARDIAN:
            return found[0]
        value = written(name, str(values.get(name) or ""), code, short=short)
        return (value if short else isolated(value, code)) or MISSING

    return _PLACEHOLDER.sub(value_of, text)


def with_children(text: str, names: Sequence[str], code: str) -> str:
    """``text`` with the child's name filled in: all children of one guardian, each keeping its own direction."""
    if "{" not in text:
        return text
    return text.replace("{" + PER_GUARDIAN + "}", joined([isolated(plain(name), code) for name in names], code))
