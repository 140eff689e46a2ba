"""What a parent does with one notice, by whichever door it was opened: answer, confirm, say it is not clear, ask."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from messaging import inbox, services
from messaging.forms_parents import QuestionForm
from messaging.mailbox import newer_of, thread_about, waits_for_answer
from messaging.models import Delivery, NoticeStatus
from messaging.services.answering import answers_of, child_of
from schools.limits import Limit

#: A question is written to people: no machine fills their list.
QUESTIONS = Limit("questions about a notice", 10, 3600)


def answer(request: HttpRequest, delivery: Delivery) -> None:
    if delivery.notice.status == NoticeStatus.CANCELLED:
        messages.error(request, _("This did not work. Call the school."))
        return
    if not delivery.notice.takes_answers:
        is_known = answers_of(delivery).exists()
        too_late = _("It is too late to change this here. Call the school.")
        messages.error(request, too_late if is_known else _("The day to answer has passed. Call the school."))
        return
    if newer_of(delivery):
        messages.error(request, _("There is a newer notice"))
        return
    if not waits_for_answer(delivery):
        messages.error(request, _("No answer is needed any more: your child is not at this school now."))
        return
    try:
        services.give_answer(delivery=delivery, key=request.POST.get("answer", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    messages.success(request, _("Thank you. The school has your answer."))


def confirm(request: HttpRequest, delivery: Delivery) -> None:
    services.mark_opened(delivery)
    messages.success(request, _("Thank you. The school knows that you have read this."))


def listened(request: HttpRequest, delivery: Delivery) -> None:
    services.mark_listened(delivery)
    messages.success(request, _("Thank you. The school knows that you have listened."))


def understood(request: HttpRequest, delivery: Delivery) -> None:
    services.mark_understood(delivery)
    messages.success(request, _("Thank you. The school knows that this is clear to you."))


def not_understood(request: HttpRequest, delivery: Delivery) -> None:
    services.mark_opened(delivery)
    try:
        services.mark_not_understood(delivery)
    except ValidationError:  # the child left, or belongs to no family yet: the task would be about nobody
        messages.error(request, _("This did not work. Call the school."))
    else:
        messages.success(request, _("Thank you for telling us. Somebody from the school will contact you."))


def ask(request: HttpRequest, delivery: Delivery, *, shows_posts: bool = True) -> QuestionForm | None:
    """The form of a question that was not taken, for the page to say why and to keep its words: they go into no
    session. ``shows_posts``: whether the page shows the question, and by when an answer comes; else that is said at
    once."""
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _refused(request, form)
    child = child_of(delivery)
    if child is None or not QUESTIONS.spend(str(delivery.pk)):
        return _refused(request, form, _("This did not work. Call the school."))
    services.mark_opened(delivery)
    guardian, text, code = delivery.guardian, form.cleaned_data["text"], request.page_language  # type: ignore[attr-defined]
    thread = thread_about(guardian=guardian, notice=delivery.notice)
    try:
        if thread is None:
            thread = services.ask_question(
                guardian=guardian, pupil=child, notice=delivery.notice, text=text, language=code
            )
        else:
            services.write_back(thread=thread, guardian=guardian, text=text, language=code)
    except ValidationError:  # likewise
        return _refused(request, form, _("This did not work. Call the school."))
    said = [_("Thank you. The school has your question.")]
    if not shows_posts:
        thread.refresh_from_db()
        expected = inbox.expectation(thread)
        said += [expected.sentence(code)] if expected else []
    messages.success(request, " ".join(said))
    return None


def _refused(request: HttpRequest, form: QuestionForm, why: str = "") -> QuestionForm:
    """The form stands far below on the page, so its top says it too."""
    if why:
        form.add_error("text", why)
    messages.error(request, " ".join(map(str, form.errors["text"])))
    return form
