from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from messaging.mailhooks import provider_hooks
from messaging.receipts import sms_receipt
from messaging.views import (
    calls,
    check,
    choices,
    compose,
    conversations,
    letters,
    notices,
    portal,
    signin,
    strips,
    threads,
    token,
    withdrawal,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("b/<str:token>/", token.token_notice, name="token_notice"),
    path("b/<str:token>/antwoord/", token.token_answer, name="token_answer"),
    path("b/<str:token>/gelezen/", token.token_read, name="token_read"),
    path("b/<str:token>/niet-begrepen/", token.token_not_understood, name="token_not_understood"),
    path("b/<str:token>/niet-voor-mij/", token.token_not_me, name="token_not_me"),
    path("b/<str:token>/uitschrijven/", token.token_unsubscribe, name="token_unsubscribe"),
    path("b/<str:token>/vraag/", token.token_question, name="token_question"),
    path("b/<str:token>/wie/", token.token_second_fact, name="token_second_fact"),
    path("haken/sms/", sms_receipt, name="sms_receipt"),
    path("k/", token.letter_code, name="letter_code"),
    path("ouders/", portal.portal_home, name="portal_home"),
    path("ouders/aanmelden/", signin.guardian_sign_in, name="guardian_sign_in"),
    path("ouders/aanmelden/code/", signin.guardian_code, name="guardian_code"),
    path("ouders/aanmelden/wie/", signin.guardian_choose, name="guardian_choose"),
    path("ouders/berichten/<int:pk>/", portal.portal_notice, name="portal_notice"),
    path("ouders/vragen/<int:pk>/", conversations.portal_thread, name="portal_thread"),
    path("ouders/keuzes/", choices.portal_choices, name="portal_choices"),
    path("school/bellen/<int:pk>/", calls.call_done, name="call_done"),
    path("school/berichten/", notices.notice_list, name="notice_list"),
    path("school/berichten/<int:pk>/", notices.notice_detail, name="notice_detail"),
    path("school/berichten/<int:pk>/bewerken/", compose.notice_edit, name="notice_edit"),
    path("school/berichten/<int:pk>/brieven/", letters.letter_batch_new, name="letter_batch_new"),
    path("school/berichten/<int:pk>/controle/", check.notice_check, name="notice_check"),
    path("school/berichten/<int:pk>/herstellen/", withdrawal.notice_undo, name="notice_undo"),
    path("school/berichten/<int:pk>/inplannen/", check.notice_schedule, name="notice_schedule"),
    path("school/berichten/<int:pk>/niet-inplannen/", check.notice_unschedule, name="notice_unschedule"),
    path("school/berichten/<int:pk>/proef/", check.notice_trial, name="notice_trial"),
    path("school/berichten/<int:pk>/stand/", notices.notice_status, name="notice_status"),
    path("school/berichten/<int:pk>/stoppen/", withdrawal.notice_cancel, name="notice_cancel"),
    path("school/berichten/<int:pk>/verbeteren/", withdrawal.notice_correct, name="notice_correct"),
    path("school/berichten/<int:pk>/verzenden/", check.notice_publish, name="notice_publish"),
    path(
        "school/berichten/<int:pk>/voorbeeld/<slug:language>/<slug:channel>/",
        check.notice_preview,
        name="notice_preview",
    ),
    path("school/berichten/<int:pk>/weggooien/", compose.notice_discard, name="notice_discard"),
    path("school/berichten/nieuw/", compose.notice_new, name="notice_new"),
    path("school/berichten/nieuw/<slug:slug>/", compose.notice_compose, name="notice_compose"),
    path("school/brieven/", letters.letter_centre, name="letter_centre"),
    path("school/brieven/<int:pk>.pdf", letters.letter_batch_pdf, name="letter_batch_pdf"),
    path("school/brieven/<int:pk>/", letters.letter_batch, name="letter_batch"),
    path("school/brieven/<int:pk>/meegegeven/", letters.letter_batch_given, name="letter_batch_given"),
    path("school/brieven/<int:pk>/stand/", letters.letter_batch_status, name="letter_batch_status"),
    path("school/brieven/<int:pk>/strookjes/", strips.letter_strips, name="letter_strips"),
    path("school/brieven/<int:pk>/terugnemen/", letters.letter_batch_taken_back, name="letter_batch_taken_back"),
    path("school/brieven/<int:pk>/stoppen/", letters.letter_batch_turn, {"what": "stoppen"}, name="letter_batch_stop"),
    path("school/brieven/<int:pk>/verder/", letters.letter_batch_turn, {"what": "verder"}, name="letter_batch_resume"),
    path(
        "school/brieven/<int:pk>/opheffen/", letters.letter_batch_turn, {"what": "opheffen"}, name="letter_batch_drop"
    ),
    path("school/brieven/brief/<int:pk>/strookje/", strips.letter_strip, name="letter_strip"),
    path("school/brieven/brief/<int:pk>/teruggekomen/", strips.letter_returned, name="letter_returned"),
    path("school/brieven/maken/", letters.letters_make, name="letters_make"),
    path("school/brieven/teruggekomen/", strips.letters_returned, name="letters_returned"),
    path("school/gezinnen/<int:pk>/berichten/", notices.family_notices, name="family_notices"),
    path("school/vragen/", threads.thread_list, name="thread_list"),
    path("school/vragen/<int:pk>/", threads.thread_detail, name="thread_detail"),
    path("school/vragen/<int:pk>/stand/", threads.thread_state, name="thread_state"),
    path("school/vragen/<int:pk>/vertaling/<int:post>/", threads.thread_translate, name="thread_translate"),
    path("school/vragen/<int:pk>/wie/", threads.thread_assign, name="thread_assign"),
]

if settings.MAIL_PROVIDER:
    urlpatterns.append(path("haken/mail/", include(provider_hooks(settings.MAIL_PROVIDER))))
