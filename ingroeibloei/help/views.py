"""The pages of the help."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ingroeibloei.help.topics import for_roles, topics
from schools.access import staff_required
from schools.scope import scope_of


@staff_required()
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """The tasks of the reader's roles first, then those of colleagues."""
    own, others = for_roles(scope_of(request.user).roles)
    return render(request, "help/help_index.html", {"own": own, "others": others})


@staff_required()
@require_safe
def help_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One task on a page, to read and to print."""
    topic = topics().get(slug)
    if topic is None:
        raise Http404
    return render(request, "help/help_topic.html", {"topic": topic})
