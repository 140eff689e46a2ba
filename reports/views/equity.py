"""Official figures about the pupils of our schools, and the file they come from."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reports.equity import keep_profiles, numbers_of, opened, profiles_of, sealed
from reports.equityfile import TRAITS, Found, Reading, read_profiles, wanted_only
from reports.forms_equity import EquityFileForm
from reports.models import SchoolEquityProfile
from reports.statistics import NO_FIGURE, format_number
from reports.views.tabs import EQUITY_READERS, figure_tabs
from reports.wording import in_number
from schools.access import member_of_staff, staff_required
from schools.models import Role, School
from schools.roster.findings import Unreadable
from schools.roster.sentences import sentence_of
from schools.scope import scope_of

#: More schools than this no project has.
SCHOOLS_SHOWN = 200
#: What a column was taken for.
MEANINGS = {
    "number": gettext_noop("number of the school"),
    "name": gettext_noop("name of the school"),
    "counted_on": gettext_noop("day of counting"),
    "year": gettext_noop("school year"),
    "pupils": gettext_noop("number of pupils"),
    "home_language": gettext_noop("another language than Dutch at home"),
    "mother_education": gettext_noop("mother without a secondary diploma"),
    "allowance": gettext_noop("school allowance"),
    "neighbourhood": gettext_noop("neighbourhood where many children fall behind"),
    "oki": "OKI",
}
_HEADS = (
    gettext_noop("Other language"),
    gettext_noop("Education of the mother"),
    gettext_noop("Allowance"),
    gettext_noop("Neighbourhood"),
)


@staff_required(*EQUITY_READERS)
@require_safe
def equity_list(request: HttpRequest) -> HttpResponse:
    """Each school with its years."""
    rows = [[one.school.name, _whole(one.year), *_cells(one)] for one in profiles_of(_schools(request))]
    context = {
        "tabs": figure_tabs(request, "equity_list"),
        "columns": _columns(_("School"), _("School year")),
        "rows": rows,
        "may_import": Role.JOINT_CLB in scope_of(request.user).roles,
    }
    return render(request, "reports/equity_list.html", context)


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def equity_import(request: HttpRequest) -> HttpResponse:
    """A file is looked at; what the preview shows is kept with one tap, and nothing else."""
    if "seal" in request.POST:
        return _keep(request)
    form = EquityFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        reading = _looked_at(form)
        if reading is not None:
            context |= _preview(request, form, reading)
    is_wrong = form.is_bound and "seal" not in context
    return render(request, "reports/equity_import.html", context, status=422 if is_wrong else 200)


def _looked_at(form: EquityFileForm) -> Reading | None:
    """What the file says; None, and the form says why, when it cannot be read."""
    upload, year = form.cleaned_data["file"], form.cleaned_data["first_year"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with path.open("wb") as target:
            target.writelines(upload.chunks())
        try:
            reading = read_profiles(path, name=upload.name, first_year=year)
        except Unreadable as error:
            form.add_error("file", sentence_of(error.finding))
            return None
    if not reading.columns:
        form.add_error("file", _("No header was found that names the school, its pupils and at least one trait."))
        return None
    if reading.needs_year and not reading.schools:
        form.add_error("first_year", _("The file does not say of which school year it is. Choose it here."))
        return None
    return reading


def _preview(request: HttpRequest, form: EquityFileForm, reading: Reading) -> dict[str, Any]:
    schools = numbers_of(_schools(request))
    found = list(wanted_only(reading.schools, schools))
    missing = [one.name for number, one in schools.items() if number not in {row.number for row in found}]
    preview: dict[str, Any] = {
        "looked_at": True,
        "known": [(header, _(MEANINGS[name])) for header, name in reading.columns.items()],
        "unknown": reading.unknown[:60],
        "skipped": reading.skipped[:60],
        "missing": missing,
        "columns": _columns(_("School"), _("School year")),
        "rows": [
            [schools[one.number].name, _whole(f"{one.first_year}–{one.first_year + 1}"), *_cells(one)] for one in found
        ],
    }
    return preview | ({"seal": sealed(found, form.cleaned_data["file"].name)} if found else {})


def _keep(request: HttpRequest) -> HttpResponse:
    try:
        found, source = opened(request.POST["seal"])
    except BadSignature:
        messages.warning(request, _("This preview is too old. Choose the file once more."))
        return redirect("equity_import")
    number = keep_profiles(found=found, schools=_schools(request), source=source, by=member_of_staff(request))
    words = ngettext(
        "%(number)d row of official figures is kept.", "%(number)d rows of official figures are kept.", number
    )
    messages.success(request, words % {"number": number})
    return redirect("equity_list")


def _schools(request: HttpRequest) -> list[School]:
    """Own schools, and all of one's projects: these figures are public."""
    return list(School.objects.in_figures_of(request.user).order_by("name")[:SCHOOLS_SHOWN])


def _columns(*first: str) -> list[dict[str, Any]]:
    heads = [_("Pupils"), *(_(head) for head in _HEADS), "OKI"]
    return [*({"label": label} for label in first), *({"label": label, "numeric": True} for label in heads)]


def _whole(year: str) -> SafeString:
    """A school year on one line."""
    return format_html('<span class="nowrap">{}</span>', year)


def _cells(one: Found | SchoolEquityProfile) -> list[str]:
    shares = [getattr(one, name) for name in TRAITS]
    words = [NO_FIGURE if share is None else f"{in_number(Fraction(share))}\u00a0%" for share in shares]
    return [str(one.pupils), *words, NO_FIGURE if one.oki is None else format_number(Fraction(one.oki), 2)]
