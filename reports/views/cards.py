"""The cards at school: since when one is what, how schools do it otherwise, and what they ask its author."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.adopting import (
    CHANGED,
    answer_question,
    ask_about_card,
    decide_adaptation,
    note_adoption,
    write_adaptation,
)
from reports.cardfiles import languages_for
from reports.cardlines import card_lines, facts_of_card
from reports.forms_cards import AdaptationForm, AdoptionForm, AnswerForm, DecisionForm, QuestionForm
from reports.models import Adaptation, AdoptionChange, CardQuestion, MethodAdoption
from reports.planner.places import planning_schools
from reports.planner.planning import may_plan
from reports.views.tabs import PLANNERS, playbook_tabs
from schools.access import chosen_school, get_visible_or_404, member_of_staff, staff_required
from schools.models import Method, Role, School
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of

#: Adaptations that wait, questions of one list, and lines of one log.
WAITING_SHOWN, QUESTIONS_SHOWN, CHANGES_SHOWN = 20, 60, 20


@staff_required(*PLANNERS)
@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """Every card with what it is at the school; for the joint worker what waits for her word."""
    return _cards(request)


@staff_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def card_at_school(request: HttpRequest, slug: str) -> HttpResponse:
    """One card at one school: its log, how this and other schools do it, questions and answers."""
    method, by = get_object_or_404(Method, slug=slug), member_of_staff(request)
    schools = planning_schools(by)
    school = chosen_school(request, schools)
    adoption = MethodAdoption.objects.filter(method=method, school=school).first()
    own = Adaptation.objects.filter(method=method, school=school).first()
    sent = request.POST if request.method == "POST" else {}
    forms: dict[str, Form] = {
        "use": AdoptionForm(request.POST if "use-status" in sent else None, row=adoption),
        "own": AdaptationForm(request.POST if "own-words" in sent else None, row=own),
        "ask": QuestionForm(request.POST if "ask-text" in sent else None),
    }
    here = f"{reverse('card_at_school', args=[slug])}?school={school.pk}" if school else ""
    for name, form in forms.items():
        if school and form.is_bound and form.is_valid() and _kept(request, name, form, school, method):
            return redirect(here)
    context = {
        "schools": schools,
        "school": school,
        "method": method,
        "adoption": adoption,
        "changes": AdoptionChange.objects.filter(adoption__school=school, adoption__method=method)[:CHANGES_SHOWN],
        "own": own,
        "others": Adaptation.objects.filter(method=method, state=Adaptation.State.SHARED)
        .exclude(school=school)
        .select_related("school")[:WAITING_SHOWN],
        "questions": CardQuestion.objects.visible_to(by)
        .filter(method=method)
        .select_related("school")[:QUESTIONS_SHOWN],
        "may_write": bool(school and may_plan(school, by)),
        "facts": facts_of_card(method),
        "may_file": bool(languages_for(scope_of(by))),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "reports/card_at_school.html", context, status=422 if request.method == "POST" else 200)


@staff_required(Role.JOINT_CLB)
@require_POST
def adaptation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Share an adaptation with other schools, or leave it at its own with a word why."""
    adaptation = Adaptation.objects.editable_by(request.user).filter(pk=pk).first()
    if adaptation is None:
        get_visible_or_404(Adaptation.objects, request.user, pk=pk)
        messages.info(request, CHANGED)
        return redirect("card_list")
    form = DecisionForm(request.POST, adaptation=adaptation)
    is_shared = request.POST.get("what") == "share"
    if not form.is_valid() or not _decided(request, form, is_shared=is_shared):
        page_lives_at(request, "card_list")
        return _cards(request, form)
    messages.success(request, _("Other schools read it now.") if is_shared else _("It stays at this school."))
    return redirect("card_list")


@staff_required(*PLANNERS)
@require_safe
def card_questions(request: HttpRequest) -> HttpResponse:
    """Questions that wait, and those that were answered for every school."""
    rows = CardQuestion.objects.visible_to(request.user).select_related("method", "school")
    waiting, answered = rows.filter(answer=""), rows.exclude(answer="")
    context = {
        "tabs": playbook_tabs(request, "card_questions"),
        "waiting": waiting.order_by("asked_at", "pk")[:QUESTIONS_SHOWN],
        "answered": answered[:QUESTIONS_SHOWN],
        "mine": _answerable(request),
    }
    return render(request, "reports/card_questions.html", context)


@staff_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def card_question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its answer; who may answers here."""
    rows = CardQuestion.objects.select_related("method", "school")
    question = get_visible_or_404(rows, request.user, pk=pk)
    may_answer = pk in _answerable(request)
    data = request.POST if request.method == "POST" and may_answer else None
    form = AnswerForm(data, initial={"answer": question.answer})
    if form.is_bound and form.is_valid():
        try:
            answer_question(question=question, answer=form.cleaned_data["answer"], by=member_of_staff(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("Answered. Every school reads it, and who asked gets a mail.")
            messages.success(request, _("Saved.") if question.answer else said)
            return redirect("card_questions")
    context = {
        "question": question,
        "may_answer": may_answer,
        "form": form,
    }
    status = 422 if form.is_bound else 403 if request.method == "POST" else 200
    return render(request, "reports/card_question.html", context, status=status)


def _cards(request: HttpRequest, wrong: DecisionForm | None = None) -> HttpResponse:
    """The list of cards; ``wrong`` is a decision that could not be taken, with what was typed."""
    schools = planning_schools(request.user)
    school = chosen_school(request, schools)
    waiting = list(Adaptation.objects.editable_by(request.user).select_related("method", "school")[:WAITING_SHOWN])
    if wrong and wrong.adaptation not in waiting:  # what was typed about one further down is not lost
        waiting.insert(0, wrong.adaptation)
    context = {
        "tabs": playbook_tabs(request, "card_list"),
        "schools": schools,
        "school": school,
        "lines": card_lines(school),
        "waiting": [
            wrong if wrong and wrong.adaptation.pk == one.pk else DecisionForm(adaptation=one) for one in waiting
        ],
    }
    return render(request, "reports/card_list.html", context, status=422 if wrong else 200)


def _decided(request: HttpRequest, form: DecisionForm, *, is_shared: bool) -> bool:
    answer, by = form.cleaned_data["answer"], member_of_staff(request)
    try:
        decide_adaptation(adaptation=form.adaptation, is_shared=is_shared, answer=answer, by=by)
    except ValidationError as error:
        # A name may also stand in the words of the school, which this form does not change.
        named = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, words in named.items():
            form.add_error(name if name in form.fields else None, words)
        return False
    return True


def _answerable(request: HttpRequest) -> set[int]:
    """The newest questions that the reader may answer; nobody else's page asks for them."""
    if not {Role.JOINT_CLB, Role.HEAD} & scope_of(request.user).roles:
        return set()
    rows = CardQuestion.objects.editable_by(request.user)
    return set(rows.values_list("pk", flat=True)[: 10 * QUESTIONS_SHOWN])


def _kept(request: HttpRequest, name: str, form: Any, school: School, method: Method) -> bool:
    does: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
        "use": (note_adoption, {"change": form.change() if name == "use" else None}, _("It stands in the log.")),
        "own": (write_adaptation, {"words": form.cleaned_data.get("words")}, _("Kept. The joint worker looks at it.")),
        "ask": (
            ask_about_card,
            {"text": form.cleaned_data.get("text")},
            _("Asked. The answer comes by mail, and stands here."),
        ),
    }
    verb, facts, words = does[name]
    try:
        verb(school=school, method=method, by=member_of_staff(request), **facts)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, words)
    return True
