"""Writing a notice: a draft with its texts in every language, changed until it is sent, copied, thrown away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import formats
from messaging.models import Notice, NoticePupil, NoticeTemplate, NoticeText, TextOrigin
from messaging.models.notices import AudienceKind
from messaging.selections import Selection
from messaging.services.attached_files import copy_attachments, remove_when_done
from messaging.services.drafts import locked_draft
from messaging.services.voice_files import copy_recordings, drop_recordings
from messaging.texts import answers_of, change_text, pin, template_hash, values_of, write_texts
from schools import audit, clock
from schools.languages import MASTER
from schools.models import Enrolment, Pupil, School, SchoolClass, User

UNCHANGED: Any = object()


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft says. What is not given stays as it is; in a new draft it is what the template says.

    ``values`` are the template's variables as typed, days as ISO dates; school, class, teacher and phone fill
    themselves. A missing one reads "…" until it is filled in: ``publish_notice`` insists on it. ``answer_keys`` are
    those of the template's one-tap answers that are offered: all, some or none.
    """

    values: Mapping[str, str] = UNCHANGED
    kind: str | None = None
    urgent_reason: str = UNCHANGED
    answer_keys: Collection[str] = UNCHANGED
    answer_scope: str | None = None
    answer_by: date | None = UNCHANGED
    translation_reason: str | None = None
    send_at: datetime | None = UNCHANGED

    def apply(self, notice: Notice) -> None:
        """Put it into the notice's columns, without saving."""
        for name in ("kind", "answer_scope", "translation_reason"):
            setattr(notice, name, getattr(self, name) or getattr(notice, name))
        for name in ("answer_by", "send_at", "urgent_reason"):
            if getattr(self, name) is not UNCHANGED:
                setattr(notice, name, getattr(self, name))
        if self.values is not UNCHANGED:
            notice.values = notice.values | _clean(self.values)
        if self.answer_keys is not UNCHANGED and notice.template:
            notice.answers = answers_of(notice.template, self.answer_keys)


def create_notice(
    *,
    author: User,
    template: NoticeTemplate,
    school: School | None = None,
    school_class: SchoolClass | None = None,
    pupils: Iterable[Pupil] | None = None,
    to: Selection | None = None,
    client_id: UUID | None = None,
    **content: Any,
) -> Notice:
    """A draft ``to`` a group; or, shorter, to a class, to chosen ``pupils`` or, with neither, to the whole school.

    ``content`` are the fields of Content. The same ``client_id`` twice is the same draft.
    """
    group = to or _place(school, school_class, pupils)
    with transaction.atomic():
        notice = Notice(
            author=author,
            template=template,
            kind=template.kind,
            translation_reason=template.translation_reason,
            answer_scope=template.answer_scope,
            is_confidential=template.is_confidential,
            answers=answers_of(template),
            template_hash=template_hash(template),
            client_id=client_id,
            saved_from=client_id,
            saved_at=clock.now(),
            created_at=clock.now(),
            **group.columns(),
        )
        Content(**content).apply(notice)
        notice.save()
        _pick(notice, group)
        write_texts(notice)
        audit.record(actor=author, verb="drafted", target=notice, school_id=notice.school_id)
    return notice


def update_notice(
    notice: Notice,
    *,
    to: Selection | None = None,
    dutch: Mapping[str, Any] | None = None,
    revision: int | None = None,
    page: UUID | None = None,
    **content: Any,
) -> Notice:
    """Change a draft: ``to`` whom it goes, or the fields of Content; new values write all texts anew from the template.

    ``dutch`` (title, body, subject, sms, slots) are the author's own words; its translations become stale. Raises
    ValidationError once it is sent, and with the code "changed" when ``revision``, the one the writer began from, is no
    longer the newest and the newest is not of the same ``page``.
    """
    with transaction.atomic():
        notice = locked_draft(notice)
        _refuse_overwriting(notice, revision, page)
        if to is not None:
            for name, value in to.columns().items():
                setattr(notice, name, value)
            _pick(notice, to)
        before = values_of(notice)
        words = Content(**content)
        words.apply(notice)
        notice.revision, notice.saved_from, notice.saved_at = notice.revision + 1, page, clock.now()
        if notice.template and (words.values is not UNCHANGED or to is not None):
            notice.template_hash = template_hash(notice.template)
            write_texts(notice, before)
        notice.save()
        if dutch is not None:
            master = notice.texts.get(language=MASTER)
            change_text(master, dutch)
            master.origin, master.author = TextOrigin.PERSON, notice.author
            pin(master, master)
            master.save()
    return notice


def copy_notice(notice: Notice, *, by: User, corrects: Notice | None = None, with_files: bool = True) -> Notice:
    """A new draft with the same words and voices, and copies of its files unless not ``with_files``, to the same group;
    ``corrects`` is the notice that it will replace."""
    source = Notice.objects.select_related("school", "template").get(pk=notice.pk)
    group = Selection.of(source)
    with transaction.atomic():
        same = ("template", "kind", "urgent_reason", "translation_reason", "answer_scope", "is_confidential")
        more = ("answers", "values", "answer_by", "template_hash")
        draft = Notice.objects.create(
            author=by,
            corrects=corrects or source.corrects,
            saved_at=clock.now(),
            created_at=clock.now(),
            **{name: getattr(source, name) for name in (*same, *more)},
            **group.columns(),
        )
        _pick(draft, group)
        texts = list(source.texts.all())
        for text in texts:
            text.pk, text.notice, text.is_frozen = None, draft, False
        NoticeText.objects.bulk_create(texts)
        if with_files:
            copy_attachments(source, draft)
        copy_recordings(source, draft)
        audit.record(actor=by, verb="drafted", target=draft, school_id=draft.school_id, copy_of=source.pk)
    return draft


def discard_notice(*, notice: Notice, by: User | None) -> None:
    """Throw a draft away with its files and voices. Raises ValidationError once it is sent."""
    with transaction.atomic():
        if not Notice.objects.select_for_update(of=("self",)).filter(pk=notice.pk).exists():
            return  # pressed twice
        row = locked_draft(notice)
        audit.record(actor=by, verb="discarded", target=row, school_id=row.school_id)
        remove_when_done(list(row.attachments.values_list("file", flat=True)))
        drop_recordings(row)
        row.delete()


def _place(school: School | None, school_class: SchoolClass | None, pupils: Iterable[Pupil] | None) -> Selection:
    if school is None:
        raise ValueError("A notice goes to somebody: name a school or a selection.")
    return Selection.of_place(school, school_class, pupils)


def _pick(notice: Notice, group: Selection) -> None:
    """Keep the chosen pupils of a draft, each with the class of today; other groups are settled when it leaves."""
    NoticePupil.objects.filter(notice=notice).delete()
    if group.kind != AudienceKind.PUPILS:
        return
    places = Enrolment.objects.current().filter(school_id=notice.school_id, pupil__in=group.pupils)
    rooms = dict(places.values_list("pupil_id", "school_class_id"))
    NoticePupil.objects.bulk_create(
        [
            NoticePupil(notice=notice, pupil=pupil, school_class_id=rooms.get(pupil.pk, notice.school_class_id))
            for pupil in group.pupils
        ]
    )


def _refuse_overwriting(notice: Notice, revision: int | None, page: UUID | None) -> None:
    if revision is None or revision == notice.revision or (page is not None and page == notice.saved_from):
        return
    raise ValidationError(_("This draft was changed in another window. Nothing was overwritten."), code="changed")


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    return {name: formats.plain(str(value)) for name, value in values.items() if value is not None}
