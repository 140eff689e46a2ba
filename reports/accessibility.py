"""The checklist with which a school looks at how easy it makes it for every parent: seven themes, a few points each.

Drawn from the domain paper (plain Dutch and pictograms 4.3, languages beside Dutch 4.4, separated parents 4.5) and the
method cards of the draaiboek. A point keeps its key for ever, so that measurements can be compared; one that is no
longer asked stays readable where it was answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a school does or does not do, as a sentence."""

    key: str
    text: str

    @property
    def words(self) -> str:
        return gettext(self.text)


@dataclass(frozen=True, slots=True)
class Theme:
    key: str
    label: str
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        return gettext(self.label)


def _theme(key: str, label: str, *texts: str) -> Theme:
    return Theme(key, label, tuple(Point(f"{key}-{number}", text) for number, text in enumerate(texts, start=1)))


THEMES: tuple[Theme, ...] = (
    _theme(
        "welcome",
        gettext_noop("Welcome"),
        gettext_noop("Somebody greets parents at the gate or at the door, also those who come for the first time."),
        gettext_noop("New families get a welcome talk with time, and see the school."),
        gettext_noop("There is a place at school where parents can sit and talk."),
        gettext_noop("Each family hears something good about its child before there is a worry."),
    ),
    _theme(
        "language",
        gettext_noop("Languages"),
        gettext_noop("Of each parent we know the contact language, and whether reading or hearing works best."),
        gettext_noop("Everybody of the team knows how to get an interpreter; children never interpret."),
        gettext_noop("A translation stands beside the Dutch and says the same."),
        gettext_noop("Parents who live apart each get everything, each in the own language."),
    ),
    _theme(
        "picture",
        gettext_noop("Plain Dutch and pictograms"),
        gettext_noop("Letters hold one message, in short sentences: who does what, where and by when."),
        gettext_noop("The same pictograms always stand beside day, hour, place, what to bring and what it costs."),
        gettext_noop("Pictograms show the way in the building: office, classes, toilets."),
        gettext_noop("What matters is also said: at the gate, by phone or as a recording."),
    ),
    _theme(
        "time",
        gettext_noop("Times"),
        gettext_noop("Talks are offered at several moments, also outside working hours."),
        gettext_noop("Parents choose their time themselves, and are reminded the day before."),
        gettext_noop("Brothers and sisters are welcome or looked after during talks and gatherings."),
        gettext_noop("Who could not come gets another moment within two weeks."),
    ),
    _theme(
        "place",
        gettext_noop("Places"),
        gettext_noop("With a pram or a wheelchair one gets to the entrance and to the room for talks."),
        gettext_noop("There is a room in which nobody listens along."),
        gettext_noop("Parents see where they may come in, and how far they may walk along."),
        gettext_noop("We also meet parents elsewhere: at home, in the library, in the reception centre."),
    ),
    _theme(
        "cost",
        gettext_noop("Costs"),
        gettext_noop("Parents know beforehand what a school year costs, and what nobody has to buy."),
        gettext_noop("A bill is clear and can be paid in parts; nobody talks about it where others hear."),
        gettext_noop("We tell about the school allowance and help to get it."),
    ),
    _theme(
        "digital",
        gettext_noop("Digital"),
        gettext_noop("What matters can be had without an app, an account or a printer."),
        gettext_noop("Parents get help with the app or their mail address, from a person."),
        gettext_noop("Messages can be read on a phone, without opening a file."),
        gettext_noop("We see who does not get or open our messages, and call them."),
    ),
)
POINTS: dict[str, Point] = {point.key: point for theme in THEMES for point in theme.points}
