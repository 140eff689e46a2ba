"""What pages show of plain Dutch: hints with their place in a field, and words that one tap puts in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from messaging import plain_dutch
from messaging.formats import filled
from messaging.forms_notice import NoticeForm
from messaging.models import Notice, NoticeKind, NoticeTemplate, NoticeText
from messaging.models.texts import SLOTS
from messaging.plain_dutch import Facts, Finding, Kind, Replacement, Report, as_typed
from messaging.plain_dutch.score import SOURCE
from messaging.plainness import report_of
from schools.languages import MASTER

#: More hints than this help nobody at once.
MOST_HINTS = 12
#: Lines of a template that hold a name or a number, not Dutch words.
_NAMES = frozenset({"teacher", "phone"})
#: Of a notice as a whole, beside what stands in single fields.
_OF_THE_WHOLE = plain_dutch.MISSING | {Kind.REQUESTS, Kind.LENGTH}


@dataclass(frozen=True, slots=True)
class Offer:
    """Words that one tap puts in: ``value`` is what the button says to the server."""

    to: str
    value: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A finding, and the field it is in: its name, label and id; all empty for the notice as a whole.

    ``first`` and ``last`` count as a browser does, in UTF-16 units.
    """

    finding: Finding
    name: str = ""
    label: str = ""
    anchor: str = ""
    first: int = 0
    last: int = 0
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class DutchField:
    """The Dutch that stands in one field."""

    name: str
    text: str
    label: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """All that a page shows. ``undo`` takes back what was put in last; ``form`` is the id of the buttons' form."""

    hints: Sequence[Hint]
    report: Report
    form: str = ""
    undo: Replacement | None = None
    source: str = field(default=SOURCE)

    @property
    def shown(self) -> Sequence[Hint]:
        return self.hints[:MOST_HINTS]

    @property
    def more(self) -> int:
        return len(self.hints) - len(self.shown)

    @property
    def status(self) -> str:
        """How much there is to do, in a line."""
        if not self.hints:
            return _("We see nothing that could be plainer.")
        words = ngettext("%(count)d hint for plainer Dutch.", "%(count)d hints for plainer Dutch.", len(self.hints))
        return words % {"count": len(self.hints)}


def of_texts(texts: Sequence[DutchField], *, form: str, undo: Replacement | None = None) -> Plain:
    """Free texts, each in a field of its own."""
    whole = plain_dutch.report("\n".join(as_typed(row.text) for row in texts))
    return Plain([hint for row in texts for hint in _hints_in(row)], whole, form, undo)


def of_form(form: NoticeForm, *, undo: Replacement | None = None) -> Plain:
    """A notice that is being written: the lines typed so far, and what the whole of it does not say."""
    hints = [hint for name in typed_lines(form) for hint in _hints_in(_written(form, name))]
    if form.template.is_blank:  # what it says is written on the next page
        return Plain(hints, plain_dutch.report(""), "notice-form", undo)
    values = form.values()
    facts = Facts(
        category=form.template.category,
        slots={slot: _dutch(getattr(form.template, f"{slot}_nl") or "", values) for slot in SLOTS},
        variables=form.template.variables,
        asks=form.chosen_kind == NoticeKind.ACTIE,
        can_answer=bool(form.chosen_answers() or form.announces),
        has_last_day=bool(form.last_day or form.announces),  # one signs up until it begins
    )
    whole = plain_dutch.report(_whole(form.template, values), facts)
    for finding in whole.findings:
        if finding.kind == Kind.DEADLINE:
            last_day = form[form.last_day_name]
            hints.append(Hint(finding, last_day.name, str(last_day.label), last_day.id_for_label))
        elif finding.kind in _OF_THE_WHOLE:
            hints.append(Hint(finding))
    return Plain(hints, whole, "notice-form", undo)


def of_notice(notice: Notice, text: NoticeText) -> Plain:
    """A draft as it will leave, by its Dutch ``text``. What stands so in its template is not its author's to mend."""
    whole = report_of(notice, text)
    usual = _usual(notice.template) if notice.template else frozenset()
    return Plain([Hint(row) for row in whole.findings if (row.kind, row.words) not in usual], whole)


def typed_lines(form: NoticeForm) -> list[str]:
    """Names of the fields in which somebody types Dutch words."""
    return [name for name in form.asked if name not in _NAMES and type(form.fields[name]) is forms.CharField]


def accepted(data: Mapping[str, Any], names: Sequence[str], choice: str) -> Replacement | None:
    """The replacement that a button asked for, when its words still stand in one of these fields."""
    wanted = plain_dutch.read_replacement(choice)
    if wanted is None or wanted.field not in names:
        return None
    return wanted if wanted.applied(as_typed(str(data.get(wanted.field) or ""))) is not None else None


def _written(form: NoticeForm, name: str) -> DutchField:
    bound = form[name]
    return DutchField(name, str(bound.value() or ""), str(bound.label), bound.id_for_label)


def _hints_in(written: DutchField) -> list[Hint]:
    text = as_typed(written.text)[: plain_dutch.LONGEST_TEXT]
    return [_hint(written, text, finding) for finding in plain_dutch.findings(text)]


def _hint(written: DutchField, text: str, finding: Finding) -> Hint:
    first = _units(text[: finding.start])
    offers = tuple(
        Offer(other, Replacement(written.name, finding.start, finding.words, other).value) for other in finding.instead
    )
    last = first + _units(finding.words)
    return Hint(finding, written.name, written.label, written.anchor, first, last, offers)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _dutch(text: str, values: Mapping[str, str]) -> str:
    with override(MASTER):
        return filled(text, values, MASTER)


def _whole(template: NoticeTemplate, values: Mapping[str, str]) -> str:
    return "\n".join(_dutch(getattr(template, f"{name}_nl") or "", values) for name in ("title", "body"))


def _usual(template: NoticeTemplate) -> frozenset[tuple[Kind, str]]:
    own = plain_dutch.findings("\n".join(getattr(template, f"{name}_nl") or "" for name in ("title", "body")))
    return frozenset((finding.kind, finding.words) for finding in own)
