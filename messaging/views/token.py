"""A notice by its link, without an account. GET changes nothing: link scanners click. What counts is a button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import formats, services, tokens
from messaging.announcements import announcement_for
from messaging.firstquestion import question_for
from messaging.forms_parents import BirthdayForm, QuestionForm, ShortCodeForm
from messaging.models import Channel, Delivery, OptOut
from messaging.refusable import name_for_parents, purposes_in_mail
from messaging.views import acts, opened
from messaging.views.attachments import served
from messaging.views.opened import SeeOther, by_token
from messaging.views.playing import sounding
from messaging.views.secondfact import says_birthday
from messaging.views.strips import strip_door
from parents.access import children_of, guardian_of, points_of
from parents.services.wishes import report_wrong_person
from schools.limits import Limit, client_address
from schools.pagelanguage import page_lives_at

FACTS_OF_TOKEN = Limit("second facts of a notice", 5, 3600)
#: A code has 60 bits; the limit is for whoever tries many.
CODES_FROM_ADDRESS = Limit("short codes from an address", 30, 3600)
#: And one code is a family's: it is typed a few times, not all day from everywhere.
USES_OF_CODE = Limit("uses of a short code", 20, 3600)


def _back(token: str) -> HttpResponseBase:
    return SeeOther(reverse("token_notice", args=[token]))


@require_safe
@by_token
def token_notice(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponse:
    """The notice itself."""
    return _page(request, delivery, token)


def _page(request: HttpRequest, delivery: Delivery, token: str, refused: QuestionForm | None = None) -> HttpResponse:
    names = ("answer", "read", "listened", "understood", "not_understood", "question")
    urls = {name: reverse(f"token_{name}", args=[token]) for name in names}
    context = opened.notice_context(request, delivery, _address, refused) | {"urls": urls, "token": token}
    context["attachments"] = opened.files_of(request, delivery, lambda row: reverse("token_file", args=[token, row.pk]))
    context |= opened.voices_for(request, delivery, lambda row: reverse("token_recording", args=[token, row.pk]))
    reader = guardian_of(request)
    context["is_signed_in"] = reader is not None
    if points_of(delivery.guardian).exists():  # who can open no code could not answer
        context |= question_for(request, delivery.guardian, reverse("token_choices", args=[token]))
        context["needs_code"] = reader is None or reader.pk != delivery.guardian_id
    if "meetings" in context:
        context["booking_url"] = reverse("token_booking", args=[token])
    if "invitation" in context:
        context["gathering_url"] = reverse("token_gathering", args=[token])
    if context["questions"] == "open":
        context["questions_url"] = reverse("token_measurement", args=[token])
    context["strip_url"] = strip_door(request.user, delivery)
    return render(request, "messaging/parents/token_notice.html", context, status=422 if refused else 200)


def _address(delivery: Delivery) -> str:
    return reverse("token_notice", args=[tokens.make_token(delivery)])


@require_safe
@by_token
def token_file(request: HttpRequest, delivery: Delivery, token: str, file: int) -> HttpResponseBase:
    """A file of this notice."""
    return served(request, delivery.notice, file)


@require_safe
@by_token
def token_recording(request: HttpRequest, delivery: Delivery, token: str, recording: int) -> HttpResponseBase:
    """This notice read aloud. Fetching it counts for nothing: link scanners fetch too."""
    return sounding(request, get_object_or_404(delivery.notice.recordings, pk=recording))


@require_POST
@by_token
def token_listened(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    acts.listened(request, delivery)
    return _back(token)


@require_POST
@by_token
def token_answer(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    acts.answer(request, delivery)
    return _back(token)


@require_POST
@by_token
def token_read(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    acts.confirm(request, delivery)
    return _back(token)


@require_POST
@by_token
def token_not_understood(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    acts.not_understood(request, delivery)
    return _back(token)


@require_POST
@by_token
def token_understood(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    acts.understood(request, delivery)
    return _back(token)


@require_POST
@by_token
def token_question(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    refused = acts.ask(request, delivery, shows_posts=False)
    if refused is None:
        return _back(token)
    page_lives_at(request, "token_notice", token)
    return _page(request, delivery, token, refused)


@require_http_methods(["GET", "HEAD", "POST"])
def token_second_fact(request: HttpRequest, token: str) -> HttpResponseBase:
    """At a shared phone or mailbox: only that the school has a message, until a birthday shows who reads."""
    delivery = opened.living(token)
    if delivery is None:
        return opened.gone(request)
    opened.speak_to(request, delivery)
    if not opened.needs_second_fact(request, delivery):
        return redirect("token_notice", token=token)
    form = BirthdayForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and says_birthday(form, delivery.guardian, limit=FACTS_OF_TOKEN, key=str(delivery.pk)):
        opened.remember_proof(request, delivery)
        return _back(token)
    school = delivery.notice.school
    context = {"form": form, "school": school, "school_name": school.name, "token": token}
    return render(request, "messaging/parents/second_fact.html", context)


@require_POST
def token_not_me(request: HttpRequest, token: str) -> HttpResponseBase:
    """The notice reached somebody else: the school checks the address. Needs no second fact: a stranger has none."""
    delivery = opened.living(token)
    if delivery is None:
        return opened.gone(request)
    opened.speak_to(request, delivery)
    guardian = delivery.guardian
    report_wrong_person(guardian=guardian, children=children_of(guardian), owner=delivery.notice.author)
    messages.success(request, _("Thank you for telling us. The school will check it."))
    return _back(token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def token_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """No more notices by e-mail about what this mail brought, or none by e-mail at all. POST is RFC 8058's one click,
    from mail programs without a cookie of ours: all it can do is stop e-mails of these purposes to this one guardian.
    Urgent ones still come, and other ways stay open. Where others read along, no purpose is named."""
    delivery = opened.living(token)
    if delivery is None or delivery.channel != Channel.EMAIL:
        return opened.gone(request)
    opened.speak_to(request, delivery)
    others_read = opened.needs_second_fact(request, delivery)
    if request.method == "POST":
        _stop_mails(delivery, everything=request.POST.get("what") == "everything")
    says_what_stands = request.method == "POST" or not others_read
    refused = _refused_mails(delivery) if says_what_stands else set()
    purposes = purposes_in_mail(delivery)
    named = [name_for_parents(purpose) for purpose in purposes]
    context = {
        "is_done": "" in refused or refused.issuperset(purposes),
        "everything": "" in refused,
        "purpose": "" if others_read else formats.joined(named, request.page_language),  # type: ignore[attr-defined]
        "school_name": delivery.notice.school.name,
        "delivery": None if others_read else delivery,
        "choices_url": reverse("token_choices", args=[token]),
    }
    return render(request, "messaging/parents/unsubscribe.html", context)


def _refused_mails(delivery: Delivery) -> set[str]:
    rows = OptOut.objects.filter(guardian_id=delivery.guardian_id, channel=delivery.channel)
    return set(rows.values_list("category", flat=True))


def _stop_mails(delivery: Delivery, *, everything: bool) -> None:
    """Links are forwarded: the guardian hears of the first click at every contact point (rulings 6)."""
    refused = _refused_mails(delivery)
    is_known = "" in refused or (not everything and refused.issuperset(purposes_in_mail(delivery)))
    announcement = None if is_known else announcement_for(delivery.guardian)
    if services.opt_out(delivery, everything=everything) and announcement:  # one of two clicks at the same moment
        announcement.send()


@require_http_methods(["GET", "HEAD", "POST"])
def letter_code(request: HttpRequest) -> HttpResponseBase:
    """The short code of a letter leads to the same page as a link."""
    form = ShortCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        delivery = None
        may_try = CODES_FROM_ADDRESS.spend(client_address(request))
        if may_try:
            delivery = tokens.delivery_of_short_code(form.cleaned_data["code"])
        if not may_try or (delivery and not USES_OF_CODE.spend(str(delivery.pk))):
            form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
            delivery = None
        if delivery is not None:
            return SeeOther(reverse("token_notice", args=[tokens.make_token(delivery)]))
        if not form.errors:
            form.add_error("code", _("This code is wrong or too old. Look at your letter again, or ask the school."))
    return render(request, "messaging/parents/letter_code.html", {"form": form})
