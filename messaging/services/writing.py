"""Writing a notice: a draft with its texts in every language, changed until it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import formats
from messaging.models import Notice, NoticePupil, NoticeTemplate, NoticeText, TextState
from messaging.models.notices import SLOTS, AudienceKind, NoticeStatus
from schools import audit, clock
from schools.languages import INTERFACE_CODES, MASTER
from schools.models import Pupil, School, SchoolClass, User

UNCHANGED: Any = object()
#: Longest title, subject and text message, as in the model.
_LINES = {"title": 160, "subject": 120, "sms": 320}


def create_notice(
    *,
    author: User,
    template: NoticeTemplate,
    school: School,
    school_class: SchoolClass | None,
    values: Mapping[str, str],
    answer_by: date | None = None,
    kind: str | None = None,
    pupils: Iterable[Pupil] | None = None,
) -> Notice:
    """A draft to a class, to chosen ``pupils`` or, with neither, to the whole school.

    ``values`` are the template's variables as typed, days as ISO dates; school, class, teacher and phone fill
    themselves. A missing one reads "…" until it is filled in: ``publish_notice`` insists on it.
    """
    chosen = list(pupils) if pupils is not None else None
    with transaction.atomic():
        notice = Notice.objects.create(
            school=school,
            author=author,
            template=template,
            kind=kind or template.kind,
            audience=_audience(school_class, chosen),
            school_class=school_class,
            translation_reason=template.translation_reason,
            answer_scope=template.answer_scope,
            is_confidential=template.is_confidential,
            answers=_answers(template),
            values=_clean(values),
            answer_by=answer_by,
            created_at=clock.now(),
        )
        NoticePupil.objects.bulk_create(
            [NoticePupil(notice=notice, pupil=pupil, school_class=school_class) for pupil in chosen or ()]
        )
        _write_texts(notice)
        audit.record(actor=author, verb="drafted", target=notice, school_id=school.pk)
    return notice


def update_notice(
    notice: Notice,
    *,
    values: Mapping[str, str] | None = None,
    answer_by: date | None = UNCHANGED,
    kind: str | None = None,
    dutch: Mapping[str, Any] | None = None,
) -> Notice:
    """Change a draft. New ``values`` write all texts anew from the template; ``dutch`` (title, body, subject, sms,
    slots) changes the master alone, so that its translations become stale. Raises ValidationError once it is sent."""
    with transaction.atomic():
        notice = locked_draft(notice)
        if values is not None:
            notice.values = notice.values | _clean(values)
        if answer_by is not UNCHANGED:
            notice.answer_by = answer_by
        notice.kind = kind or notice.kind
        notice.save(update_fields=["values", "answer_by", "kind"])
        if values is not None:
            _write_texts(notice)
        if dutch is not None:
            master = notice.texts.get(language=MASTER)
            _change(master, dutch)
            master.source_hash = hash_of(master)
            master.save()
    return notice


def write_translation(
    *, notice: Notice, language: str, text: Mapping[str, Any], author: User, machine: bool = False
) -> NoticeText:
    """A translation of the present Dutch, made by a person or a machine: it is no longer stale."""
    with transaction.atomic():
        notice = locked_draft(notice)
        master = notice.texts.get(language=MASTER)
        row = notice.texts.filter(language=language).first() or NoticeText(notice=notice, language=language)
        _change(row, text)
        row.state = TextState.MACHINE if machine else TextState.DRAFT
        row.source_hash, row.author, row.reviewed_by, row.reviewed_at = master.source_hash, author, None, None
        row.save()
        audit.record(actor=author, verb="translated", target=notice, school_id=notice.school_id, language=language)
    return row


def review_text(*, notice: Notice, language: str, by: User) -> None:
    """A native speaker read a translation of the present Dutch. Raises ValidationError for a stale one."""
    with transaction.atomic():
        notice = locked_draft(notice)
        master, row = notice.texts.get(language=MASTER), notice.texts.get(language=language)
        if row.source_hash != master.source_hash:
            raise ValidationError(_("The Dutch text has changed since this translation was made. Translate it first."))
        row.state, row.reviewed_by, row.reviewed_at = TextState.REVIEWED, by, clock.now()
        row.save(update_fields=["state", "reviewed_by", "reviewed_at"])
        audit.record(actor=by, verb="reviewed", target=notice, school_id=notice.school_id, language=language)


def locked_draft(notice: Notice) -> Notice:
    """The notice's row, locked. Raises ValidationError when it was sent meanwhile."""
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.status != NoticeStatus.DRAFT:
        raise ValidationError(_("This notice has been sent already. Write a new one to correct it."))
    return row


def hash_of(text: NoticeText) -> str:
    """What a translation remembers of the Dutch it was made from."""
    parts = [text.title, text.subject, text.body, text.sms, json.dumps(text.slots, sort_keys=True)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def missing_variables(notice: Notice) -> list[str]:
    """Variables of the template that nobody has filled in yet."""
    if notice.template is None:
        return []
    filled = _values(notice)
    names = [name for name in notice.template.variables if name != formats.PER_GUARDIAN]
    return [name for name in names if not str(filled.get(name) or "").strip()]


def _audience(school_class: SchoolClass | None, chosen: list[Pupil] | None) -> str:
    if chosen is not None:
        return AudienceKind.PUPILS
    return AudienceKind.CLASS if school_class else AudienceKind.SCHOOL


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    return {name: formats.plain(str(value)) for name, value in values.items() if value is not None}


def _values(notice: Notice) -> dict[str, str]:
    """What was typed, over what the portal knows itself."""
    known = {
        "school": notice.school.name,
        "phone": notice.school.phone,
        "teacher": notice.author.full_name,
        "class_name": notice.school_class.name if notice.school_class else "",
    }
    return known | {name: str(value) for name, value in notice.values.items() if value}


def _answers(template: NoticeTemplate) -> list[dict[str, Any]]:
    """The one-tap answers, frozen with their labels."""
    return [
        {"key": answer.key, "labels": {code: getattr(answer, f"label_{code}") or "" for code in INTERFACE_CODES}}
        for answer in template.answers.all()
    ]


def _write_texts(notice: Notice) -> None:
    """All languages from the template, the Dutch first."""
    template = notice.template
    if template is None:
        return
    values = _values(notice)
    master = _text(notice, template, MASTER, values)
    rows = [master, *(_text(notice, template, code, values) for code in INTERFACE_CODES if code != MASTER)]
    for row in rows:
        row.source_hash = hash_of(master)
    notice.texts.all().delete()
    NoticeText.objects.bulk_create([row for row in rows if row.body])


def _text(notice: Notice, template: NoticeTemplate, code: str, values: Mapping[str, str]) -> NoticeText:
    def words(name: str, *, short: bool = False) -> str:
        return formats.filled(getattr(template, f"{name}_{code}") or "", values, code, short=short)

    reviewed = TextState.REVIEWED if code in template.reviewed_languages else TextState.DRAFT
    return NoticeText(
        notice=notice,
        language=code,
        title=_fitting(words("title"), "title"),
        subject=_fitting(words("subject"), "subject"),
        body=words("body"),
        sms=_fitting(words("sms", short=True), "sms"),
        slots={slot: words(slot) for slot in SLOTS},
        state=TextState.MASTER if code == MASTER else reviewed,
    )


def _change(row: NoticeText, text: Mapping[str, Any]) -> None:
    for name in _LINES:
        if name in text:
            setattr(row, name, _fitting(" ".join(formats.plain_text(str(text[name])).split()), name))
    if "body" in text:
        row.body = formats.plain_text(str(text["body"]))
    if "slots" in text:
        row.slots = {slot: formats.plain_text(str(text["slots"].get(slot, ""))) for slot in SLOTS}


def _fitting(value: str, name: str) -> str:
    """The line, cut at a word where a long value made it too long for its column."""
    longest = _LINES[name]
    return value if len(value) <= longest else value[: longest - 1].rsplit(" ", 1)[0] + formats.MISSING
