"""A talk that was noted wrongly: its writer puts it right, its writer or the head takes it back. Of a writer who left
whoever answers for it by now does."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parents.forms_correcting import CorrectionForm, WithdrawalForm
from parents.models import ContactMoment, Guardian, Guardianship
from parents.services.correcting import correct_contact_moment, require_no_evening, withdraw_contact_moment
from parents.views.contacts import contact_page, note_reading
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.scope import scope_of


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The talk as it stands, to be put right; what it said before stays readable."""
    rows = ContactMoment.objects.correctable_by(request.user).with_people()
    moment = get_visible_or_404(rows, request.user, pk=pk)
    form = CorrectionForm(
        request.POST or None,
        moment=moment,
        seen=moment.revisions.count(),
        scope=scope_of(request.user),
        guardians=_present_or_of(moment, request.user),
    )
    if request.method != "POST":
        note_reading(request, moment)
    if request.method == "POST" and form.is_valid():
        try:
            changed = correct_contact_moment(
                moment=moment, by=member_of_staff(request), facts=form.facts(), seen=form.cleaned_data["seen"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is put right.") if changed else _("Nothing was changed."))
            return redirect("contact_detail", pk)
    context = {"form": form, "moment": moment}
    return render(request, "parents/contact_correct.html", context, status=422 if form.errors else 200)


def _present_or_of(moment: ContactMoment, user: object) -> QuerySet[Guardian]:
    """Who may have been there: the guardians today of these children, of those that the writer still sees, and who
    stands there already."""
    running = Guardianship.objects.current().filter(pupil__in=[pupil.pk for pupil in moment.pupils.all()])
    known = Guardian.objects.visible_to(user).filter(pk__in=running.values("guardian_id"))
    present = [guardian.pk for guardian in moment.guardians.all()]
    return Guardian.objects.filter(pk__in=[*present, *known.values_list("pk", flat=True)])


@staff_required(*FAMILY_WORKERS)
@require_POST
def contact_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    rows = ContactMoment.objects.withdrawable_by(request.user).select_related("family", "centre")
    moment = get_visible_or_404(rows.with_people(), request.user, pk=pk)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return contact_page(request, moment, withdrawal=form)
    try:
        require_no_evening(moment)
        withdraw_contact_moment(moment=moment, by=member_of_staff(request), because=form.cleaned_data["because"])
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("It is taken back, and counts no more."))
    return redirect("contact_detail", pk)
