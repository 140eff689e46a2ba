"""Writing a notice: choose a template, fill it in, change a draft, which saves itself meanwhile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.addressees import AddressBook
from messaging.attachments import staff_lines
from messaging.formats import MISSING, filled, hour, with_children
from messaging.forms_notice import NoticeForm
from messaging.models import Notice, NoticeTemplate
from messaging.models.texts import SLOTS
from messaging.plain_dutch import Replacement
from messaging.plainpage import of_form, typed_lines
from messaging.purposes import grouped, purpose_of
from messaging.texts import own_parts, slot_words
from messaging.views import plain
from messaging.views.owndrafts import AUTOSAVE, own_draft_or_404
from parents.models import Guardian
from parents.views.conferences import RECEIVERS
from schools import clock
from schools.access import FAMILY_WORKERS, member_of_staff, staff_required
from schools.languages import MASTER
from schools.scope import scope_of

#: Buttons that save what is there so far and go on: to the files, to the Dutch in own words.
GO_ON = {"files": "notice_files", "words": "notice_words"}
#: Fields that the page places itself.
_OWN_PLACE = frozenset(
    {"audience", "group", "pupils", "languages", "answers", "answer_scope", "translation_reason", "send_at"}
)


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_new(request: HttpRequest) -> HttpResponse:
    """What do you want to tell? One card for each template; ``?aan=`` is the group it will go to."""
    preset, rows = request.GET.get("aan", ""), list(NoticeTemplate.objects.offered())
    books = {book.sort: book for book in (AddressBook(request.user, row) for row in rows)} if preset else {}
    words = {sort: book.words_for(preset) for sort, book in books.items()}
    for_whom = next(filter(None, words.values()), "")
    if for_whom:
        rows = [row for row in rows if words[AddressBook(request.user, row).sort]]
    context = {"groups": grouped(rows), "preset": preset if for_whom else "", "for_whom": for_whom}
    return render(request, "messaging/notice_new.html", context)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_compose(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill a template in; what is saved is a draft that nobody else sees."""
    template = get_object_or_404(NoticeTemplate, slug=slug)
    begun = _begun_here(request)
    form = _form(request, template, notice=begun)
    return _answer(request, form, here=reverse("notice_compose", args=[slug]), notice=begun)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own draft."""
    related = ("template", "school", "school_class", "family", "gathering", "conference_round", "earlier", "author")
    notice: Any = own_draft_or_404(request, pk, Notice.objects.select_related(*related))
    form = _form(request, notice.template, notice=notice)
    return _answer(request, form, here=reverse("notice_edit", args=[pk]), notice=notice)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw an own draft away."""
    notice = own_draft_or_404(request, pk)
    try:
        services.discard_notice(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The draft is thrown away. Nobody got it."))
    return redirect("notice_list")


def _begun_here(request: HttpRequest) -> Notice | None:
    """The draft that this very page saved before, when its answer was lost on the way."""
    try:
        page = UUID(request.POST.get("page", ""))
    except ValueError:
        return None
    return Notice.objects.editable_by(request.user).select_related("template", "author").filter(client_id=page).first()


def _form(
    request: HttpRequest, template: NoticeTemplate, notice: Notice | None = None, given: QueryDict | None = None
) -> NoticeForm:
    spoken = Guardian.objects.visible_to(request.user).order_by().values_list("contact_language", flat=True)
    return NoticeForm(
        given or request.POST or None,
        template=template,
        book=AddressBook(request.user, template),
        languages=sorted(set(spoken.distinct())),
        author_name=str(request.user),
        notice=notice,
        preset=request.GET.get("aan", ""),
    )


def _answer(request: HttpRequest, form: NoticeForm, *, here: str, notice: Notice | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, form, here=here, notice=notice)
    if request.htmx:  # type: ignore[attr-defined]
        return _preview(request, form, notice)
    if plain.is_asked(request):
        return _hints(request, form, here=here, notice=notice)
    by_itself, goes_on = AUTOSAVE in request.headers, [there for name, there in GO_ON.items() if name in request.POST]
    if form.can_be_kept() if by_itself or goes_on else form.is_valid():
        try:
            saved = _save(request, form, notice)
        except ValidationError as error:
            return _not_saved(request, form, error, here=here, notice=notice, by_itself=by_itself)
        return _saved(saved) if by_itself else redirect(goes_on[0] if goes_on else "notice_check", saved.pk)
    if by_itself:
        return JsonResponse({"message": _why_not(form)}, status=422)
    return _page(request, form, here=here, notice=notice)


def _hints(request: HttpRequest, form: NoticeForm, *, here: str, notice: Notice | None) -> HttpResponse:
    """What could be plainer, with nothing saved: alone, or on the page with the words put in that were chosen."""
    if plain.ONLY_HINTS in request.headers:
        return plain.hints(request, of_form(form))
    data, undo = plain.put_in(request, typed_lines(form))
    if undo:
        form = _form(request, form.template, notice, data)
    return _page(request, form.without_any_complaints(), here=here, notice=notice, undo=undo)


def _save(request: HttpRequest, form: NoticeForm, notice: Notice | None) -> Notice:
    page: UUID | None = form.cleaned_data.get("page")
    content = form.content()
    group = form.selection()
    if notice is None:
        author = member_of_staff(request)
        try:
            with transaction.atomic():
                return services.create_notice(
                    author=author, template=form.template, to=group, client_id=page, **content
                )
        except IntegrityError:  # the same page saved at the same moment, or once more when its notice has left
            own = Notice.objects.visible_to(request.user).filter(author=author, client_id__isnull=False)
            notice = own.filter(client_id=page).first()
            if notice is None:
                raise
    revision = form.cleaned_data.get("revision")
    return services.update_notice(notice, to=group, revision=revision, page=page, **content)


def _saved(notice: Notice) -> JsonResponse:
    return JsonResponse(
        {
            "message": _("Saved at %(hour)s.") % {"hour": _hour_of(notice)},
            "url": reverse("notice_edit", args=[notice.pk]),
            "revision": notice.revision,
        }
    )


def _not_saved(
    request: HttpRequest,
    form: NoticeForm,
    error: ValidationError,
    *,
    here: str,
    notice: Notice | None,
    by_itself: bool,
) -> HttpResponse:
    newer = Notice.objects.editable_by(request.user).filter(pk=notice.pk).first() if notice else None
    is_conflict = getattr(error, "code", "") == "changed"
    if by_itself:
        return JsonResponse({"message": " ".join(error.messages)}, status=409)
    if is_conflict and newer:
        form.show_newer(newer)
        return _page(request, form, here=here, notice=notice, newer=newer)
    form.add_error(None, error)
    return _page(request, form, here=here, notice=notice)


def _why_not(form: NoticeForm) -> str:
    """Why the page did not save by itself."""
    if form.selection() is None:
        return _("Not saved yet: choose first to whom it goes.")
    labels = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    return _("Not saved yet. Look at: %(fields)s.") % {"fields": ", ".join(labels)}


def _hour_of(notice: Notice) -> str:
    moment = (notice.saved_at or notice.created_at).astimezone(clock.BRUSSELS)
    return hour(f"{moment:%H:%M}", get_language() or MASTER)


def _page(
    request: HttpRequest,
    form: NoticeForm,
    *,
    here: str,
    notice: Notice | None = None,
    newer: Notice | None = None,
    undo: Replacement | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "template": form.template,
        "purpose": purpose_of(form.template),
        "notice": notice,
        "here": here,
        "nowhere": notice is None and form.book.is_empty,
        "new_round_url": reverse("conference_new") if scope_of(request.user).roles & {*RECEIVERS} else "",
        "newer": newer,
        "own_place": _OWN_PLACE,
        "attachments": staff_lines(notice) if notice else [],
        "saved_at": _hour_of(notice) if notice else "",
        "preview": dutch_preview(form, notice),
        "plain": of_form(form, undo=undo),
    }
    is_refused = form.is_bound and not plain.is_asked(request)
    return render(request, "messaging/notice_compose.html", context, status=422 if is_refused else 200)


def _preview(request: HttpRequest, form: NoticeForm, notice: Notice | None) -> HttpResponse:
    """The preview, and beside it the children of the class that was chosen meanwhile."""
    context = {"preview": dutch_preview(form, notice), "form": form.without_complaints()}
    return render(request, "messaging/_compose_parts.html", context)


def dutch_preview(form: NoticeForm, notice: Notice | None = None) -> dict[str, Any]:
    """The Dutch title, slots and answers as parents will read them; what is not filled in reads as ``…``. What the
    author wrote in own words stands as written."""
    template, values = form.template, form.values()
    with override(MASTER):
        words = {slot: _read(slot_words(template, slot, values, MASTER)) for slot in SLOTS}
        words["title"] = MISSING if template.is_blank else _read(filled(template.title, values, MASTER))
        own = own_parts(notice) if notice else {}
        words |= {name: _read(typed) for name, typed in own.items()}
        slots = {slot: words[slot] for slot in SLOTS}
        chosen = form.selection()
        meetings = chosen.conference_round if chosen else None
        leads_to_times = meetings is not None and meetings.books_until is not None
        answers = [_("Choose a time")] if leads_to_times else [answer.label for answer in form.chosen_answers()]
        has_gaps = any(MISSING in text for text in words.values())
        said = {"title": words["title"], "slots": slots, "answers": answers}
        own_title = words["title"] if "title" in own else ""
        return said | {"is_own": bool(own), "own_title": own_title, "has_gaps": has_gaps}


def _read(text: str) -> str:
    return with_children(text, [_("(the child's name)")], MASTER)
