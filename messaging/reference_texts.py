"""The templates of notices as reference texts: words of all languages with their placeholders and one-tap answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from messaging.models import NoticeTemplate, TemplateAnswer
from schools.languages import MASTER
from schools.scope import Scope
from schools.texts import Part, TextKind
from schools.texts.rights import sees_shared

#: A text message and a subject are read by others too: they name no child and nothing that is his.
_OPEN_TO_ALL = frozenset({"school", "date", "time"})
#: How the part of a one-tap answer begins.
ANSWER = "answer-"


class TemplateKind(TextKind):
    code = "sjabloon"
    label = _("Template of a notice")
    icon = "mail"

    def rows(self) -> QuerySet[NoticeTemplate]:
        return NoticeTemplate.objects.prefetch_related(Prefetch("answers", TemplateAnswer.objects.order_by("position")))

    def visible_to(self, scope: Scope) -> QuerySet[NoticeTemplate]:
        return self.rows() if sees_shared(scope) else self.rows().none()

    def title(self, row: NoticeTemplate) -> str:
        return str(row.title_nl)  # type: ignore[attr-defined]

    def parts(self, row: NoticeTemplate) -> list[Part]:
        labels = {answer.key: getattr(answer, f"label_{MASTER}") for answer in row.answers.all()}
        return template_parts(row.variables, labels, is_blank=row.is_blank)

    def read(self, row: NoticeTemplate, language: str) -> dict[str, str]:
        words = {}
        for part in self.parts(row):
            if not part.name.startswith(ANSWER):
                words[part.name] = getattr(row, f"{part.name}_{language}") or ""
        return words | {
            f"{ANSWER}{answer.key}": getattr(answer, f"label_{language}") or "" for answer in row.answers.all()
        }

    def write(self, row: NoticeTemplate, language: str, words: Mapping[str, str]) -> None:
        columns = {f"{name}_{language}": text for name, text in words.items() if not name.startswith(ANSWER)}
        for column, text in columns.items():
            setattr(row, column, text)
        row.save(update_fields=list(columns))
        for answer in row.answers.all():
            setattr(answer, f"label_{language}", words[f"{ANSWER}{answer.key}"])
            answer.save(update_fields=[f"label_{language}"])

    def has_changed(self, row: NoticeTemplate, *, reviewed: Collection[str], stale: Collection[str]) -> None:
        """A notice takes the state of its texts from its template."""
        row.reviewed_languages, row.stale_languages = sorted(reviewed), sorted(stale)
        row.save(update_fields=["reviewed_languages", "stale_languages"])


def template_parts(variables: Collection[str], answers: Mapping[str, str | None], *, is_blank: bool) -> list[Part]:
    """The parts of a template with these variables and one-tap answers, key → Dutch label."""
    names = frozenset(variables)
    slots = [
        ("what", _("What")),
        ("when", _("When")),
        ("where", _("Where")),
        ("bring", _("Bring along")),
        ("answer", _("Answer")),
    ]
    short = [
        Part("subject", _("Neutral subject"), 120),
        Part("sms", _("Text message"), 320, allowed=names & _OPEN_TO_ALL),
    ]
    taps = [
        Part(f"{ANSWER}{key}", _("Answer: %(label)s") % {"label": dutch or key}, 120) for key, dutch in answers.items()
    ]
    if is_blank:
        return [*short, *taps]
    return [
        Part("title", _("Title"), 160, allowed=names),
        *short,
        Part("body", _("Text"), 4000, of_lines=True, allowed=names),
        *(Part(name, label, 300, allowed=names) for name, label in slots),
        *taps,
    ]
