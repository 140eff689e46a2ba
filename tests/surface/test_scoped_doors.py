"""Views reach rows only through the scoped doors: ``visible_to``, ``editable_by``, ``children_of`` and their like."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIEWS = sorted(
    path for app in ("schools", "parents", "messaging", "reports") for path in ROOT.glob(f"{app}/views/*.py")
)

#: Models with rows of people. A view that names ``<Model>.objects`` must narrow it in the same expression.
OF_PEOPLE = {
    "Pupil",
    "Family",
    "Guardian",
    "ContactMoment",
    "CLBNote",
    "FollowUp",
    "ConferenceSlot",
    "Notice",
    "Delivery",
    "Answer",
    "Thread",
    "EvaluationReport",
}
DOORS = {"visible_to", "editable_by", "ids_visible", "enrolled_in"}
#: Narrowing by something that was itself reached through a door.
NARROWED_BY = {
    "family",
    "family_id",
    "guardian",
    "guardian_id",
    "guardian__in",
    "pk",
    "pk__in",
    "pupil",
    "pupil__in",
    "notice",
    "notice_id",
    "notice_id__in",
    "notice__in",
    "thread",
    "recorded_by_id",
    "recorded_by",
    "contact_moment",
    "memberships__pupil__in",
    "owner",
    "report",
    "project",
}


def is_from_the_address(word: ast.keyword) -> bool:
    """``pk=pk``: a number that the visitor chose, not a row that was reached through a door."""
    return word.arg == "pk" and isinstance(word.value, ast.Name)


def unscoped(tree: ast.AST) -> Iterator[int]:
    """Lines on which rows of people are reached without a door."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)):
            continue
        if node.value.id not in OF_PEOPLE:
            continue
        names: set[str] = set()
        keywords: set[str] = set()
        top: ast.AST = node
        while isinstance(parents.get(top), ast.Attribute | ast.Call):
            top = parents[top]
            if isinstance(top, ast.Attribute):
                names.add(top.attr)
            elif isinstance(top, ast.Call):
                keywords |= {word.arg for word in top.keywords if word.arg and not is_from_the_address(word)}
        into_a_door = isinstance(top, ast.Call) and getattr(top.func, "id", "") in {
            "get_visible_or_404",
            "get_editable_or_404",
            "own_draft_or_404",
        }
        named = parents.get(top)
        is_given_on = isinstance(named, ast.Assign)
        if not (names & DOORS or keywords & NARROWED_BY or into_a_door or "none" in names or is_given_on):
            yield node.lineno


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_views_reach_people_through_a_door(path: Path) -> None:
    assert list(unscoped(ast.parse(path.read_text()))) == []


def test_the_check_itself_finds_an_open_door() -> None:
    assert list(unscoped(ast.parse("def f(request):\n    return Pupil.objects.filter(first_name='x').first()"))) == [2]
    assert list(unscoped(ast.parse("def f(pk):\n    return Pupil.objects.filter(pk=pk).first()"))) == [2]
    assert list(unscoped(ast.parse("rows = lambda u: Pupil.objects.visible_to(u).filter(pk=1)"))) == []
