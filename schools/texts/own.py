"""The reference texts of this app: words of the field, method cards, the welcome pages of schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.languages import MASTER, STAFF_CODES
from schools.models import Method, Role, School, Term
from schools.scope import Scope
from schools.texts.kinds import Part, TextKind, Words
from schools.texts.rights import OF_A_SCHOOL, sees_shared
from schools.welcome import words_of, write_words

#: What the words of each group are for.
_GROUPS = {
    "contact_kind": _("kinds of contact"),
    "contact_purpose": _("why one talks"),
    "contact_topic": _("what one talks about"),
    "contact_outcome": _("how a contact ended"),
    "contact_initiative": _("who took the first step"),
    "channel": _("ways to reach a family"),
    "interpreter_mode": _("who interpreted"),
    "tone": _("tone of a talk"),
    "growth_phrases": _("sentences about growing"),
    "not_reached_reason": _("why a family was not reached"),
    "agreement_kind": _("kinds of agreement"),
    "method_theme": _("themes of the draaiboek"),
}


def unmarked(label: str) -> str:
    """A phrase as a title: what it leaves open for a child's name is no word to read."""
    return label.replace("{child}", "…")


class TermKind(TextKind):
    """Contact kinds, outcomes, growth phrases: one label each."""

    code = "woord"
    label = _("Word of the field")
    icon = "message-square-text"

    def rows(self) -> QuerySet[Term]:
        return Term.objects.all()

    def visible_to(self, scope: Scope) -> QuerySet[Term]:
        return self.rows() if sees_shared(scope) else Term.objects.none()

    def title(self, row: Term) -> str:
        return unmarked(str(row.label_nl or row.code))  # type: ignore[attr-defined]

    def group(self, row: Term) -> str:
        return str(_GROUPS.get(row.group, row.group))

    def parts(self, row: Term) -> list[Part]:
        allowed = frozenset({"child"}) if row.group == "growth_phrases" else frozenset[str]()
        return [Part("label", _("Word"), 160, allowed=allowed)]


#: Key of a card → its label and how it is kept.
_CARD = {
    "for_whom": (_("For whom"), "text"),
    "who_does_it": (_("Who does it"), "text"),
    "partners": (_("Partners"), "text"),
    "materials": (_("What you need"), "list"),
    "interpreter": (_("Interpreter"), "text"),
    "when": (_("When"), "text"),
    "steps_before": (_("Before"), "list"),
    "steps_during": (_("During"), "list"),
    "steps_after": (_("Afterwards"), "list"),
    "conditions": (_("It works when"), "list"),
    "pitfalls": (_("Pitfalls"), "list"),
    "variants": (_("Variants"), "list"),
    "privacy": (_("Privacy"), "text"),
    "phrases": (_("Sentences to say"), "phrases"),
}


class MethodKind(TextKind):
    """Method cards. A list is written with one entry a line; a sentence to say keeps its Dutch beside it."""

    code = "methodiek"
    label = _("Method card")
    icon = "book-open"
    languages = STAFF_CODES

    def rows(self) -> QuerySet[Method]:
        return Method.objects.all()

    def visible_to(self, scope: Scope) -> QuerySet[Method]:
        return self.rows() if sees_shared(scope) else Method.objects.none()

    def title(self, row: Method) -> str:
        return str(row.title_nl)  # type: ignore[attr-defined]

    def parts(self, row: Method) -> list[Part]:
        lines = [
            Part(name, label, 4000, of_lines=True, is_list=kept != "text") for name, (label, kept) in _CARD.items()
        ]
        return [Part("title", _("Title"), 120), Part("aim", _("Aim"), 250), *lines]

    def read(self, row: Method, language: str) -> Words:
        card = getattr(row, f"card_{language}") or {}
        words = {name: getattr(row, f"{name}_{language}") or "" for name in ("title", "aim")}
        return words | {name: _as_lines(card.get(name) or "") for name in _CARD}

    def write(self, row: Method, language: str, words: Mapping[str, str]) -> None:
        card = {name: _from_lines(words[name], kept) for name, (_label, kept) in _CARD.items()}
        said = words["phrases"] if language == MASTER else self.read(row, MASTER)["phrases"]
        card["phrases"] = [
            {"nl": dutch, "t": own}
            for dutch, own in zip(said.split("\n"), words["phrases"].split("\n"), strict=True)
            if own
        ]
        names = [f"{name}_{language}" for name in ("title", "aim", "card")]
        for name, value in zip(names, (words["title"], words["aim"], card), strict=True):
            setattr(row, name, value)
        row.save(update_fields=names)


def _as_lines(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(entry["t"] if isinstance(entry, dict) else entry for entry in value)


def _from_lines(text: str, kept: str) -> Any:
    return text if kept == "text" else [line for line in text.split("\n") if line.strip()]


class WelcomeKind(TextKind):
    """The welcome page of each school; its row is the school."""

    code = "welkom"
    label = _("Welcome page")
    icon = "school"

    def rows(self) -> QuerySet[School]:
        return School.objects.select_related("welcome")

    def visible_to(self, scope: Scope) -> QuerySet[School]:
        if scope.is_administrator or Role.TRANSLATOR in scope.roles:
            return self.rows()
        return self.rows().filter(pk__in=School.objects.ids_visible(scope))

    def is_theirs(self, scope: Scope, row: School) -> bool:
        return any(post.school_id == row.pk and post.role in OF_A_SCHOOL for post in scope.assignments)

    def title(self, row: School) -> str:
        return row.name

    def parts(self, row: School) -> list[Part]:
        allowed = frozenset({"school"})
        return [
            Part("title", _("Title"), 160, allowed=allowed),
            Part("about", _("About the school"), 2000, of_lines=True, allowed=allowed),
            Part("call", _("Who to call"), 2000, of_lines=True, allowed=allowed),
        ]

    def read(self, row: School, language: str) -> Words:
        return words_of(row, language)

    def write(self, row: School, language: str, words: Mapping[str, str]) -> None:
        write_words(row, language, words)
