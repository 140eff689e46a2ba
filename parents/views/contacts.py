"""Logging a contact in seconds, and reading one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents.choosing import children_to_tap
from parents.forms import ContactMomentForm
from parents.forms_correcting import WithdrawalForm
from parents.forms_notes import CLBNoteForm
from parents.forms_offered import OUTCOME_ICONS
from parents.models import (
    CLBNote,
    Consent,
    ConsentPurpose,
    ContactMoment,
    ContactRevision,
    FamilyMembership,
    FollowUp,
    GivenHow,
    Guardian,
    Outcome,
    Visibility,
)
from parents.models.revisions import with_names
from parents.sealing import NoKeyError, SealBrokenError
from parents.services import give_consent, log_contact_moment, read_clb_note, share_with_school, write_clb_note
from parents.services.reachability import kinds_to_ask
from parents.views.staff import guardians_of, way_back
from schools import audit
from schools.access import CLB_STAFF, FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.accounts import address_of_proof
from schools.arriving import row_number
from schools.confirming import confirmed_lately, is_confirmed
from schools.models import CLBCentre, Enrolment, Pupil, User
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of

REVISIONS_SHOWN = 20


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """First the child, then the kind, then the outcome: three taps."""
    wanted = row_number(request.GET.get("pupil", ""))
    if wanted is None:
        return _choose_child(request)
    pupil = get_visible_or_404(Pupil.objects, request.user, pk=wanted)
    if request.method != "POST":
        note_page_of_child(request, pupil)
    form = contact_form(request, pupil, request.POST or None)
    is_ready = request.method == "POST" and form.is_valid() and not _asks_whether_second(request, form)
    if is_ready and (moment := log_from_form(request, form)) is not None:
        messages.success(request, _("Contact logged. Thank you."))
        return redirect("contact_detail", moment.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "pupil": pupil, "outcomes": outcome_buttons(), "takes_along": True}
    return render(request, "parents/contact_new.html", context, status=status)


def outcome_buttons() -> list[dict[str, object]]:
    """How a talk went: one button each."""
    return [{"value": entry.value, "label": entry.label, "icon": OUTCOME_ICONS[entry]} for entry in Outcome]


def _asks_whether_second(request: HttpRequest, form: ContactMomentForm) -> bool:
    """Whether the form goes back to somebody who logged such a talk a moment ago. Back from the page of that talk the
    form is a new one, and one tap saves; the next tap says that it was another talk."""
    sent = form.cleaned_data
    if sent["is_second"]:
        return False
    written = ContactMoment.objects.just_written(
        by=member_of_staff(request), pupil=form.pupil, kind=sent["kind"], held_on=sent["held_on"]
    )
    if not written or sent["client_id"] in [moment.client_id for moment in written]:
        return False
    first = written[0]
    said = _(
        "You logged a talk about this child a moment ago: %(kind)s, %(outcome)s. Nothing was added now. Was this "
        "another talk? Then tap once more how it went."
    )
    form.add_error(None, said % {"kind": first.get_kind_display(), "outcome": first.get_outcome_display()})
    assert isinstance(form.data, QueryDict)  # noqa: S101 - a form of a talk arrives as one
    asked = form.data.copy()
    asked["is_second"] = "on"
    form.data = asked
    return True


def log_from_form(request: HttpRequest, form: ContactMomentForm) -> ContactMoment | None:
    """Store the talk of a valid form; None, with the reason on the form, when it cannot be."""
    author = member_of_staff(request)
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.current().select_related("school").get(pupil=form.pupil)
            moment = log_contact_moment(author=author, school=enrolment.school, **form.facts())
            if (agreed := form.agreed_to_visit()) is not None:
                give_consent(
                    guardian=agreed,
                    purpose=ConsentPurpose.HOME_VISIT,
                    how=GivenHow.SPOKEN,
                    by=author,
                    school_id=enrolment.school_id,
                )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except IntegrityError:  # a colleague sent this very form, on a computer of the school: the next try is a new talk
        form.add_error(None, _("Somebody changed this in the meantime. Look at it again."))
        assert isinstance(form.data, QueryDict)  # noqa: S101 - a form of a talk arrives as one
        renewed = form.data.copy()
        renewed["client_id"] = str(uuid4())
        form.data = renewed
        return None
    return moment


def note_reading(request: HttpRequest, moment: ContactMoment) -> None:
    """A line in the access log: whoever was there sees that this talk was read."""
    audit.record_reading(
        actor=request.user,
        verb="read",
        target=moment,
        school_id=moment.school_id,
        pupils=[pupil.pk for pupil in moment.pupils.all()],
        guardians=[guardian.pk for guardian in moment.guardians.all()],
    )


@staff_required(*FAMILY_WORKERS)
@require_safe
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, and for CLB staff the sealed layer, opened with a line in the access log."""
    moments = ContactMoment.objects.select_related("family", "centre")
    moment = get_visible_or_404(moments.with_people(), request.user, pk=pk)
    return contact_page(request, moment)


def contact_page(
    request: HttpRequest,
    moment: ContactMoment,
    *,
    note: CLBNoteForm | None = None,
    withdrawal: WithdrawalForm | None = None,
) -> HttpResponse:
    """The whole page of a contact; a form of it that was refused comes back with what was typed."""
    note_reading(request, moment)
    page_lives_at(request, "contact_detail", moment.pk)
    centres = _centres_of(request.user)
    may_open = is_confirmed(request)
    context = {
        "moment": moment,
        "back": way_back(request.user, moment.family_id),
        "notes": _open_notes(member_of_staff(request), moment) if may_open else [],
        "closed_notes": 0
        if may_open
        else CLBNote.objects.of_centres(request.user).filter(contact_moment=moment).count(),
        "proof_url": "" if may_open else address_of_proof(request, reverse("contact_detail", args=[moment.pk])),
        "note_form": note or (CLBNoteForm(centres=centres) if centres else None),
        "follow_ups": _follow_ups(request.user, moment),
        "own_versions": moment.own_versions.select_related("guardian"),
        "revisions": with_names(
            ContactRevision.objects.of(moment, request.user).select_related("by")[:REVISIONS_SHOWN]
        ),
        "may_correct": ContactMoment.objects.correctable_by(request.user).filter(pk=moment.pk).exists(),
        "withdrawal": withdrawal or _withdrawal(request.user, moment),
        "may_share": moment.visibility == Visibility.CLB
        and moment.withdrawn_at is None
        and moment.centre_id in scope_of(request.user).note_centres,
    }
    return render(request, "parents/contact_detail.html", context, status=422 if note or withdrawal else 200)


def _follow_ups(user: object, moment: ContactMoment) -> list[Any]:
    """What was promised. With ``is_for_others`` where the reader of the talk does not say that it is done."""
    rows: list[Any] = list(moment.follow_ups.select_related("owner", "guardian", "contact_request__replaces"))
    own = set(FollowUp.objects.visible_to(user).filter(contact_moment=moment).values_list("pk", flat=True))
    for row in rows:
        row.is_for_others = row.pk not in own
    return rows


def _withdrawal(user: object, moment: ContactMoment) -> WithdrawalForm | None:
    """The form to take it back, for who may."""
    return WithdrawalForm() if ContactMoment.objects.withdrawable_by(user).filter(pk=moment.pk).exists() else None


@staff_required(*CLB_STAFF)
@require_POST
def contact_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the school's care team read a line of the CLB, with the consent of the parents."""
    moment = get_visible_or_404(ContactMoment.objects.filter(visibility=Visibility.CLB), request.user, pk=pk)
    try:
        share_with_school(moment=moment, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The care team of the school can read this line now."))
    return redirect("contact_detail", pk)


@staff_required(*CLB_STAFF)
@require_POST
@confirmed_lately
def clb_note_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Seal a note for one CLB."""
    moment = get_visible_or_404(
        ContactMoment.objects.select_related("family", "centre").with_people(), request.user, pk=pk
    )
    form = CLBNoteForm(request.POST, centres=_centres_of(request.user))
    if form.is_valid():
        try:
            write_clb_note(contact_moment=moment, author=member_of_staff(request), **form.cleaned_data)
        except NoKeyError:
            form.add_error(
                None, _("The key of this CLB is not on this server, so nothing was saved. Ask the operator.")
            )
        else:
            messages.success(request, _("The note is sealed."))
            return redirect("contact_detail", moment.pk)
    return contact_page(request, moment, note=form)


def note_page_of_child(request: HttpRequest, pupil: Pupil) -> None:
    """The page shows a child, its siblings and its guardians."""
    place = Enrolment.objects.current().filter(pupil=pupil).first()
    school_id = place.school_id if place else None
    audit.record_reading(actor=request.user, verb="read", target=pupil, school_id=school_id, pupils=[pupil.pk])


def contact_form(
    request: HttpRequest, pupil: Pupil, data: QueryDict | None, typed: Mapping[str, Any] | None = None
) -> ContactMomentForm:
    """The form of a talk about a child, for who is signed in; ``typed`` is what somebody began to write in it."""
    visible = Pupil.objects.visible_to(request.user)
    family = FamilyMembership.objects.current().filter(pupil=pupil).values("family_id")
    siblings = visible.filter(
        pk__in=FamilyMembership.objects.current().filter(family_id__in=family).values("pupil_id")
    ).exclude(pk=pupil.pk)
    guardians = guardians_of([pupil])
    typed_here = ContactMoment.objects.filter(recorded_by_id=request.user.pk, seconds_to_log__isnull=False)
    last = typed_here.order_by("-recorded_at").first()  # answers to questions and evenings count as contacts too
    return ContactMomentForm(
        data,
        scope=scope_of(request.user),
        pupil=pupil,
        siblings=siblings,
        guardians=Guardian.objects.filter(pk__in=[guardian.pk for guardian in guardians]),
        asks=kinds_to_ask(guardians),
        asks_home_visit=not Consent.objects.holding([pupil]).filter(purpose=ConsentPurpose.HOME_VISIT).exists(),
        centres=_centres_of(request.user),
        last=last,
        initial=dict(typed or {}),
    )


def _choose_child(request: HttpRequest) -> HttpResponse:
    """Own recent contacts first, then the own class; elsewhere by search."""
    recent = ContactMoment.objects.filter(recorded_by_id=request.user.pk).order_by("-recorded_at")
    ids = list(recent.values_list("pupils", flat=True)[:8])
    context = children_to_tap(request, Pupil.objects.all(), address=reverse("contact_new"), recent=ids)
    return render(request, "parents/contact_choose.html", context | {"takes_along": True})


def _centres_of(user: object) -> QuerySet[CLBCentre]:
    return CLBCentre.objects.filter(pk__in=scope_of(user).note_centres)


def _open_notes(user: User, moment: ContactMoment) -> list[dict[str, object]]:
    opened = []
    notes = CLBNote.objects.of_centres(user).filter(contact_moment=moment)
    for note in notes.select_related("centre", "author", "contact_moment"):
        try:
            text = read_clb_note(note=note, reader=user)
        except NoKeyError:
            text = _("The key of this CLB is not on this server. The note is safe, but cannot be read here.")
        except SealBrokenError:
            text = _("The key on this server does not open this note. Ask the operator for the key that wrote it.")
        opened.append({"note": note, "text": text})
    return opened
