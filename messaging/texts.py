"""A notice's texts, made from its template in every language, and what pins them to the words they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from messaging import formats
from messaging.models import Notice, NoticeTemplate, NoticeText, TextOrigin, TextState
from messaging.models.texts import SLOTS
from messaging.ownslots import of_values
from schools.languages import MASTER, text_codes

#: Longest title, subject and text message, as in the model.
_LINES = {"title": 160, "subject": 120, "sms": 320}
_WORDS = ("title", "subject", "body", "sms", *SLOTS)


def write_texts(notice: Notice, before: Mapping[str, str] | None = None) -> None:
    """All languages from the template, the Dutch first. What people or a machine translated stays: it is stale when the
    Dutch is another one now.

    Where the author wrote the Dutch in own words, those stay too; what is still the template's follows the new values,
    ``before`` being those it was made from.
    """
    template = notice.template
    if template is None:
        return
    values = values_of(notice)
    ready = _text(notice, template, MASTER, values)
    rows = [ready, *(_text(notice, template, code, values) for code in text_codes() if code != MASTER)]
    for row in rows:
        pin(row, ready)
        if row.language in template.stale_languages:
            row.source_hash = row.slots_hash = ""
    notice.texts.filter(origin=TextOrigin.TEMPLATE).delete()
    kept = set(notice.texts.values_list("language", flat=True))
    wanted = [row for row in rows if row.body or row.language == MASTER]
    NoticeText.objects.bulk_create([row for row in wanted if row.language not in kept])
    if MASTER in kept and before is not None:
        own = notice.texts.get(language=MASTER)
        follow(own, _text(notice, template, MASTER, before), ready)
        own.save()


def follow(own: NoticeText, was: NoticeText, ready: NoticeText) -> None:
    """Own words where they are own: each part that still is what the template ``was`` becomes what it is now."""
    for name in (*_LINES, "body"):
        if getattr(own, name) == getattr(was, name):
            setattr(own, name, getattr(ready, name))
    own.slots = {
        slot: ready.slots[slot] if words == was.slots.get(slot) else words for slot, words in own.slots.items()
    }
    pin(own, own)


def own_parts(notice: Notice) -> dict[str, str]:
    """What the author wrote in own words of the Dutch, by field and slot; empty where it is all the template's."""
    own = notice.texts.filter(language=MASTER, origin=TextOrigin.PERSON).first()
    if own is None or notice.template is None:
        return {}
    usual = _text(notice, notice.template, MASTER, values_of(notice))
    lines = {name: getattr(own, name) for name in (*_LINES, "body") if getattr(own, name) != getattr(usual, name)}
    return lines | {slot: words for slot, words in own.slots.items() if words != usual.slots.get(slot)}


def pin(row: NoticeText, master: NoticeText) -> None:
    """Tie a text to the Dutch from which it was made, without saving it."""
    row.source_hash, row.slots_hash = hash_of(master), slots_hash_of(master)


def change_text(row: NoticeText, text: Mapping[str, Any]) -> None:
    """Put typed words (title, subject, sms, body, slots) into a text, without saving it."""
    for name in _LINES:
        if name in text:
            setattr(row, name, _fitting(" ".join(formats.plain_text(str(text[name])).split()), name))
    if "body" in text:
        row.body = formats.plain_text(str(text["body"]))
    if "slots" in text:
        row.slots = {slot: formats.plain_text(str(text["slots"].get(slot, ""))) for slot in SLOTS}


def put_words(row: NoticeText, words: Any) -> None:
    """Put whole words (sealednotice.Words), safe already, into a text, without saving it."""
    for name in _LINES:
        setattr(row, name, _fitting(" ".join(getattr(words, name).split()), name))
    row.body, row.slots = words.body, dict(words.slots)


def hash_of(text: NoticeText) -> str:
    """What a translation remembers of the Dutch it was made from."""
    parts = [text.title, text.subject, text.body, text.sms, json.dumps(text.slots, sort_keys=True)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def slots_hash_of(text: NoticeText) -> str:
    return hashlib.sha256(json.dumps(text.slots, sort_keys=True).encode()).hexdigest()


def values_of(notice: Notice) -> dict[str, str]:
    """The template's variables: what was typed, over what the portal knows itself."""
    known = {
        "school": notice.school.name,
        "phone": notice.school.phone,
        "teacher": notice.author.full_name,
        "class_name": notice.school_class.name if notice.school_class else "",
    }
    return known | {name: str(value) for name, value in notice.values.items() if value}


def template_hash(template: NoticeTemplate) -> str:
    """The version of a template: another word in any language, or another answer, is another version."""
    words = [getattr(template, f"{name}_{code}") or "" for code in text_codes() for name in _WORDS]
    answers = [json.dumps(answer, sort_keys=True, ensure_ascii=False) for answer in answers_of(template)]
    return hashlib.sha256("\x1f".join([template.slug, *words, *answers]).encode()).hexdigest()


def answers_of(template: NoticeTemplate, keys: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The template's one-tap answers with their labels, or those of ``keys``, in the template's order."""
    return [
        {"key": answer.key, "labels": {code: getattr(answer, f"label_{code}") or "" for code in text_codes()}}
        for answer in template.answers.all()
        if keys is None or answer.key in keys
    ]


def missing_variables(notice: Notice) -> list[str]:
    """Variables of the template that nobody has filled in yet; an empty sheet asks for none."""
    if notice.template is None or notice.template.is_blank:
        return []
    filled = values_of(notice)
    names = [name for name in notice.template.variables if name != formats.PER_GUARDIAN]
    return [name for name in names if not str(filled.get(name) or "").strip()]


def has_no_words(notice: Notice) -> bool:
    """Nothing is written yet on an empty sheet."""
    return notice.texts.filter(language=MASTER, body="").exists()


def begun_in(notice: Notice, code: str) -> NoticeText:
    """A notice's text in a language that has none, not saved: of an empty sheet with what is ready in that language,
    where the Dutch is still the sheet's."""
    row, template = NoticeText(notice=notice, language=code, slots={}), notice.template
    if template is None or not template.is_blank or code not in text_codes():
        return row
    values, master = values_of(notice), notice.texts.get(language=MASTER)
    usual, ready = _text(notice, template, MASTER, values), _text(notice, template, code, values)
    for name in ("subject", "sms"):
        if getattr(master, name) == getattr(usual, name):
            setattr(row, name, getattr(ready, name))
    row.slots = {slot: ready.slots[slot] for slot, words in usual.slots.items() if words == master.slots.get(slot)}
    return row


def slot_words(template: NoticeTemplate, slot: str, values: Mapping[str, str], code: str) -> str:
    """A slot of a template in a language; that of an empty sheet are its values."""
    if template.is_blank:
        return of_values(slot, values, code)
    return formats.filled(getattr(template, f"{slot}_{code}") or "", values, code)


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
        slots={slot: slot_words(template, slot, values, code) for slot in SLOTS},
        state=TextState.MASTER if code == MASTER else reviewed,
    )


def _fitting(value: str, name: str) -> str:
    """The line, cut at a word where a long value made it too long for its column."""
    longest = _LINES[name]
    return value if len(value) <= longest else value[: longest - 1].rsplit(" ", 1)[0] + formats.MISSING
