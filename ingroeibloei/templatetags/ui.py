"""The words templates are built from: icons, components, block components, dates, languages and the form renderer.

Loaded as a template builtin. A component is one file in ``templates/components/``; it sees only what it is given,
plus the request, the CSRF token and the page's language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_bidi, gettext

from ingroeibloei import icons
from ingroeibloei.pictogram_words import PICTOGRAM_WORDS
from parents import ownwords
from parents.masking import in_parts
from reports.reach import LABELS
from schools import languages, marks
from schools.roster.contacts import written_phone

_WITHIN_NUMBER = re.compile(r"(?<=\d) (?=\d)")
register = template.Library()
SHARED_VARIABLES = ("request", "csrf_token", "page_language", "page_direction", "own_help")
NATIVE_INPUTS = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
}
LEFT_TO_RIGHT_INPUTS = ("email", "tel", "url", "password")


# --- Drawings --------------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """A Lucide icon, as large as the text beside it."""
    return icons.drawing("icons", name, extra_class)


@register.simple_tag
def pictogram(name: str, extra_class: str = "", *, alone: bool = False) -> SafeString:
    """One of our own pictograms for parents; ``alone`` where no word stands beside it that says the same."""
    alt = str(PICTOGRAM_WORDS[name]) if alone else ""
    return icons.drawing("pictograms", name, extra_class, alt)


@register.filter
def pictogram_word(name: str) -> str:
    """What a pictogram shows, in the language of the page."""
    return str(PICTOGRAM_WORDS[name])


# --- Components ------------------------------------------------------------------------------------------------------
def _part(context: Context, part: str, variables: dict[str, Any]) -> SafeString:
    """Render one component in a context of its own; an unknown name raises ``TemplateDoesNotExist``."""
    engine = context.template.engine if context.template else template.Engine.get_default()
    shared = {name: context[name] for name in SHARED_VARIABLES if name in context}
    return engine.get_template(f"components/{part}.html").render(context.new({**shared, **variables}))


@register.simple_tag(takes_context=True)
def component(context: Context, part: str, **variables: Any) -> SafeString:
    """``{% component "stat" label=… value=… %}``; parameters are listed on top of the component's file."""
    return _part(context, part, variables)


@register.simple_block_tag(takes_context=True)
def panel(context: Context, content: str, **variables: Any) -> SafeString:
    """A card with a heading: ``{% panel title=… icon=… %}…{% endpanel %}``."""
    return _part(context, "panel", {**variables, "content": content})


@register.simple_block_tag(takes_context=True)
def pagehead(context: Context, content: str, **variables: Any) -> SafeString:
    """The top of a page whose lead is made of parts: ``{% pagehead title=… %}…{% endpagehead %}``."""
    return _part(context, "page_head", {**variables, "lead": content})


@register.simple_block_tag(takes_context=True)
def disclosure(context: Context, content: str, **variables: Any) -> SafeString:
    """More, one tap away: ``{% disclosure summary=… %}…{% enddisclosure %}``."""
    return _part(context, "disclosure", {**variables, "content": content})


@register.simple_block_tag(takes_context=True)
def toolbar(context: Context, content: str, **variables: Any) -> SafeString:
    """A row of actions: ``{% toolbar label=… %}…{% endtoolbar %}``."""
    return _part(context, "toolbar", {**variables, "content": content})


@register.simple_block_tag(takes_context=True)
def tablewrap(context: Context, content: str, **variables: Any) -> SafeString:
    """A table with its caption; content is ``<thead>`` and ``<tbody>`` with ``data-label`` on each cell."""
    return _part(context, "table_wrap", {**variables, "content": content})


# --- Dates, in the language of the reader and always in Latin digits -------------------------------------------------
def _day(day: dt.date, form: str) -> str:
    language = get_language() or ""
    number = "j\\e\\r" if language.startswith("fr") and day.day == 1 else "j"
    date = f"{number} M" if language.startswith("en") else f"{number} b"
    date += " Y" if form in ("year", "date") else ""
    weekday = "{} D" if language.startswith("tr") else "D {}"
    words = date_format(day, date if form in ("any", "date") else weekday.format(date), use_l10n=False)
    return words.replace(" ", "\u00a0")  # a line that ends with "12" is read as a number


def _clock(moment: dt.datetime | dt.time) -> str:
    separator = "." if (get_language() or "nl").startswith("nl") else ":"
    return f"{moment.hour}{separator}{moment.minute:02}"


@register.simple_tag(name="comma")
def _comma() -> str:
    return "،" if get_language_bidi() else ","


@register.filter(expects_localtime=True)
def daydate(day: dt.date | None, form: str = "") -> str:
    """``ma 12 feb``; with ``:"year"``: ``ma 12 feb 2027``; with ``:"any"``, a day of each year: ``12 feb``; with
    ``:"date"``, where the weekday says nothing, as of a birthday: ``12 feb 2027``. Empty for no date."""
    return _day(day, form) if day else ""


@register.filter(expects_localtime=True)
def daytime(moment: dt.datetime | None, form: str = "") -> str:
    """``ma 12 feb, 15.30`` (``:"year"`` as for ``daydate``)."""
    return f"{_day(moment, form)}{_comma()} {_clock(moment)}" if moment else ""


@register.simple_tag
def hours(start: dt.datetime, end: dt.datetime | None, form: str = "") -> SafeString:
    """``ma 12 feb, 15.30–16.30``, the hours on one line (``"year"`` as for ``daydate``): ``{% hours from until %}``."""
    first = localtime(start)
    if end is None:
        return format_html("{}", daytime(first, form))
    clocks = (_clock(first), _clock(localtime(end)))
    span = '{}{} <span class="nowrap"><bdi dir="ltr">{}</bdi>–<bdi dir="ltr">{}</bdi></span>'
    return format_html(span, _day(first, form), _comma(), *clocks)


@register.filter(expects_localtime=True)
def clocktime(moment: dt.datetime | dt.time | None) -> str:
    """``15.30`` in Dutch, ``15:30`` elsewhere."""
    return _clock(moment) if moment is not None else ""


# --- Languages and numbers -------------------------------------------------------------------------------------------
@register.filter
def names(people: Iterable[Any], attribute: str = "") -> SafeString:
    """Names in a row, each keeping its own direction, with the comma of the page's script: ``{{ children|names }}``;
    of rows the ``attribute``, ``{{ children|names:"first_name" }}``."""
    each = ((getattr(person, attribute) if attribute else person,) for person in people)
    return format_html_join(f"{_comma()} ", "<bdi>{}</bdi>", each)


@register.filter("own_name")
@register.filter
def language_name(code: str) -> str:
    """The language's own name: ``pa`` → ``ਪੰਜਾਬੀ``."""
    return languages.language(code).own_name


@register.filter
def direction(code: str) -> str:
    """``ltr`` or ``rtl``, from our own table of scripts."""
    return languages.language(code).direction


@register.filter
def html_lang(code: str) -> str:
    """The BCP 47 tag for ``lang=``."""
    return languages.language(code).html_lang


@register.filter
def phone_display(number: str) -> str:
    """As people write it."""
    return written_phone(number)


@register.filter
def on_one_line(number: str) -> str:
    """A telephone number that no line breaks: a mail has no stylesheet."""
    return number.replace(" ", "\u00a0")


register.filter(in_parts)


@register.filter(is_safe=True)
def dots_at_end(text: str) -> str:
    """A title of two parts, whose dot never begins a line."""
    return str(text).replace(" · ", "\u00a0· ")


@register.filter(is_safe=True)
def whole_numbers(text: str) -> str:
    """Words in which a telephone number stands, that no line parts."""
    return _WITHIN_NUMBER.sub("\u00a0", str(text))


@register.filter
def after_count(text: str, count: Any) -> str:
    """A sentence without the number it begins with, where that number stands beside it in large."""
    return str(text).removeprefix(f"{count} ") if count not in (None, "") else str(text)


@register.filter
def without_colon(words: str) -> str:
    """What stands before an address where it can be pressed instead."""
    return str(words).rstrip(": \u00a0\u202f")


@register.filter
def said(words: str) -> str:
    """What a row of work keeps in Dutch, in the reader's language: ``{{ task.what|said }}``."""
    return ownwords.said(words)


@register.simple_tag
def colon() -> str:
    """Between a label and what it says; French leaves room before it."""
    return marks.colon()


@register.filter
def words_small(value: str) -> str:
    """``2,5 schooldagen`` with its words as a unit, which are longer than a number set large has room for."""
    number, _space, words = str(value).partition(" ")
    return format_html('{} <span class="stat-unit">{}</span>', number, words) if words else value


@register.filter
def nth(items: Sequence[Any], position: int) -> Any:
    """The item at ``position`` (from 0), or an empty text where there is none."""
    return items[position] if 0 <= position < len(items) else ""


@register.filter
def ladder_labels(given: Sequence[str] | str) -> Sequence[str]:
    """The seven rungs of the reach ladder in the reader's language, unless others are given."""
    return given or [gettext(label) for label in LABELS]


# --- Forms -----------------------------------------------------------------------------------------------------------
@register.filter
def as_fields(form: forms.BaseForm) -> str:
    """The whole form without ``<form>``, buttons and CSRF token: summary of errors, then each field."""
    return render_to_string("components/form_fields.html", {"form": form})


@register.filter
def as_field(field: BoundField) -> str:
    """One field with label, help and errors, for forms that place their fields themselves."""
    return render_to_string("components/field.html", {"field": field})


@register.filter
def control(field: BoundField) -> str:
    """The bare control; dates and times get the browser's own picker, addresses and numbers read left to right."""
    widget = field.field.widget
    widget.attrs.pop("placeholder", None)  # allauth's say once more, and too pale, what the label says
    attrs: dict[str, str | bool] = {}
    if type(widget) in NATIVE_INPUTS:
        widget.input_type, widget.format = NATIVE_INPUTS[type(widget)]
    elif isinstance(widget, forms.Textarea) and str(widget.attrs.get("rows")) == "10":
        attrs["rows"] = "4"  # Django's default of ten is for essays
    elif getattr(widget, "input_type", "") in LEFT_TO_RIGHT_INPUTS:
        attrs["dir"] = "ltr"
    return field.as_widget(attrs=attrs)


@register.filter
def written_day(field: BoundField) -> str | None:
    """The day in a field for a day, as pages write it: the browser's picker writes it in the order of the device
    (05/14/2027). Empty where none is filled in, None for another field."""
    if not isinstance(field.field, forms.DateField):
        return None
    value = field.value()
    if isinstance(value, str):
        try:
            value = field.field.to_python(value)
        except forms.ValidationError:
            return ""
    return _day(value, "year") if isinstance(value, dt.date) else ""


@register.filter
def options(field: BoundField) -> Iterator[dict[str, Any]]:
    """The choices of a radio or checkbox group; ``choice_icons`` and ``choice_help`` on the form field dress them."""
    drawings = getattr(field.field, "choice_icons", {})
    hints = getattr(field.field, "choice_help", {})
    for option in field:
        value = str(option.data["value"])
        yield {"option": option, "icon": drawings.get(value, ""), "help": hints.get(value, "")}
