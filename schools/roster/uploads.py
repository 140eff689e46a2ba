"""What people do with a roster's upload: bring it in, have it read again, let it be applied, stop it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schools import audit, clock
from schools.bell import ring
from schools.models import RosterFinding, RosterPage, RosterPreset, RosterUpload, School, UploadState, User
from schools.roster import progress, storage
from schools.roster.plan import lets_many_leave
from schools.roster.states import FREE, move

#: The task that reads and applies uploads.
CARRY = "parents.tasks.carry_rosters"
_LONGEST_NAME = 120


def bring_in(
    *, school: School, by: User, name: str, content: bytes, preset: str = "", mapping: dict[str, Any] | None = None
) -> RosterUpload:
    """Keep a file for this school and let it be read behind the request. Raises OSError when the disk does not take
    it."""
    stored = storage.keep(content)
    try:
        with transaction.atomic():
            upload = RosterUpload.objects.create(
                school=school,
                created_at=clock.now(),
                created_by=by,
                name=Path(name).name[-_LONGEST_NAME:],
                preset=preset,
                mapping=mapping,
                file=stored,
                size=len(content),
                checksum=hashlib.sha256(content).hexdigest(),
            )
            audit.record(actor=by, verb="brought a roster", target=upload, school_id=school.pk, size=len(content))
            ring(CARRY)
    except BaseException:
        storage.remove([stored])
        raise
    return upload


def read_again(
    *, upload: RosterUpload, by: User, preset: str | None = None, mapping: dict[str, Any] | None = None
) -> None:
    """Read the file anew: with other columns, or because it was stopped. Raises ValidationError when it is being
    worked at, was brought in, or is no longer kept."""
    fields: dict[str, Any] = {} if preset is None else {"preset": preset, "mapping": mapping}
    with transaction.atomic():
        row = RosterUpload.objects.filter(pk=upload.pk).exclude(file="")
        if not move(row, UploadState.UPLOADED, problem="", problem_values={}, attempts=0, **FREE, **fields):
            raise ValidationError(_("This roster cannot be read again. Bring the file in once more."))
        progress.forget(upload.pk)
        audit.record(actor=by, verb="read a roster again", target=upload, school_id=upload.school_id)
        ring(CARRY)


def ask_to_apply(*, upload: RosterUpload, by: User | None, plan_key: str, leaving_confirmed: bool = False) -> None:
    """Bring in what the preview with this key showed. Raises ValidationError when there are errors, when another
    preview stands there by now, or when many would leave and nobody confirmed it."""
    if upload.has_errors:
        raise ValidationError(_("There are errors in this roster. Mend them in the file and bring it in again."))
    if lets_many_leave(upload.leaving, upload.enrolled) and not leaving_confirmed:
        raise ValidationError(
            _("%(leaving)d of %(enrolled)d pupils would leave. Confirm that this is right, or bring in another file.")
            % {"leaving": upload.leaving, "enrolled": upload.enrolled}
        )
    with transaction.atomic():
        shown = RosterUpload.objects.filter(pk=upload.pk, state=UploadState.READY, plan_key=plan_key).exclude(file="")
        facts = {"leaving_confirmed": leaving_confirmed, "applied_by": by, "attempts": 0, "problem": ""}
        if not move(shown, UploadState.APPLYING, **facts, **FREE):
            raise ValidationError(_("This preview is not the last one. Look at it again, then bring it in."))
        progress.forget(upload.pk)
        audit.record(actor=by, verb="asked to apply a roster", target=upload, school_id=upload.school_id)
        ring(CARRY)


def stop(*, upload: RosterUpload, by: User) -> None:
    """Stop what is under way. What is being brought in is heard to stop by the process that does it: all of it is
    undone there. Where nobody works, it stops here."""
    progress.ask_to_stop(upload.pk)
    with transaction.atomic():
        waiting = RosterUpload.objects.filter(pk=upload.pk).exclude(state=UploadState.APPLYING)
        move(waiting, UploadState.STOPPED, problem="plan_stopped", **FREE)
        audit.record(actor=by, verb="stopped a roster", target=upload, school_id=upload.school_id)
        ring(CARRY)


def save_preset(*, school: School, by: User, system: str, mapping: dict[str, Any]) -> RosterPreset:
    """Remember how this school's files of a system are read; an earlier way of the same name is replaced."""
    facts = {"mapping": mapping, "saved_at": clock.now(), "saved_by": by}
    with transaction.atomic():
        preset, _new = RosterPreset.objects.update_or_create(school=school, system=system, defaults=facts)
        audit.record(actor=by, verb="saved a preset", target=preset, school_id=school.pk)
    return preset


def forget_files() -> int:
    """Remove the files and previews of uploads older than settings.ROSTER_FILE_DAYS; checksum and counts stay. What
    was not brought in by then cannot be any more. Returns how many."""
    before = clock.now() - timedelta(days=settings.ROSTER_FILE_DAYS)
    old = RosterUpload.objects.filter(created_at__lt=before).exclude(file="").exclude(state=UploadState.APPLYING)
    forgotten = dict(old.values_list("pk", "file"))
    for pk, name in forgotten.items():
        with transaction.atomic():
            row = RosterUpload.objects.filter(pk=pk)
            move(row, UploadState.STOPPED, problem="plan_file_gone", problem_values={}, **FREE)
            row.update(file="", name="")
            RosterFinding.objects.filter(upload=pk).delete()
            RosterPage.objects.filter(upload=pk).delete()
        storage.remove([name])
    storage.remove_unknown(set(RosterUpload.objects.exclude(file="").values_list("file", flat=True)))
    return len(forgotten)
