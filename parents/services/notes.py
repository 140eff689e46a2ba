from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parents import sealing
from parents.models import CLBNote, ContactMoment, Family
from schools import audit, clock
from schools.models import AuditEntry, CLBCentre, User
from schools.scope import scope_of
from schools.twice import SAME_WORDS

#: The verb under which an export stands in the access log, with the numbers of the centre and of the notes in it.
EXPORTED = "exported CLB notes"


def write_clb_note(*, contact_moment: ContactMoment, centre: CLBCentre, text: str, author: User) -> CLBNote:
    """Seal a CLB-only note for one centre. Raises PermissionDenied for a centre the author does not work for, and
    sealing.NoKeyError when the centre's key is not on this machine. Sent twice it is one note."""
    if centre.pk not in scope_of(author).note_centres:
        raise PermissionDenied
    uid = uuid4()
    number, sealed = sealing.seal(text, centre, uid)
    with transaction.atomic():
        ContactMoment.objects.select_for_update(of=("self",), no_key=True).get(pk=contact_moment.pk)
        own = CLBNote.objects.filter(contact_moment=contact_moment, centre=centre, author=author)
        last = own.filter(written_at__gt=clock.now() - SAME_WORDS).order_by("-pk").first()
        if last is not None and _opened(last, centre) == text:
            return last
        note = CLBNote.objects.create(
            uid=uid,
            contact_moment=contact_moment,
            centre=centre,
            key_number=number,
            sealed=sealed,
            author=author,
            written_at=clock.now(),
        )
        audit.record(actor=author, verb="wrote CLB note", target=note, school_id=contact_moment.school_id)
    return note


def read_clb_note(*, note: CLBNote, reader: User) -> str:
    """The note's text, with a line in the access log. Raises PermissionDenied outside the owning centre."""
    if note.centre_id not in scope_of(reader).note_centres:
        raise PermissionDenied
    text = sealing.open_sealed(bytes(note.sealed), note.centre, note.uid, note.key_number)
    moment = note.contact_moment
    audit.record_reading(
        actor=reader,
        verb="read CLB note",
        target=note,
        school_id=moment.school_id,
        pupils=moment.pupils.values_list("pk", flat=True),
        guardians=moment.guardians.values_list("pk", flat=True),
    )
    return text


def confirm_in_file(*, family: Family, centre: CLBCentre, by: User) -> int:
    """The notes of a centre about a family are in its own file, as far as they were taken along: retention may let them
    go. One that could not be opened was not. Raises PermissionDenied outside the centre, and ValidationError before
    anybody took them along."""
    if centre.pk not in scope_of(by).note_centres:
        raise PermissionDenied
    exports = AuditEntry.objects.filter(
        verb=EXPORTED, target_kind=family._meta.label_lower, target_id=family.pk, detail__centre=centre.pk
    )
    taken = {pk for detail in exports.values_list("detail", flat=True) for pk in detail.get("notes", ())}
    if not taken:
        raise ValidationError(_("First take the notes along, then put them into the file of the CLB."))
    with transaction.atomic():
        notes = CLBNote.objects.filter(
            contact_moment__family=family, centre=centre, exported_at__isnull=True, pk__in=taken
        )
        number = notes.update(exported_at=clock.now())
        audit.record(actor=by, verb="confirmed CLB notes in file", target=family, centre=centre.pk, notes=number)
    return number


def sealed_by_older_keys() -> dict[str, int]:
    """How many notes of each centre were sealed by another key than its newest."""
    return {centre.name: rows.count() for centre, rows in _older() if rows.exists()}


def closed_centres() -> list[CLBCentre]:
    """Centres of whose keys one is not here, or another goes for it: its newest note does not open."""
    closed = []
    for centre in CLBCentre.objects.order_by("name"):
        notes = CLBNote.objects.filter(centre=centre)
        for number in notes.order_by("key_number").values_list("key_number", flat=True).distinct():
            newest = notes.filter(key_number=number).order_by("-written_at", "-pk").first()
            if newest is not None and _opened(newest, centre) is None:
                closed.append(centre)
                break
    return closed


def _opened(note: CLBNote, centre: CLBCentre) -> str | None:
    """What it says; None when no key that is here opens it."""
    try:
        return sealing.open_sealed(bytes(note.sealed), centre, note.uid, note.key_number)
    except (sealing.NoKeyError, sealing.SealBrokenError):
        return None


def reseal() -> tuple[int, int]:
    """Seal by each centre's newest key what an older one sealed, without showing it to anybody: how many, and how many
    no key that is here opens."""
    done = closed = 0
    for centre, rows in _older():
        for pk in list(rows.values_list("pk", flat=True)):
            with transaction.atomic():
                note = CLBNote.objects.select_for_update().get(pk=pk)
                text = _opened(note, centre)
                if text is None:
                    closed += 1
                    continue
                note.key_number, note.sealed = sealing.seal(text, centre, note.uid)
                note.save(update_fields=["key_number", "sealed"])
                done += 1
    return done, closed


def _older() -> Iterator[tuple[CLBCentre, QuerySet[CLBNote]]]:
    for centre in CLBCentre.objects.order_by("name"):
        if newest := sealing.newest_key(centre):
            yield centre, CLBNote.objects.filter(centre=centre).exclude(key_number=newest)
