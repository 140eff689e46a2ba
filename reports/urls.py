from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import dashboards, week, worklist

urlpatterns: list[URLPattern] = [
    path("school/cijfers/", dashboards.dashboard, name="dashboard"),
    path("school/cijfers/<str:code>/", dashboards.indicator_detail, name="indicator_detail"),
    path("school/cijfers-uitleg/", dashboards.how_we_count, name="how_we_count"),
    path("school/gezinnen/<int:pk>/ladder/", worklist.family_ladder, name="family_ladder"),
    path("school/niet-bereikt/", worklist.not_reached_page, name="not_reached"),
    path("school/week/", week.my_week, name="my_week"),
]
