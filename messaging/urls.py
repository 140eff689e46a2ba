from __future__ import annotations

from django.urls import URLPattern, path

from messaging.views import calls, check, compose, letters, notices, threads

urlpatterns: list[URLPattern] = [
    path("school/bellen/<int:pk>/", calls.call_done, name="call_done"),
    path("school/berichten/", notices.notice_list, name="notice_list"),
    path("school/berichten/<int:pk>/", notices.notice_detail, name="notice_detail"),
    path("school/berichten/<int:pk>/bewerken/", compose.notice_edit, name="notice_edit"),
    path("school/berichten/<int:pk>/brieven/", letters.letter_batch_new, name="letter_batch_new"),
    path("school/berichten/<int:pk>/controle/", check.notice_check, name="notice_check"),
    path("school/berichten/<int:pk>/stand/", notices.notice_status, name="notice_status"),
    path("school/berichten/<int:pk>/verzenden/", check.notice_publish, name="notice_publish"),
    path(
        "school/berichten/<int:pk>/voorbeeld/<slug:language>/<slug:channel>/",
        check.notice_preview,
        name="notice_preview",
    ),
    path("school/berichten/nieuw/", compose.notice_new, name="notice_new"),
    path("school/berichten/nieuw/<slug:slug>/", compose.notice_compose, name="notice_compose"),
    path("school/brieven/<int:pk>.pdf", letters.letter_batch_pdf, name="letter_batch_pdf"),
    path("school/brieven/<int:pk>/meegegeven/", letters.letter_batch_given, name="letter_batch_given"),
    path("school/gezinnen/<int:pk>/berichten/", notices.family_notices, name="family_notices"),
    path("school/vragen/", threads.thread_list, name="thread_list"),
    path("school/vragen/<int:pk>/", threads.thread_detail, name="thread_detail"),
]
