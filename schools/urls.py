from __future__ import annotations

from django.urls import URLPattern, path

from schools.views import rollover, school_calendar, texts, translators, welcome, working_days

_TEXT = "school/teksten/<slug:kind>/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("school/jaarwissel/", rollover.school_rollover, name="school_rollover"),
    path("school/jaarwissel/<int:pk>/terug/", rollover.rollover_undo, name="rollover_undo"),
    path("school/kalender/", school_calendar.school_calendar, name="school_calendar"),
    path("school/kalender/<int:pk>/weg/", school_calendar.free_days_remove, name="free_days_remove"),
    path("school/werkdagen/", working_days.working_days, name="working_days"),
    path("school/vertalers/", translators.translator_list, name="translator_list"),
    path("school/vertalers/<int:pk>/", translators.translator_languages, name="translator_languages"),
    path("school/teksten/", texts.text_list, name="text_list"),
    path(_TEXT, texts.text_detail, name="text_detail"),
    path(f"{_TEXT}<slug:code>/", texts.text_edit, name="text_edit"),
    path(f"{_TEXT}<slug:code>/nagelezen/", texts.text_reviewed, name="text_reviewed"),
    path("ouders/welkom/<slug:number>/", welcome.school_welcome, name="school_welcome"),
]
