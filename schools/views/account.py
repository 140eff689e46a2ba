"""One's own account: what one works as and until when, where one is signed in, and what guards it."""

from __future__ import annotations

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from schools import audit, sessions
from schools.access import member_of_staff, staff_required
from schools.ownposts import own_posts
from schools.views.schoolaccounts import leads_to_issuers


@leads_to_issuers
@staff_required()
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """The own posts, browsers in which one is signed in, and the way to password and second factor."""
    colleague = member_of_staff(request)
    linked = set(SocialAccount.objects.filter(user=colleague).values_list("provider", flat=True))
    context = {
        "posts": own_posts(colleague),
        "sessions": sessions.own_sessions(request, colleague),
        "school_accounts": [
            {"id": app.provider_id, "name": app.name, "is_linked": app.provider_id in linked}
            for app in get_adapter(request).list_apps(request)
        ],
    }
    return render(request, "schools/own_account.html", context)


@staff_required()
@require_POST
def own_session_end(request: HttpRequest) -> HttpResponse:
    """Sign out elsewhere: one browser, or all others."""
    colleague = member_of_staff(request)
    mark = request.POST.get("session", "")
    ended = int(sessions.end_one(request, colleague, mark)) if mark else sessions.end_others(request, colleague)
    if ended:
        audit.record(actor=colleague, verb="signed out elsewhere", target=colleague, sessions=ended)
        words = ngettext("Signed out on %(number)d device.", "Signed out on %(number)d devices.", ended)
        messages.success(request, words % {"number": ended})
    else:
        messages.info(request, _("There you were signed out already."))
    return redirect("own_account")
