"""The steps of a new portal, how far it is, and when it is over. What is done stands in the rows themselves, so that
one can stop at any step and go on later."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from schools import audit, clock
from schools.models import Assignment, CLBCentre, FirstStep, Network, Project, Role, School, User

Name = FirstStep.Name
#: What a step chooses from is made in another one.
_AFTER = {"scholen": "centra", "directies": "scholen"}
#: Centres of one network that are named.
CENTRES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word in the address, its title and what it is for."""

    slug: str
    title: Any
    lead: Any


STEPS = {
    step.slug: step
    for step in (
        Step(
            "centra",
            _("Networks and CLB centres"),
            _(
                "Each centre and each school belongs to one of three networks. A school is accompanied by one centre, "
                "of its own network or another."
            ),
        ),
        Step("scholen", _("First schools"), _("One is enough to begin with; more come later under Places.")),
        Step(
            "project",
            _("The project year"),
            _("What the city and the centres do together: its school year, its fund, and the day its report is due."),
        ),
        Step(
            "vakanties",
            _("Time zone and holidays"),
            _(
                "Terms, quiet days and reminders count school days in Brussels’ time. "
                "Each school adds its own free days."
            ),
        ),
        Step(
            "talen",
            _("Languages"),
            _("Notices are ready in these languages. A family’s language is asked, never guessed."),
        ),
        Step("mail", _("A mail to yourself"), _("Tries the mail server with a mail to your own address.")),
        Step("sms", _("A text message to yourself"), _("Tries the gateway with a text message to a number of yours.")),
        Step(
            "directies",
            _("Heads of the schools"),
            _("Each head appoints the own colleagues and brings in the lists."),
        ),
    )
}
#: Steps of which a row of their own says that they are done.
_MARKED = {"vakanties": Name.HOLIDAYS, "talen": Name.LANGUAGES, "mail": Name.MAIL, "sms": Name.SMS}


def is_beginning() -> bool:
    """Whether this portal began with these steps and is not through with them."""
    names = set(FirstStep.objects.filter(name__in=[Name.BEGUN, Name.OVER]).values_list("name", flat=True))
    return names == {Name.BEGUN}


def done_steps() -> set[str]:
    """Which steps are done, by their word."""
    marks = set(FirstStep.objects.values_list("name", flat=True))
    done = {slug for slug, name in _MARKED.items() if name in marks}
    facts = {"centra": CLBCentre.objects.all(), "scholen": School.objects.all(), "project": Project.objects.all()}
    done |= {slug for slug, rows in facts.items() if rows.exists()}
    if "scholen" in done and not without_head().exists():
        done.add("directies")
    return done


def networks() -> list[dict[str, str]]:
    """The three networks, each with the centres and the number of schools that are there, for the part ``facts``."""
    centres, schools = defaultdict[str, list[str]](list), Counter(School.objects.values_list("network", flat=True))
    for network, name in CLBCentre.objects.order_by("name").values_list("network", "name"):
        centres[network].append(name)
    return [
        {"term": network.label, "value": _there(centres[network.value], schools[network.value])} for network in Network
    ]


def _there(centres: list[str], schools: int) -> str:
    if not (centres or schools):
        return gettext("nobody yet")
    number = ngettext("%(number)d school", "%(number)d schools", schools) % {"number": schools}
    return " · ".join([*centres[:CENTRES_SHOWN], number])


def without_head() -> Any:
    """Schools for which no head is appointed, today or later."""
    heads = Assignment.objects.filter(role=Role.HEAD, school=OuterRef("pk")).exclude(ends_on__lt=clock.today())
    return School.objects.filter(~Exists(heads)).order_by("name")


def to_do_before(slug: str) -> Step | None:
    """The step without which this one has nothing to choose from."""
    first = _AFTER.get(slug, "")
    return STEPS[first] if first and first not in done_steps() else None


def next_step(done: set[str], after: str = "") -> str:
    """The first step that is not done, from the one after this one on; none when all are."""
    slugs = list(STEPS)
    start = slugs.index(after) + 1 if after else 0
    return next((slug for slug in (*slugs[start:], *slugs[:start]) if slug not in done), "")


def mark(slug: str, *, by: User) -> None:
    """A step that was looked at, tried, or left for later."""
    FirstStep.objects.get_or_create(name=_MARKED[slug], defaults={"done_at": clock.now(), "done_by": by})


@transaction.atomic
def finish(*, by: User) -> bool:
    """The first days are over; False while a step is not done."""
    if next_step(done_steps()):
        return False
    row, is_new = FirstStep.objects.get_or_create(name=Name.OVER, defaults={"done_at": clock.now(), "done_by": by})
    if is_new:
        audit.record(actor=by, verb="ended the first steps of the portal", target=row)
    return True
