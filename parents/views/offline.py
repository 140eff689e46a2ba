"""Logging a talk without a network: the page that a browser keeps, what it takes along, and what it brings back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.forms_offered import QUICK_KINDS, visibilities_for
from parents.models import ContactKind, ContactMoment
from parents.offline.children import children_for
from parents.offline.receiving import KeptTalk, take_up
from parents.offline.sealing import CannotOpen, public_key
from parents.views.contacts import contact_form, log_from_form, note_page_of_child, outcome_buttons
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.models import CLBCentre, Pupil, User
from schools.scope import scope_of

#: Talks that are sent at once; a device with more sends them in turn.
MOST_AT_ONCE = 20
LONGEST_REQUEST = 200_000


@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The script that stays in the browser and answers when the network does not. Names nobody."""
    return render(request, "parents/offline_worker.js", content_type="text/javascript")


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """The page that the browser keeps: without children, who come from the device."""
    kinds = [(kind.value, kind.label) for kind in QUICK_KINDS]
    rest = [(kind.value, kind.label) for kind in ContactKind if kind not in (*QUICK_KINDS, ContactKind.CLB_TALK)]
    context = {"kinds": kinds, "other_kinds": rest, "outcomes": outcome_buttons()}
    answer = render(request, "parents/offline.html", context)
    patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    return answer


@staff_required(*FAMILY_WORKERS)
@require_safe
def offline_children(request: HttpRequest) -> HttpResponse:
    """What a device takes along: first names of own children, and the key with which it seals what waits."""
    user = member_of_staff(request)
    children = children_for(user)
    audit.record(actor=user, verb="took along", target=user, number=len(children))
    taken = {"user": user.pk, "key": public_key(), "children": children, "readers": _readers(user)}
    text = json.dumps(taken, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    answer = HttpResponse(text, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


def _readers(user: User) -> dict[str, list[tuple[str, str]]]:
    """Who may read a line, and which CLB owns it, the usual first, for whom that is a choice."""
    scope = scope_of(user)
    if not scope.note_centres:
        return {}
    centres = CLBCentre.objects.filter(pk__in=scope.note_centres).values_list("pk", "name")
    return {"visibility": visibilities_for(scope), "centre": [(str(pk), name) for pk, name in centres]}


@staff_required(*FAMILY_WORKERS)
@require_POST
def offline_send(request: HttpRequest) -> JsonResponse:
    """Talks that waited on a device. Each gets an answer of its own: stored, or why not; the same one twice is one."""
    try:
        if len(request.body) > LONGEST_REQUEST:
            return JsonResponse({"message": _("That is too much at once.")}, status=413)
        rows = json.loads(request.body)["talks"][:MOST_AT_ONCE]
    except (ValueError, KeyError, TypeError, RecursionError, RawPostDataException):
        return JsonResponse({"message": _("This cannot be read.")}, status=422)
    return JsonResponse({"talks": [_received(request, row) for row in rows if isinstance(row, dict)]})


@staff_required(*FAMILY_WORKERS)
@require_POST
def offline_mend(request: HttpRequest) -> HttpResponseBase:
    """A talk that could not be stored as it was, in the form of a talk, to be put right; or one (``draft``) that
    somebody was still typing, to go on with."""
    user = member_of_staff(request)
    try:
        client_id = UUID(request.POST.get("client_id", ""))
        talk = take_up(json.loads(request.POST.get("sealed", "")), client_id, user)
    except (ValueError, RecursionError, CannotOpen) as error:
        raise Http404 from error
    known = ContactMoment.objects.filter(client_id=client_id, recorded_by=user).first()
    if known is not None:
        return redirect("contact_detail", known.pk)
    pupil = get_visible_or_404(Pupil.objects, user, pk=talk.pupil)
    is_draft = "draft" in request.POST
    form = (
        contact_form(request, pupil, None, talk.typed())
        if is_draft
        else contact_form(request, pupil, _as_usual(user, talk))
    )
    note_page_of_child(request, pupil)
    context = {
        "form": form,
        "pupil": pupil,
        "outcomes": outcome_buttons(),
        "action": f"{reverse('contact_new')}?pupil={pupil.pk}",
        "opens_more": is_draft,
    }
    return render(request, "parents/contact_new.html", context, status=200 if is_draft or form.is_valid() else 422)


def _received(request: HttpRequest, row: dict[str, Any]) -> dict[str, Any]:
    """The answer for one talk: ``state`` is stored, refused (it can be put right) or lost (it cannot)."""
    name, user = str(row.get("client_id", "")), member_of_staff(request)
    try:
        client_id = UUID(name)
        if ContactMoment.objects.filter(client_id=client_id, recorded_by=user).exists():
            return {"client_id": name, "state": "stored"}
        talk = take_up(row.get("sealed") or {}, client_id, user)
    except (ValueError, CannotOpen):
        return {"client_id": name, "state": "lost", "message": _("This talk cannot be read here. Log it again.")}
    pupil = Pupil.objects.visible_to(user).filter(pk=talk.pupil).first()
    if pupil is None:
        return {
            "client_id": name,
            "state": "lost",
            "message": _("This child is no longer at one of your classes or schools. Nothing was saved."),
        }
    message = _stored(request, pupil, talk)
    if not message:
        return {"client_id": name, "state": "stored"}
    return {"client_id": name, "state": "refused", "message": message}


def _as_usual(user: User, talk: KeptTalk) -> QueryDict:
    """Who says nothing of who may read it means the usual: for the CLB's people, their CLB (domain 6.2)."""
    data = talk.data.copy()
    if not data.get("visibility"):
        data["visibility"] = visibilities_for(scope_of(user))[0][0]
    return data


def _stored(request: HttpRequest, pupil: Pupil, talk: KeptTalk) -> str:
    """Store it as the form would; why it could not be."""
    form = contact_form(request, pupil, _as_usual(member_of_staff(request), talk))
    if form.is_valid() and log_from_form(request, form) is not None:
        return ""
    return " ".join(str(message) for messages in form.errors.values() for message in messages)
