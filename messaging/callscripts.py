"""What to say on the phone about a notice: three sentences in Dutch, and the interpreter line where it is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats
from messaging.models import CallTask, Explanation, Notice, NoticeText
from messaging.models.texts import SLOTS
from messaging.noticepage import SLOT_LABELS
from messaging.readers import replaced_days
from parents.bookings import with_times_left
from parents.models import ConferenceSlot, Guardianship, SlotStatus
from schools.languages import LANGUAGES, MASTER, Language
from schools.models import Enrolment

#: The answer slot says how to answer in writing; on the phone one asks.
_SPOKEN_SLOTS = tuple(slot for slot in SLOTS if slot != "answer")


@dataclass(frozen=True, slots=True)
class InterpreterLine:
    """Whom to ring first, and what to say there. ``phone`` is empty where the institution has no line."""

    language: Language
    phone: str
    how: str


@dataclass(frozen=True, slots=True)
class CallScript:
    """``sentences`` are Dutch whatever the page's language: the call is."""

    sentences: tuple[str, ...]
    interpreter: InterpreterLine | None


def scripts_for(tasks: Iterable[CallTask | Explanation], caller: str) -> dict[int, CallScript]:
    """The script of each call or explanation by its id, in one query, one more where a notice replaces another and
    three where one chooses a time; ``caller`` is the name of who will speak. The tasks come with their delivery's
    notice and school, guardian, and their follow-up's pupil."""
    calls = list(tasks)
    rows = NoticeText.objects.filter(notice__in={call.delivery.notice_id for call in calls}, language=MASTER)
    texts = {text.notice_id: text for text in rows}
    to_choose = _to_choose(calls)
    replaced = replaced_days([call.delivery for call in calls])
    with translation.override(MASTER):
        return {
            call.pk: CallScript(
                _sentences(
                    call,
                    texts[call.delivery.notice_id],
                    caller,
                    replaced.get((call.delivery.notice_id, call.delivery.guardian_id)),
                    is_free=to_choose.get((call.delivery.notice.conference_round_id, call.delivery.guardian_id)),
                ),
                interpreter_for(call.delivery.guardian.contact_language),
            )
            for call in calls
            if call.delivery.notice_id in texts
        }


def interpreter_for(code: str) -> InterpreterLine | None:
    """The interpreter line for a contact language; None when somebody of the staff speaks it."""
    entry = LANGUAGES.get(code, LANGUAGES[MASTER])
    if entry.code in settings.SPOKEN_BY_STAFF:
        return None
    return InterpreterLine(entry, settings.INTERPRETER_LINE["phone"], settings.INTERPRETER_LINE["how"])


def _to_choose(calls: Iterable[CallTask | Explanation]) -> dict[tuple[int | None, int], bool]:
    """By round and guardian, where these notices invite to choose a time and a child of theirs has none yet: whether
    one is free for such a child. An evening may have been called off. At most three queries."""
    rounds = {call.delivery.notice.conference_round_id for call in calls if call.delivery.notice.leads_to_times}
    if not rounds:
        return {}
    ties = Guardianship.objects.informed().filter(guardian__in={call.delivery.guardian_id for call in calls})
    people: dict[int, list[int]] = defaultdict(list)
    for pupil, guardian in ties.values_list("pupil_id", "guardian_id"):
        people[pupil].append(guardian)
    here = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("round__school_id"))
    rows = ConferenceSlot.objects.filter(Exists(here), round__in=rounds, pupil__in=people, status=SlotStatus.OFFERED)
    places = list(rows)
    free, found = with_times_left(places), dict[tuple[int | None, int], bool]()
    for place in places:
        for guardian in people[place.pupil_id]:
            if place.guardian_id in (None, guardian):
                key = place.round_id, guardian
                found[key] = found.get(key, False) or place.pk in free
    return found


def _sentences(
    call: CallTask | Explanation, text: NoticeText, caller: str, replaced_on: date | None, *, is_free: bool | None
) -> tuple[str, ...]:
    """Who answers the phone is asked before a child or a notice is named: it may be anybody."""
    pupil, notice = call.follow_up.pupil, call.delivery.notice
    names = [pupil.first_name] if pupil else []
    hello = _("Hello, this is %(caller)s of %(school)s. Am I speaking with %(guardian)s?") % {
        "caller": caller,
        "school": notice.school.name,
        "guardian": call.delivery.guardian.full_name,
    }
    about = _("I am calling about %(child)s.") % {"child": names[0] if names else _("your child")}
    facts = _of_round(notice, is_full=is_free is False) if notice.leads_to_times and not is_free else {}
    return hello, f"{about} {_what(text, names, replaced_on, facts)}", _question(call, is_free=is_free)


def _of_round(notice: Notice, *, is_full: bool) -> dict[str, str]:
    """What stands in the place of title and hour where the words let a parent choose one and there is none to choose
    (any more): they were frozen before."""
    made = notice.conference_round
    assert made is not None  # noqa: S101 - it leads to times
    days = dict.fromkeys(formats.long_day(day, MASTER, with_year=False) for day in (made.held_on, made.last_day))
    return {"title": made.name, "when": "" if is_full else " – ".join(days)}


def _what(text: NoticeText, names: list[str], replaced_on: date | None, facts: Mapping[str, str]) -> str:
    """The slots of the notice, as one says them, but those of ``facts``; first that what was told before holds no
    more."""

    def spoken(words: str) -> str:
        whole = formats.with_children(words, names, MASTER) if names else words
        return " ".join(whole.replace(formats.ISOLATE, "").replace(formats.POP, "").split())

    parts = [facts.get("title") or spoken(text.title)]
    if replaced_on:
        parts.append(
            _("This replaces the notice of %(replaced)s.") % {"replaced": formats.long_day(replaced_on, MASTER)}
        )
    for slot in _SPOKEN_SLOTS:
        if words := facts[slot] if slot in facts else spoken(text.slots.get(slot, "")):
            parts.append(words if slot == "what" else f"{SLOT_LABELS[slot]}: {words}")
    return " ".join(part if part.endswith(("?", "!", ".")) else f"{part}." for part in parts)


def _question(call: CallTask | Explanation, *, is_free: bool | None) -> str:
    """What one wants to hear: an hour where parents choose one, have none yet and one ``is_free``; one of the answers;
    else whether it is clear."""
    leads_to_times = call.delivery.notice.leads_to_times
    if leads_to_times and is_free:
        return _("Which hour suits you? Do you want an interpreter? Is it all clear?")
    if leads_to_times and is_free is not None:
        return _("No time is free now: we look for one together. Do you want an interpreter? Is it all clear?")
    labels = [option["labels"].get(MASTER, option["key"]) for option in call.delivery.notice.answers]
    if not labels or leads_to_times:
        return _("Is that clear to you? Do you have a question?")
    return _("What is your answer: %(answers)s? Is it all clear?") % {
        "answers": " / ".join(label[:1].lower() + label[1:] for label in labels)
    }
