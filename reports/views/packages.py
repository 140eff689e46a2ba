"""The draaiboek goes to other portals, and theirs come here: editions, their packages, and taking one over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.forms_packages import PackageChoicesForm, PackageFileForm
from reports.models import PlaybookEdition, PlaybookPackage
from reports.models.playbook import INSTALLERS, may_install
from reports.packaging import (
    ComparisonChangedError,
    Item,
    PackageError,
    State,
    bring_package,
    compare,
    fingerprint,
    install,
    read,
)
from reports.packaging.archive import PACKAGE
from reports.packaging.contents import shelves
from reports.views.tabs import PUBLISHERS
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of

SHOWN = 50


@staff_required(*sorted(PUBLISHERS | INSTALLERS))
@require_safe
def playbook_share(request: HttpRequest) -> HttpResponse:
    """Editions to give away, and packages that came in."""
    if not (may_install(request.user) or scope_of(request.user).roles & PUBLISHERS):
        raise PermissionDenied
    return _share(request, PackageFileForm())


@staff_required(*sorted(INSTALLERS))
@require_POST
def package_bring(request: HttpRequest) -> HttpResponse:
    """A package comes in; nothing of it is installed yet."""
    if not may_install(request.user):
        raise PermissionDenied
    form = PackageFileForm(request.POST, request.FILES)
    if getattr(request, "is_upload_too_big", False):
        form.errors.clear()
        form.add_error("file", _("This file is too large to be a package of a draaiboek."))
    if form.is_valid():
        try:
            row = bring_package(content=form.cleaned_data["file"].read(), by=member_of_staff(request))
        except PackageError as error:
            form.add_error("file", str(error))
        else:
            return redirect("package_detail", row.pk)
    page_lives_at(request, "playbook_share")
    return _share(request, form)


package_bring.upload_bytes = PACKAGE  # type: ignore[attr-defined]


@staff_required(*sorted(INSTALLERS))
@require_http_methods(["GET", "HEAD", "POST"])
def package_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is new, the same, different with both texts, and not usable here; then what to take over of it."""
    row, user = get_visible_or_404(PlaybookPackage.objects, request.user, pk=pk), member_of_staff(request)
    package = read(bytes(row.content))
    items = compare(package, user)
    seen, has_changed = fingerprint(items), False
    form = PackageChoicesForm(request.POST or None, items=items, seen=seen)
    if form.is_bound and form.is_valid():
        try:
            if form.passes_over:
                raise ComparisonChangedError
            outcome = install(row=row, chosen=form.chosen, by=user, seen=form.cleaned_data["seen"])
        except ComparisonChangedError:
            has_changed = True
            form = PackageChoicesForm(items=items, seen=seen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _installed(outcome.added, outcome.replaced))
            return redirect("package_detail", row.pk)
    context = {
        "package": row,
        "frozen_on": package.frozen_on,
        "form": form,
        "groups": _groups(items, form),
        "has_something": any(item.state in (State.NEW, State.DIFFERENT) for item in items),
        "is_all_decided": all(item.was_kept for item in items if item.state in (State.NEW, State.DIFFERENT)),
        "has_changed": has_changed,
        "leaves_a_name_open": any("{child}" in one.theirs for item in items for one in item.differences),
    }
    return render(
        request, "reports/package_detail.html", context, status=409 if has_changed else 422 if form.errors else 200
    )


def _share(request: HttpRequest, form: PackageFileForm) -> HttpResponse:
    roles = scope_of(request.user).roles
    context = {
        "form": form,
        "editions": PlaybookEdition.objects.defer("content", "package")[:SHOWN],
        "may_publish": bool(roles & PUBLISHERS),
        "may_install": may_install(request.user),
        "packages": PlaybookPackage.objects.visible_to(request.user)
        .defer("content")
        .select_related("brought_by", "installed_by")[:SHOWN],
    }
    return render(request, "reports/playbook_share.html", context, status=422 if form.errors else 200)


def _groups(items: list[Item], form: PackageChoicesForm) -> list[dict[str, Any]]:
    """The entries by shelf: what is to be decided first, then where ours stayed before; of what is the same the number
    is enough."""
    groups = []
    for shelf in shelves(None):
        own = [item for item in items if item.shelf == shelf.code]
        by_state = {
            state.name.lower(): [item for item in own if item.state == state and not item.was_kept] for state in State
        }
        by_state["kept"] = [item for item in own if item.was_kept]
        entries = {
            name: [{"item": item, "field": form.field_of(item)} for item in found] for name, found in by_state.items()
        }
        if own:
            groups.append({"label": shelf.label, "icon": shelf.icon, **entries})
    return groups


def _installed(added: int, replaced: int) -> str:
    if not added and not replaced:
        return _("Nothing was changed: everything stays as it is here.")
    new = ngettext("%(number)d new entry", "%(number)d new entries", added) % {"number": added}
    other = ngettext("%(number)d replaced", "%(number)d replaced", replaced) % {"number": replaced}
    return _("Installed: %(new)s, %(replaced)s.") % {"new": new, "replaced": other}
