from __future__ import annotations

from django.urls import URLPattern, path

from parents.views import alerts, checks, classes, clbfile, contacts, mydata, portal, privacy, rights, rosters, staff

urlpatterns: list[URLPattern] = [
    path("ouders/afmelden/", portal.guardian_sign_out, name="guardian_sign_out"),
    path("ouders/kinderen/<int:pk>/", portal.portal_child, name="portal_child"),
    path("ouders/privacy/", privacy.privacy_notice, name="privacy_notice"),
    path("ouders/privacy/gelezen/", privacy.privacy_read, name="privacy_read"),
    path("ouders/mijn-gegevens/", mydata.portal_data, name="portal_data"),
    path("ouders/kinderen/<int:pk>/loopbaan/", portal.portal_career, name="portal_career"),
    path("ouders/mijn-gegevens/wie-keek/", mydata.portal_visits, name="portal_visits"),
    path("school/inzage/", alerts.reading_alerts, name="reading_alerts"),
    path("school/inzage/<int:pk>/gezien/", alerts.reading_alert_seen, name="reading_alert_seen"),
    path("school/contactmomenten/<int:pk>/", contacts.contact_detail, name="contact_detail"),
    path("school/contactmomenten/<int:pk>/clb-nota/", contacts.clb_note_new, name="clb_note_new"),
    path("school/contactmomenten/<int:pk>/delen/", contacts.contact_share, name="contact_share"),
    path("school/contactmomenten/nieuw/", contacts.contact_new, name="contact_new"),
    path("school/gegevenscontrole/", checks.data_checks, name="data_checks"),
    path(
        "school/gegevenscontrole/<int:pk>/aanstelling/<int:assignment>/",
        checks.assignment_extend,
        name="assignment_extend",
    ),
    path("school/gegevenscontrole/<int:pk>/<slug:check>/", checks.data_check_ask, name="data_check_ask"),
    path("school/gezinnen/", staff.family_list, name="family_list"),
    path("school/gezinnen/<int:pk>/", staff.family_detail, name="family_detail"),
    path("school/gezinnen/<int:pk>/clb-dossier/", clbfile.clb_file, name="clb_file"),
    path("school/gezinnen/<int:pk>/clb-dossier/<int:centre>.csv", clbfile.clb_file_csv, name="clb_file_csv"),
    path("school/gezinnen/<int:pk>/clb-dossier/<int:centre>/", clbfile.clb_file_confirm, name="clb_file_confirm"),
    path("school/gezinnen/<int:pk>/rechten/", rights.family_rights, name="family_rights"),
    path("school/klassen/<int:pk>/", staff.class_detail, name="class_detail"),
    path("school/klassen/<int:pk>/lijst/", classes.class_listed, name="class_list"),
    path("school/klassen/<int:pk>/lijst.<slug:form>", classes.class_list_file, name="class_list_file"),
    path("school/lijsten/", rosters.roster_list, name="roster_list"),
    path("school/lijsten/<int:pk>/", rosters.roster_detail, name="roster_detail"),
    path("school/lijsten/<int:pk>/kolommen/", rosters.roster_columns, name="roster_columns"),
    path("school/lijsten/<int:pk>/stand/", rosters.roster_status, name="roster_status"),
    path("school/lijsten/<int:pk>/binnenhalen/", rosters.roster_apply, name="roster_apply"),
    path("school/lijsten/<int:pk>/stoppen/", rosters.roster_turn, {"what": "stoppen"}, name="roster_stop"),
    path("school/lijsten/<int:pk>/opnieuw/", rosters.roster_turn, {"what": "opnieuw"}, name="roster_again"),
    path("school/opvolging/<int:pk>/klaar/", staff.follow_up_done, name="follow_up_done"),
]
