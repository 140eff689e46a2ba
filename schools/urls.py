from __future__ import annotations

from django.urls import URLPattern, path

from schools.views import (
    account,
    classes,
    places,
    postreview,
    rollover,
    school_calendar,
    schoolaccounts,
    staffing,
    texts,
    translators,
    welcome,
    working_days,
)

_SCHOOL_ACCOUNT = "school/account/schoolaccount/<slug:provider>/"
_TEXT = "school/teksten/<slug:kind>/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("school/account/", account.own_account, name="own_account"),
    path("school/account/afmelden-elders/", account.own_session_end, name="own_session_end"),
    path(f"{_SCHOOL_ACCOUNT}koppelen/", schoolaccounts.school_account_link, name="school_account_link"),
    path(f"{_SCHOOL_ACCOUNT}loskoppelen/", schoolaccounts.school_account_unlink, name="school_account_unlink"),
    path("school/jaarwissel/", rollover.school_rollover, name="school_rollover"),
    path("school/jaarwissel/<int:pk>/terug/", rollover.rollover_undo, name="rollover_undo"),
    path("school/klassen/nieuw/", classes.class_new, name="class_new"),
    path("school/klassen/<int:pk>/bewerken/", classes.class_edit, name="class_edit"),
    path("school/beheer/", places.place_list, {"kind": "scholen"}, name="places"),
    path("school/beheer/<slug:kind>/", places.place_list, name="place_list"),
    path("school/beheer/<slug:kind>/nieuw/", places.place_edit, name="place_new"),
    path("school/beheer/<slug:kind>/<int:pk>/", places.place_edit, name="place_edit"),
    path("school/medewerkers/volgend-schooljaar/", postreview.post_review, name="post_review"),
    path(
        "school/medewerkers/volgend-schooljaar/<int:pk>/terug/",
        postreview.post_decision_undo,
        name="post_decision_undo",
    ),
    path("school/medewerkers/", staffing.staff_list, name="staff_list"),
    path("school/medewerkers/nieuw/", staffing.staff_new, name="staff_new"),
    path("school/medewerkers/<int:pk>/", staffing.staff_person, name="staff_person"),
    path("school/medewerkers/<int:pk>/uitnodigen/", staffing.staff_invite, name="staff_invite"),
    path("school/medewerkers/<int:pk>/tweede-factor/", staffing.factor_reset_ask, name="factor_reset_ask"),
    path("school/tweede-factor/", staffing.factor_resets, name="factor_resets"),
    path("school/tweede-factor/<int:pk>/", staffing.factor_reset_decide, name="factor_reset_decide"),
    path("uitnodiging/<str:token>/", staffing.staff_invitation, name="staff_invitation"),
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
