"""The entries of the rail for each role, and of the parents' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from messaging.models import Thread, TranslationRequest
from parents.models import Guardian, ReadingAlert
from schools.access import CLB_STAFF, FAMILY_WORKERS, assignment_for
from schools.models import Role
from schools.scope import Scope
from schools.texts.rights import MAINTAINERS


def _entry(request: HttpRequest, label: str, name: str, icon: str, count: object = None) -> dict[str, Any]:
    url = reverse(name)
    return {"label": label, "url": url, "icon": icon, "current": request.path.startswith(url), "count": count}


def _waiting(request: HttpRequest) -> SimpleLazyObject:
    """Questions that wait for this user or for nobody yet; counted only where the rail is drawn."""
    return SimpleLazyObject(lambda: Thread.objects.visible_to(request.user).waiting().for_me(request.user).count())


def _to_translate(request: HttpRequest) -> SimpleLazyObject:
    """What translators are asked and this one may take or has taken."""
    return SimpleLazyObject(lambda: TranslationRequest.objects.visible_to(request.user).running().count())


def _unusual(request: HttpRequest) -> SimpleLazyObject:
    """Unusual reading that this user still has to look at."""
    return SimpleLazyObject(lambda: ReadingAlert.objects.editable_by(request.user).count())


def staff_navigation(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Rail, search and shortcuts for what the assignments allow."""
    entries = []
    if scope.roles & {*FAMILY_WORKERS}:
        entries += [
            _entry(request, _("My week"), "my_week", "calendar-check"),
            _entry(request, _("Families"), "family_list", "users"),
            _entry(request, _("Notices"), "notice_list", "send"),
            _entry(request, _("Questions"), "thread_list", "message-circle", count=_waiting(request)),
            _entry(request, _("To call"), "call_list", "phone-call"),
        ]
    if scope.roles & {*CLB_STAFF, Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON}:
        entries.append(_entry(request, _("Not reached"), "not_reached", "phone"))
    if scope.roles & {Role.HEAD, Role.OFFICE, Role.ADMIN}:
        entries.append(_entry(request, _("Until reached"), "ladder_policies", "list-checks"))
    if scope.roles & {Role.HEAD, Role.CLB_DIRECTOR, Role.ADMIN}:
        entries.append(_entry(request, _("Unusual reading"), "reading_alerts", "eye", count=_unusual(request)))
    if Role.TRANSLATOR in scope.roles:
        entries.append(
            _entry(request, _("To translate"), "translation_queue", "languages", count=_to_translate(request))
        )
    if scope.roles & {*CLB_STAFF, Role.HEAD, Role.ADMIN}:
        entries.append(_entry(request, _("Translations"), "translation_rules", "languages"))
    elif Role.CARE_COORDINATOR in scope.roles:  # who may set rules finds them on that page
        entries.append(_entry(request, _("Translators"), "translator_list", "languages"))
    if scope.roles & {*CLB_STAFF, Role.HEAD, Role.COORDINATOR}:
        entries.append(_entry(request, _("Figures"), "dashboard", "trending-up"))
    if scope.roles & {Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.COORDINATOR}:
        entries.append(_entry(request, _("Evaluation"), "report_list", "clipboard-list"))
    if scope.roles & {*MAINTAINERS}:
        entries.append(_entry(request, _("Texts"), "text_list", "languages"))
    entries.append(_entry(request, _("Draaiboek"), "playbook", "book-open"))
    school = scope.assignments[0].school_id if scope.assignments else None
    assignment = assignment_for(request.user, school_id=school)
    works_with_families = bool(scope.roles & {*FAMILY_WORKERS})
    return {
        "navigation": entries,
        "search_url": reverse("family_list") if works_with_families else "",
        "log_contact_url": reverse("contact_new") if works_with_families else "",
        "assignment_label": str(assignment or ""),
        "sign_out_url": reverse("account_logout"),
        "account_url": reverse("mfa_index"),
    }


def parent_navigation(request: HttpRequest, guardian: Guardian) -> dict[str, Any]:
    """The parents' own pages."""
    entries = [
        _entry(request, _("Notices"), "portal_home", "mail"),
        _entry(request, _("My choices"), "portal_choices", "settings"),
        _entry(request, _("My data"), "portal_visits", "shield"),
    ]
    entries[0]["current"] = entries[0]["current"] and not any(entry["current"] for entry in entries[1:])
    return {"parent_navigation": entries, "sign_out_url": reverse("guardian_sign_out"), "guardian": guardian}
