"""A forgotten password: allauth's page, whose mail leaves when the browser has the answer."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordResetView
from allauth.core.context import request_context
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, override

from schools.answerfirst import AnswerFirst


class ForgottenPassword(PasswordResetView):
    """An address without an account has no mail to wait for: who measures would hear which ones have one."""

    def form_valid(self, form: Any) -> HttpResponse:
        request, code, send = self.request, get_language(), form.save

        def mail() -> None:
            with request_context(request), override(code):
                send(request)

        form.save = lambda _request: None
        answer: HttpResponse = super().form_valid(form)
        return AnswerFirst(answer.url, mail) if isinstance(answer, HttpResponseRedirect) else answer
