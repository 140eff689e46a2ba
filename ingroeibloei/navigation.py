"""The entries of the rail for each role, and of the parents' pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import F, Func, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from ingroeibloei.help.topics import topic_of
from messaging.models import Thread, TranslationRequest, VoiceRequest
from parents.models import Absence, DataRequest, FamilyMatch, Guardian, ReadingAlert
from reports.models import DataBreach
from reports.models.breaches import hours_until
from reports.views.tabs import FIGURE_READERS
from schools import clock
from schools.access import CLB_STAFF, FAMILY_WORKERS, SCHOOL_TEAM, WHOLE_SCHOOL, assignment_for
from schools.models import FactorReset, Role, User
from schools.scope import Scope, scope_of
from schools.staffing import MANAGERS, colleagues_of
from schools.texts.rights import MAINTAINERS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


#: Entries of who administers the portal, which who administers a school does not have.
_OF_THE_PORTAL = ("places", "operations")
#: And those of who heads a school or directs a centre: to others these lists are empty, whatever happened.
_OF_WHO_ANSWERS = ("reading_alerts", "breach_list")
#: Pages that are reached from an entry's own page, as tabs.
_UNDER = {
    "dashboard": ("figures_work", "target_list", "equity_list", "scan_list", "hours", "budget"),
    "plan_list": ("card_list", "card_questions", "edition_new", "own_name"),
}


def _entry(request: HttpRequest, label: StrOrPromise, name: str, icon: str, count: object = None) -> dict[str, Any]:
    url = reverse(name)
    own = (url, *(reverse(other) for other in _UNDER.get(name, ())))
    fits = max((len(one) for one in own if request.path.startswith(one)), default=0)
    return {"label": label, "url": url, "icon": icon, "current": fits > 0, "fits": fits, "count": count}


def _one_current(entries: list[dict[str, Any]]) -> None:
    """A page under two entries stands under the one whose address says most of it."""
    best = max((entry["fits"] for entry in entries), default=0)
    for entry in entries:
        entry["current"] = 0 < entry["fits"] == best


def _waiting(request: HttpRequest) -> SimpleLazyObject:
    """Questions that wait for this user or for nobody yet; counted only where the rail is drawn."""
    return SimpleLazyObject(lambda: Thread.objects.visible_to(request.user).waiting().for_me(request.user).count())


def _away(request: HttpRequest) -> SimpleLazyObject:
    """Reports of absence that nobody has seen."""
    return SimpleLazyObject(lambda: Absence.objects.visible_to(request.user).to_see().count())


def _to_translate(request: HttpRequest) -> SimpleLazyObject:
    """What translators are asked to write or to read aloud and this one may take or has taken."""
    written = TranslationRequest.objects.visible_to(request.user).running()
    read = VoiceRequest.objects.visible_to(request.user).waiting()
    return SimpleLazyObject(lambda: written.count() + read.count())


def _unusual(request: HttpRequest) -> SimpleLazyObject:
    """Unusual reading that this user still has to look at."""
    return SimpleLazyObject(lambda: _oversight(request)["unusual"])


def _oversight(request: HttpRequest) -> dict[str, Any]:
    """What who answers for a place has to look at, in one query for the page: how much unusual reading, and until when
    the supervisor is to be told of the most urgent data breach."""
    if not hasattr(request, "_oversight"):
        alerts = ReadingAlert.objects.editable_by(request.user).order_by().values("pk")
        urgent = DataBreach.objects.visible_to(request.user).running()
        number = alerts.annotate(number=Func(F("pk"), function="COUNT")).values("number")
        request._oversight = User.objects.values(  # type: ignore[attr-defined]
            unusual=Subquery(number),
            breach=Subquery(urgent.values("pk")[:1]),
            due_at=Subquery(urgent.values("due_at")[:1]),
        ).get(pk=scope_of(request.user).user_id or 0)
    known: dict[str, Any] = request._oversight  # type: ignore[attr-defined]
    return known


def _urgent_breach(request: HttpRequest) -> dict[str, Any] | None:
    """The data breach whose time runs out first, for the banner on every page of who keeps it."""
    if request.path.startswith(reverse("breach_list")):
        return None
    found = _oversight(request)
    if found["breach"] is None:
        return None
    return {
        "hours": hours_until(found["due_at"]),
        "is_over": found["due_at"] <= clock.now(),
        "url": reverse("breach", args=[found["breach"]]),
    }


def _asked(request: HttpRequest) -> SimpleLazyObject:
    """Requests about data that wait for a decision."""
    return SimpleLazyObject(lambda: DataRequest.objects.editable_by(request.user).count())


def _lost_factors(request: HttpRequest) -> SimpleLazyObject:
    """Second factors to take away that wait for a second person."""
    return SimpleLazyObject(
        lambda: FactorReset.objects.open().filter(user__in=colleagues_of(scope_of(request.user))).count()
    )


def _alike(request: HttpRequest) -> SimpleLazyObject:
    """Families that may be one and wait for the joint worker."""
    return SimpleLazyObject(lambda: FamilyMatch.objects.editable_by(request.user).count())


_Entry: TypeAlias = "tuple[frozenset[Role], StrOrPromise, str, str, Callable[[HttpRequest], object] | None]"
_SHARERS = frozenset({Role.JOINT_CLB, Role.COORDINATOR})
_DIRECTORS = frozenset({Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.COORDINATOR})
#: Who sets the rules for translations, and finds the translators on that page.
_RULERS = frozenset({*CLB_STAFF, Role.HEAD, Role.ADMIN})
#: Who answers for a school, a centre or the portal.
_KEEPERS = frozenset({Role.HEAD, Role.CLB_DIRECTOR, Role.ADMIN})
#: Each entry of the rail: for which roles, its words, route and icon, and what is counted beside it. The first four of
#: a role are those in a phone's bar: what it came for, in words short enough to stand beside each other.
_RAIL: list[_Entry] = [
    (frozenset(FAMILY_WORKERS), _("My week"), "my_week", "calendar-check", None),
    (frozenset(FAMILY_WORKERS), _("Families"), "family_list", "users", None),
    (frozenset(FAMILY_WORKERS), _("Notices"), "notice_list", "send", None),
    (frozenset(FAMILY_WORKERS), _("Questions"), "thread_list", "message-circle", _waiting),
    (frozenset(FAMILY_WORKERS), _("To call"), "call_list", "phone-call", None),
    (frozenset({Role.HEAD, Role.OFFICE}), _("Children"), "pupil_list", "backpack", None),
    (frozenset({Role.TEACHER, *WHOLE_SCHOOL}), _("Parent meetings"), "conference_list", "calendar-clock", None),
    (frozenset({Role.TEACHER, *WHOLE_SCHOOL}), _("Interpreters"), "interpreter_list", "languages", None),
    (frozenset({Role.TEACHER, *WHOLE_SCHOOL}), _("Not at school"), "absence_list", "calendar-x", _away),
    (frozenset({Role.TEACHER, *WHOLE_SCHOOL, Role.JOINT_CLB}), _("Gatherings"), "gathering_list", "coffee", None),
    (frozenset({Role.PARTNER}), _("Gatherings"), "partner_gatherings", "coffee", None),
    (frozenset({Role.TEACHER, *WHOLE_SCHOOL}), _("At the gate"), "gate_code", "qr-code", None),
    (
        frozenset({*CLB_STAFF, Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON}),
        _("Not reached"), "not_reached", "phone-missed", None,
    ),
    (frozenset({*SCHOOL_TEAM, Role.OFFICE, Role.JOINT_CLB}), _("Measurements"), "measurement_list", "smile", None),
    (frozenset({Role.JOINT_CLB}), _("Same family?"), "same_families", "merge", _alike),
    (frozenset({Role.ADMIN}), _("Places"), "places", "map-pin", None),
    (frozenset({Role.ADMIN}), _("Operations"), "operations", "heart-pulse", None),
    (frozenset(MANAGERS), _("Colleagues"), "staff_list", "contact", None),
    (frozenset({Role.HEAD, Role.OFFICE, Role.ADMIN}), _("School lists"), "roster_list", "file-spreadsheet", None),
    (frozenset({Role.HEAD, Role.OFFICE, Role.ADMIN}), _("School calendar"), "school_calendar", "calendar-days", None),
    (
        frozenset({Role.HEAD, Role.OFFICE, Role.ADMIN}),
        _("Until somebody is reached"), "ladder_policies", "signpost", None,
    ),
    (frozenset({Role.TRANSLATOR}), _("To translate"), "translation_queue", "file-pen", _to_translate),
    (_RULERS, _("Translations"), "translation_rules", "file-pen", None),
    (frozenset({Role.CARE_COORDINATOR}), _("Translators"), "translator_list", "file-pen", None),
    (frozenset(FIGURE_READERS), _("Figures"), "dashboard", "trending-up", None),
    (_DIRECTORS, _("Evaluation"), "report_list", "clipboard-list", None),
    (
        frozenset({Role.TEACHER, *WHOLE_SCHOOL, Role.JOINT_CLB, Role.COORDINATOR}),
        _("Year planner"), "plan_list", "list-todo", None,
    ),
    (frozenset(MAINTAINERS), _("Texts"), "text_list", "file-text", None),
    (frozenset({*WHOLE_SCHOOL, *CLB_STAFF}), _("Are our data right?"), "data_checks", "list-checks", None),
    (frozenset({Role.HEAD, Role.OFFICE, *CLB_STAFF}), _("Requests about data"), "data_requests", "shield", _asked),
    (_KEEPERS, _("Unusual reading"), "reading_alerts", "eye", _unusual),
    (_KEEPERS, _("Data breaches"), "breach_list", "shield-check", None),
    # The office has no "my week", where it stands for who else may be the second of two.
    (frozenset({Role.OFFICE}), _("Lost second factors"), "factor_resets", "key-round", _lost_factors),
    (frozenset({Role.ADMIN, Role.CLB_DIRECTOR}), _("Register of processing"), "processing_register", "library", None),
]  # fmt: skip


def staff_navigation(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Rail, search and shortcuts for what the assignments allow."""
    left_out: tuple[str, ...] = () if scope.is_administrator else _OF_THE_PORTAL
    if not (scope.is_administrator or scope.led_schools or scope.directed_centres):
        left_out += _OF_WHO_ANSWERS
    entries = [
        _entry(request, label, name, icon, count=count(request) if count else None)
        for roles, label, name, icon, count in _RAIL
        if scope.roles & roles and name not in left_out and not (name == "translator_list" and scope.roles & _RULERS)
    ]
    entries.append(_entry(request, _("Draaiboek"), "playbook", "book-open"))
    # Behind the draaiboek itself: so long a label fits no phone's bar.
    if scope.roles & _SHARERS or scope.is_administrator:
        entries.append(_entry(request, _("Share the draaiboek"), "playbook_share", "forward"))
    entries.append(_entry(request, _("Help"), "help_index", "circle-help"))
    _one_current(entries)
    school = scope.assignments[0].school_id if scope.assignments else None
    assignment = assignment_for(request.user, school_id=school)
    works_with_families = bool(scope.roles & {*FAMILY_WORKERS})
    return {
        "navigation": entries,
        "search_url": reverse("search") if works_with_families else "",
        "log_contact_url": reverse("contact_new") if works_with_families else "",
        "assignment_label": str(assignment or ""),
        "sign_out_url": reverse("account_logout"),
        "account_url": reverse("own_account"),
        "report_url": reverse("breach_new"),
        "own_help": _own_help(request, scope),
        "urgent_breach": SimpleLazyObject(lambda: _urgent_breach(request)) if scope.roles & _KEEPERS else None,
    }


def _own_help(request: HttpRequest, scope: Scope) -> dict[str, Any] | None:
    """The help of the page that is asked for, if it has one for this reader."""
    match = request.resolver_match
    topic = topic_of(match.url_name or "", scope.roles) if match else None
    if topic is None:
        return None
    return {"url": reverse("help_topic", args=[topic.slug]), "label": _("Help with this page")}


def parent_navigation(request: HttpRequest, guardian: Guardian) -> dict[str, Any]:
    """The parents' own pages."""
    entries = [
        _entry(request, _("Notices"), "portal_home", "mail"),
        _entry(request, _("My choices"), "portal_choices", "settings"),
        _entry(request, _("My data"), "portal_data", "shield"),
    ]
    entries[2]["current"] = entries[2]["current"] or request.path.startswith(reverse("privacy_notice"))
    entries[0]["current"] = entries[0]["current"] and not any(entry["current"] for entry in entries[1:])
    return {"parent_navigation": entries, "sign_out_url": reverse("guardian_sign_out"), "guardian": guardian}
