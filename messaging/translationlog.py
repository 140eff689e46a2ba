"""The log that language law asks for: which notices of a school year went out in other languages too, to what share of
their readers, and for which purpose; the evidence that translating is no system (domain 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from messaging.levels import handed_over
from messaging.models import Delivery, DeliveryStatus, Notice, NoticeText, TextKind, TranslationReason
from messaging.models.translations import TranslationPolicyQuerySet
from schools import clock
from schools.languages import MASTER, language
from schools.marks import colon
from schools.models import School, SchoolYear


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a school year: notices, those of which somebody got a translation, and parents told, once for each notice."""

    notices: int
    translated: int
    parents: int
    in_translation: int

    @property
    def notice_percent(self) -> int:
        return _percent(self.translated, self.notices)

    @property
    def parent_percent(self) -> int:
        return _percent(self.in_translation, self.parents)


@dataclass(frozen=True, slots=True)
class LogRow:
    """One notice; ``parents`` were told of it so far, ``kinds`` counts them by kind of text and language."""

    notice: Any
    parents: int
    in_translation: int
    languages: list[str]
    kinds: dict[str, int]

    @property
    def percent(self) -> int:
        return _percent(self.in_translation, self.parents)

    @property
    def reason(self) -> str:
        chosen = self.notice.translation_reason
        return str(TranslationReason(chosen).label) if chosen else ""

    @property
    def language_names(self) -> str:
        return ", ".join(language(code).own_name for code in self.languages)

    @property
    def kind_words(self) -> str:
        return "; ".join(f"{TextKind(kind).label}{colon()} {count}" for kind, count in self.kinds.items())


def schools_of(user: object) -> QuerySet[School]:
    """Schools whose log the user may read: those whose rules they may set."""
    return TranslationPolicyQuerySet.schools_of(user)


def years() -> QuerySet[SchoolYear]:
    return SchoolYear.objects.filter(starts_on__lte=clock.today()).order_by("-starts_on")


def notices_of(school: School, year: SchoolYear) -> QuerySet[Notice]:
    """What the school sent in a school year, the newest first, with its Dutch ``title``: what was stopped half-way too,
    for some parents have it, but not what was taken back before any had."""
    dutch = NoticeText.objects.filter(notice_id=OuterRef("pk"), language=MASTER).values("title")[:1]
    sent = Notice.objects.ever_sent().filter(
        Exists(Delivery.objects.filter(notice_id=OuterRef("pk")).exclude(status=DeliveryStatus.CANCELLED)),
        school=school,
        published_at__gte=clock.start_of(year.starts_on),
        published_at__lt=clock.start_of(year.ends_on + timedelta(days=1)),
    )
    return sent.annotate(title=Subquery(dutch)).order_by("-published_at", "-pk")


def totals_of(school: School, year: SchoolYear) -> Totals:
    sent = notices_of(school, year)
    translated = _told(sent.values("pk")).exclude(language=MASTER)
    pairs = _told(sent.values("pk")).values("notice", "guardian").distinct()
    return Totals(
        notices=sent.count(),
        translated=translated.values("notice").distinct().count(),
        parents=pairs.count(),
        in_translation=pairs.exclude(language=MASTER).count(),
    )


def rows_for(notices: Iterable[Any]) -> Iterator[LogRow]:
    """The rows of some notices: two queries for all of them. Who was told in two languages is one parent."""
    listed = list(notices)
    told = _told([notice.pk for notice in listed])
    people = Count("guardian", distinct=True)
    found: dict[int, list[Any]] = {}
    for row in told.values("notice", "language", "text_kind").annotate(parents=people).order_by("notice", "language"):
        found.setdefault(row["notice"], []).append(row)
    translated = Count("guardian", distinct=True, filter=~Q(language=MASTER))
    told_of = told.values("notice").annotate(parents=people, in_translation=translated)
    numbers = {row["notice"]: (row["parents"], row["in_translation"]) for row in told_of}
    for notice in listed:
        yield _row(notice, found.get(notice.pk, []), *numbers.get(notice.pk, (0, 0)))


def _row(notice: Any, counts: list[Any], parents: int, in_translation: int) -> LogRow:
    kinds: dict[str, int] = {}
    for row in counts:
        if row["text_kind"]:
            kinds[row["text_kind"]] = kinds.get(row["text_kind"], 0) + row["parents"]
    return LogRow(
        notice=notice,
        parents=parents,
        in_translation=in_translation,
        languages=sorted({row["language"] for row in counts} - {MASTER}),
        kinds=kinds,
    )


def table_of(school: School, year: SchoolYear) -> tuple[list[str], Iterator[list[object]]]:
    """The whole log for a spreadsheet."""
    head = [
        _("Sent on"),
        _("Notice"),
        _("Purpose of the translation"),
        _("Parents"),
        _("In translation"),
        _("Percent"),
        _("Languages"),
        _("Kind of text"),
    ]
    return head, (
        [
            f"{clock.local_date(row.notice.published_at):%Y-%m-%d}",
            row.notice.title,
            row.reason if row.in_translation else "",
            row.parents,
            row.in_translation,
            row.percent,
            row.language_names,
            row.kind_words,
        ]
        for row in rows_for(notices_of(school, year))
    )


def _told(notices: Any) -> QuerySet[Delivery]:
    """What parents got, as the notice's own page counts it: handed over, or found in the portal before. What waits or
    came back told nobody. Reminders and further ways are not counted twice by whoever counts people."""
    return Delivery.objects.filter(handed_over() | Q(opened_at__isnull=False), notice__in=notices).order_by()


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
