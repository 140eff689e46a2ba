"""Letters of a notice: print them, give them to the children."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from messaging.forms import LetterGivenForm
from messaging.models import LetterBatch, Notice
from messaging.models.notices import AudienceKind
from messaging.services import give_letters, letters_pdf, print_letters
from schools import audit
from schools.access import FAMILY_WORKERS, staff_required
from schools.models import School

#: Their letters name children of several classes.
_OF_MANY_CLASSES = (AudienceKind.SCHOOL, AudienceKind.LEVEL)


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_batch_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the letters that wait into one file to print."""
    notice = get_object_or_404(printable_by(request.user), pk=pk)
    try:
        batch = print_letters(notice=notice, by=request.user)  # type: ignore[arg-type]
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        count = batch.deliveries.count()
        words = ngettext("%(count)d letter is ready to print.", "%(count)d letters are ready to print.", count)
        messages.success(request, words % {"count": count})
    return redirect(_letters_of(notice.pk))


@staff_required(*FAMILY_WORKERS)
@require_safe
def letter_batch_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters as one PDF, each family's language beside the Dutch. Reading it is a line in the access log."""
    batch = _batch_or_404(request, pk)
    content = letters_pdf(batch)
    audit.record(actor=request.user, verb="read", target=batch, school_id=batch.notice.school_id)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="brieven-{batch.pk}.pdf"'
    return response


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_batch_given(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters went home with the children on a day."""
    batch = _batch_or_404(request, pk)
    form = LetterGivenForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif batch.given_on:
        messages.info(request, _("These letters were already noted as given."))
    else:
        give_letters(batch=batch, by=request.user, on=form.cleaned_data["on"])  # type: ignore[arg-type]
        messages.success(request, _("Noted: the letters went home with the children."))
    return redirect(_letters_of(batch.notice_id))


def printable_by(user: object) -> QuerySet[Notice]:
    """Sent notices whose letters the user may hold: a class teacher does not print the whole school's addresses."""
    whole = Q(author_id=getattr(user, "pk", None)) | Q(school__in=School.objects.visible_to(user).values("pk"))
    return Notice.objects.visible_to(user).sent().filter(~Q(audience__in=_OF_MANY_CLASSES) | whole)


def _batch_or_404(request: HttpRequest, pk: int) -> LetterBatch:
    batches = LetterBatch.objects.filter(notice__in=printable_by(request.user).values("pk"))
    return get_object_or_404(batches.select_related("notice__school"), pk=pk)


def _letters_of(notice_id: int) -> str:
    return f"{reverse('notice_detail', args=[notice_id])}#brieven"
