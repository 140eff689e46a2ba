"""Bringing out an edition of the draaiboek, and who agrees to be named in it."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.edition import (
    AlreadyPublishedError,
    NothingChangedError,
    NotPublishableError,
    freeze_edition,
    publication_findings,
)
from reports.models import NamingConsent, PlaybookEdition
from reports.naming import agree_to_be_named, withdraw_naming
from reports.packaging import contents
from reports.prints import WHOLE
from reports.views.tabs import PLANNERS, PUBLISHERS, playbook_tabs
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.bell import ring
from schools.scope import scope_of
from schools.texts.rights import MAINTAINERS

#: Findings of one list: who mends these sees the next.
FINDINGS_SHOWN = 100


@staff_required(*sorted(PUBLISHERS))
@require_http_methods(["GET", "HEAD", "POST"])
def edition_new(request: HttpRequest) -> HttpResponse:
    """What still stands in the way of an edition, with its place; without anything the edition is frozen here. One
    that says nothing new is asked for twice, the second time as ``same``."""
    by = member_of_staff(request)
    is_same = False
    if request.method == "POST":
        after = row_number(request.POST.get("same") or request.POST.get("after", "")) or 0
        try:
            edition = freeze_edition(by, after=after, only_changed="same" not in request.POST)
            ring("reports.tasks.print_playbook")
        except NothingChangedError:
            is_same = True
        except NotPublishableError:
            messages.warning(request, _("Nothing is published: look at the places below."))
        except (AlreadyPublishedError, IntegrityError):
            messages.warning(
                request, _("An edition came out a moment ago. Bring out another one only if something changed.")
            )
        else:
            messages.success(request, _("Edition %(number)d is published.") % {"number": edition.number})
            return redirect("edition_new")
    found = publication_findings(contents(by))
    newest = PlaybookEdition.objects.defer("content", "package").first()
    context = {
        "tabs": playbook_tabs(request, "edition_new"),
        "findings": found[:FINDINGS_SHOWN],
        "may_mend": bool(scope_of(by).roles & frozenset(MAINTAINERS)),
        "more": max(0, len(found) - FINDINGS_SHOWN),
        "is_same": is_same,
        "edition": newest,
        "printed": newest.prints.count() if newest else 0,
        "whole": WHOLE,
    }
    return render(request, "reports/edition_new.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def own_name(request: HttpRequest) -> HttpResponse:
    """Whether one agrees to be named in the draaiboek."""
    by = member_of_staff(request)
    if request.method == "POST":
        if "agree" in request.POST:
            agree_to_be_named(by)
            messages.success(request, _("The draaiboek may name you."))
        else:
            withdraw_naming(by)
            messages.success(request, _("The draaiboek does not name you any more, from the next edition on."))
        return redirect("own_name")
    context = {
        "tabs": playbook_tabs(request, "own_name"),
        "consent": NamingConsent.objects.filter(user=by).first(),
    }
    return render(request, "reports/own_name.html", context)
