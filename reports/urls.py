from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import dashboards, evaluation, nextyear, playbook, register, search, week, worklist

urlpatterns: list[URLPattern] = [
    path("draaiboek/", playbook.playbook, name="playbook"),
    path("draaiboek/boekje.pdf", playbook.playbook_booklet, name="playbook_booklet"),
    path("draaiboek/fiches/<slug:slug>/", playbook.method_card, name="method_card"),
    path("school/cijfers/", dashboards.dashboard, name="dashboard"),
    path("school/cijfers/<str:code>/", dashboards.indicator_detail, name="indicator_detail"),
    path("school/cijfers-uitleg/", dashboards.how_we_count, name="how_we_count"),
    path("school/evaluatie/", evaluation.report_list, name="report_list"),
    path("school/evaluatie/<int:pk>/", evaluation.report_detail, name="report_detail"),
    path("school/evaluatie/<int:pk>/cijfers/", evaluation.report_refresh, name="report_refresh"),
    path("school/evaluatie/<int:pk>/hoofdstuk/<int:number>/", evaluation.chapter_edit, name="chapter_edit"),
    path("school/evaluatie/<int:pk>/indienen/", evaluation.report_submit, name="report_submit"),
    path("school/evaluatie/<int:pk>/nazien/", evaluation.report_review, name="report_review"),
    path("school/evaluatie/<int:pk>/rapport.pdf", evaluation.report_pdf, name="report_pdf"),
    path("school/evaluatie/<int:pk>/rapport.xlsx", evaluation.report_workbook, name="report_workbook"),
    path("school/evaluatie/<int:pk>/tabellen.zip", evaluation.report_tables, name="report_tables"),
    path("school/evaluatie/<int:pk>/tekenen/", evaluation.report_sign, name="report_sign"),
    path("school/evaluatie/nieuw/", evaluation.report_new, name="report_new"),
    path("school/gezinnen/<int:pk>/ladder/", worklist.family_ladder, name="family_ladder"),
    path("school/niet-bereikt/", worklist.not_reached_page, name="not_reached"),
    path("school/verwerkingen/", register.processing_register, name="processing_register"),
    path("school/verwerkingen.csv", register.processing_register_csv, name="processing_register_csv"),
    path("school/project/<int:pk>/volgend-jaar/", nextyear.project_next_year, name="project_next_year"),
    path("school/week/", week.my_week, name="my_week"),
    path("school/zoeken/", search.search_page, name="search"),
]
