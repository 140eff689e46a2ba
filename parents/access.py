"""The parents' door: which guardian is at it, and which rows are theirs.

A guardian signs in with a one-time code; the session then names the guardian. A notice's token never signs in.
Everything a parents' page shows starts at ``for_guardian``: never the other guardian's address, language, answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from parents.models import ContactMoment, ContactPoint, Guardian, Guardianship, Visibility
from schools import clock
from schools.arriving import page_before
from schools.models import Pupil

SESSION_GUARDIAN = "guardian"
SESSION_SEEN = "guardian_seen"
#: After how many minutes unused it ends, where it is not the usual time.
SESSION_MINUTES = "guardian_minutes"
SESSION_BEGAN = "guardian_began"
#: The contact points (ids) of whose code it is: it ends when none of them is the guardian's any more.
SESSION_POINTS = "guardian_points"

View = Callable[..., HttpResponseBase]


def sign_in(
    request: HttpRequest, guardian: Guardian, *, minutes: int | None = None, points: Collection[int] = ()
) -> None:
    """Start a guardian's session under a new key, by a code to ``points`` (ids); with ``minutes`` it ends when it was
    unused so long. Whoever was signed in on this browser leaves, staff too."""
    if SESSION_KEY in request.session or request.session.get(SESSION_GUARDIAN) not in (None, guardian.pk):
        request.session.flush()
        request.user = AnonymousUser()
    else:
        request.session.cycle_key()
    request.session[SESSION_GUARDIAN] = guardian.pk
    request.session[SESSION_SEEN] = request.session[SESSION_BEGAN] = clock.now().isoformat()
    request.session[SESSION_MINUTES] = minutes
    request.session[SESSION_POINTS] = [*points]


@receiver(user_logged_in)
def leave_the_parents_door(request: HttpRequest | None = None, **_facts: Any) -> None:
    """A member of staff who signs in on a browser is no guardian there."""
    if request is not None:
        for key in (SESSION_GUARDIAN, SESSION_SEEN, SESSION_MINUTES, SESSION_BEGAN, SESSION_POINTS):
            request.session.pop(key, None)


def sign_out(request: HttpRequest) -> None:
    """End it and forget everything it held."""
    request.session.flush()


def guardian_of(request: HttpRequest) -> Guardian | None:
    """The signed-in guardian, or None; read once per request. A session unused for long has ended, and that of a
    guardian who was erased; so has one that was opened with a phone or mailbox which is not theirs any more: it may be
    a stranger's now."""
    if hasattr(request, "_guardian"):
        known: Guardian | None = request._guardian
        return known
    guardian = None
    key = request.session.get(SESSION_GUARDIAN) if hasattr(request, "session") else None
    if key and not _has_expired(request):
        known_by_name = Guardian.objects.exclude(first_name="", last_name="")
        rows = known_by_name.select_related("household").filter(pk=key, merged_into=None)
        if points := request.session.get(SESSION_POINTS):
            theirs = ContactPoint.objects.usable().filter(pk__in=points, uses__guardian_id=OuterRef("pk"))
            rows = rows.filter(Exists(theirs))
        guardian = rows.first()
    request._guardian = guardian  # type: ignore[attr-defined]
    return guardian


def _has_expired(request: HttpRequest) -> bool:
    """It was not used for long, or began long ago, however often it was used: who keeps a parent's phone would stay."""
    long_ago = "2000-01-01T00:00:00+00:00"
    seen, began = (datetime.fromisoformat(request.session.get(key, long_ago)) for key in (SESSION_SEEN, SESSION_BEGAN))
    minutes = request.session.get(SESSION_MINUTES) or 60 * settings.GUARDIAN_SESSION_HOURS
    latest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return abs(clock.now() - seen) > timedelta(minutes=minutes) or abs(clock.now() - began) > latest


def say_what_was_lost(request: HttpRequest) -> None:
    """To who is asked again who they are, and sent something: an answer or an absence that nobody got."""
    if request.method == "POST":
        words = _("Too much time has passed. The school did not get what you just sent. Send it once more after this.")
        messages.warning(request, words)


def guardian_required(view: View) -> View:
    """Opens a view to a signed-in guardian; anybody else is asked to sign in. ``request.guardian`` is set."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        guardian = guardian_of(request)
        if guardian is None:
            then = request.path if request.method in ("GET", "HEAD") else page_before(request, "/ouders/")
            say_what_was_lost(request)
            return redirect(f"{reverse('guardian_sign_in')}?{urlencode({'volgende': then}, safe='/')}")
        request.session[SESSION_SEEN] = clock.now().isoformat()
        request.guardian = guardian  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    guarded.for_guardians = True  # type: ignore[attr-defined]
    return guarded


def children_of(guardian: Guardian) -> QuerySet[Pupil]:
    """The children this guardian has a right to be informed about, today."""
    running = Guardianship.objects.current().filter(guardian=guardian, information_right=True)
    return Pupil.objects.filter(pk__in=running.values("pupil_id"))


def agreed_with(guardian: Guardian) -> QuerySet[ContactMoment]:
    """Moments about the guardian's children that parents may read (class PARENT), held with this guardian or with
    nobody named: what the other parent said stays with the other parent."""
    about = ContactMoment.pupils.through.objects.filter(pupil_id__in=children_of(guardian).values("pk"))
    taken_part = ContactMoment.guardians.through.objects
    return (
        ContactMoment.objects.held()
        .filter(visibility=Visibility.PARENT, pk__in=about.values("contactmoment_id"))
        .exclude(
            pk__in=taken_part.exclude(guardian=guardian)
            .exclude(contactmoment_id__in=taken_part.filter(guardian=guardian).values("contactmoment_id"))
            .values("contactmoment_id")
        )
    )


def points_of(guardian: Guardian) -> QuerySet[ContactPoint]:
    """The guardian's own contact points that work today."""
    return ContactPoint.objects.usable().filter(uses__guardian=guardian).order_by("uses__rank")


def others_at(point: ContactPoint, guardian: Guardian, user: object) -> list[str]:
    """Names of others whom a colleague may see and who use the same number or address: it may be a slip, or one of them
    has it no more."""
    same = ContactPoint.objects.usable().filter(kind=point.kind, value=point.value)
    people = Guardian.objects.visible_to(user).filter(point_uses__contact_point__in=same.values("pk"))
    rows = people.exclude(pk=guardian.pk).order_by("first_name", "last_name", "pk").distinct()
    return [person.full_name for person in rows]
