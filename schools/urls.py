from __future__ import annotations

from django.urls import URLPattern, path

from schools.views import working_days

urlpatterns: list[URLPattern] = [
    path("school/werkdagen/", working_days.working_days, name="working_days"),
]
