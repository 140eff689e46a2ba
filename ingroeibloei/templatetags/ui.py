"""The words templates are built from: icons, components, block components and the form renderer.

Loaded as a template builtin, as the words of ``written`` are. A component is one file in ``templates/components/``; it
sees only what it is given, plus the request, the CSRF token and the page's language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ingroeibloei import icons
from ingroeibloei.pictogram_words import PICTOGRAM_WORDS
from ingroeibloei.templatetags import written
from reports.reach import LABELS

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


# --- Lists ----------------------------------------------------------------------------------------------------------
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
    return written.daydate(value, "year") if isinstance(value, dt.date) else ""


@register.filter
def options(field: BoundField) -> Iterator[dict[str, Any]]:
    """The choices of a radio or checkbox group; ``choice_icons`` and ``choice_help`` on the form field dress them."""
    drawings = getattr(field.field, "choice_icons", {})
    hints = getattr(field.field, "choice_help", {})
    for option in field:
        value = str(option.data["value"])
        yield {"option": option, "icon": drawings.get(value, ""), "help": hints.get(value, "")}
