"""Writing a notice: choose a template, fill it in, change a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from messaging.formats import filled, with_children
from messaging.forms import ABOUT_SINGLE_CHILDREN, NoticeForm
from messaging.models import Notice, NoticeTemplate
from messaging.models.notices import SLOTS
from messaging.purposes import grouped, purpose_of
from messaging.services import create_notice, update_notice
from schools.access import FAMILY_WORKERS, get_editable_or_404, staff_required
from schools.languages import MASTER
from schools.models import Pupil, School, SchoolClass


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_new(request: HttpRequest) -> HttpResponse:
    """What do you want to tell? One card for each template."""
    groups = grouped(NoticeTemplate.objects.all())
    return render(request, "messaging/notice_new.html", {"groups": groups})


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_compose(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill a template in; what is saved is a draft that nobody else sees."""
    template = get_object_or_404(NoticeTemplate, slug=slug)
    form = _form(request, template)
    if request.htmx:  # type: ignore[attr-defined]
        return _preview(request, form)
    if request.method == "POST" and form.is_valid():
        author: Any = request.user
        try:
            notice = create_notice(author=author, template=template, **form.audience_facts(), **form.facts())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("notice_check", notice.pk)
    return _page(request, form, here=reverse("notice_compose", args=[slug]))


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own draft."""
    notice = get_editable_or_404(
        Notice.objects.select_related("template", "school", "school_class"), request.user, pk=pk
    )
    form = _form(request, notice.template, notice=notice)
    if request.htmx:  # type: ignore[attr-defined]
        return _preview(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            update_notice(notice, **form.facts())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The draft is changed, in all languages."))
            return redirect("notice_check", notice.pk)
    return _page(request, form, here=reverse("notice_edit", args=[pk]), notice=notice)


def places_to_write_to(user: object, template: NoticeTemplate) -> tuple[QuerySet[SchoolClass], QuerySet[School]]:
    """Classes and whole schools the user may write to. A template that names the class goes to one class."""
    classes = SchoolClass.objects.visible_to(user).of_running_year().select_related("school")
    schools = School.objects.visible_to(user)
    one_class = "class_name" in template.variables or template.slug in ABOUT_SINGLE_CHILDREN
    return classes, schools.none() if one_class else schools


def _form(request: HttpRequest, template: NoticeTemplate, notice: Notice | None = None) -> NoticeForm:
    classes, schools = places_to_write_to(request.user, template)
    given = request.POST or (request.GET if request.htmx else None)  # type: ignore[attr-defined]
    return NoticeForm(
        given or None,
        template=template,
        classes=classes,
        schools=schools,
        pupils=Pupil.objects.visible_to(request.user),
        author_name=str(request.user),
        notice=notice,
        initial=_typed_before(notice) if notice else None,
    )


def _typed_before(notice: Notice) -> dict[str, Any]:
    return notice.values | {"kind": notice.kind, "answer_by": notice.answer_by}


def _page(request: HttpRequest, form: NoticeForm, *, here: str, notice: Notice | None = None) -> HttpResponse:
    context = {
        "form": form,
        "template": form.template,
        "purpose": purpose_of(form.template),
        "notice": notice,
        "here": here,
        "nowhere": notice is None and not form.classes and not form.schools,
        "preview": dutch_preview(form.template, form.values()),
    }
    return render(request, "messaging/notice_compose.html", context, status=422 if form.is_bound else 200)


def _preview(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    """The preview, and beside it the children of the class that was chosen meanwhile."""
    context = {"preview": dutch_preview(form.template, form.values()), "here": request.path}
    quiet = context | {"form": form.without_complaints()}
    return render(request, "messaging/_compose_parts.html", quiet)


def dutch_preview(template: NoticeTemplate, values: dict[str, str]) -> dict[str, Any]:
    """The Dutch title, slots and answers as parents will read them; what is not filled in reads as ``…``."""
    with override(MASTER):
        slots = {slot: _read(getattr(template, slot), values) for slot in SLOTS}
        answers = [answer.label for answer in template.answers.all()]
        return {"title": _read(template.title, values), "slots": slots, "answers": answers}


def _read(text: str, values: dict[str, str]) -> str:
    return with_children(filled(text, values, MASTER), [_("(the child's name)")], MASTER)
