"""What this app keeps of people around the draaiboek, its cards and the year planner, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools.processing import STAFF, Processing

OF_PLAYBOOK = (
    Processing(
        model="reports.SchoolPlan",
        called=_("year planners of schools"),
        about=STAFF,
        purpose=_("take the draaiboek over"),
        until=_("names SCAN_NAMES_DAYS after the school year, the plan for ever"),
        fields="started_by started_at",
        plain="school year",
    ),
    Processing(
        model="reports.PlannedStep",
        called=_("steps of the year planner"),
        about=STAFF,
        purpose=_("take the draaiboek over"),
        until=_("names SCAN_NAMES_DAYS after its day, the step for ever"),
        fields="owner settled_by reminded_at",
        plain="plan step due_on advised_on remind_on state reason settled_on",
    ),
    Processing(
        model="reports.Adaptation",
        called=_("adaptations of cards"),
        about=STAFF,
        purpose=_("take the draaiboek over"),
        until=_("names SCAN_NAMES_DAYS, what was written for ever"),
        fields="written_by written_at decided_by decided_at",
        plain="method school words state answer",
    ),
    Processing(
        model="reports.CardQuestion",
        called=_("questions about cards"),
        about=STAFF,
        purpose=_("take the draaiboek over"),
        until=_("names SCAN_NAMES_DAYS, what was written for ever"),
        fields="asked_by asked_at answered_by answered_at",
        plain="method school text answer asked_told_at answer_told_at",
    ),
    Processing(
        model="reports.CardReminder",
        called=_("mails about questions on cards"),
        about=STAFF,
        purpose=_("take the draaiboek over"),
        until=_("SCAN_NAMES_DAYS"),
        fields="person sent_at",
        plain="question is_answer held_until",
    ),
    Processing(
        model="reports.NamingConsent",
        called=_("consents to be named in the draaiboek"),
        about=STAFF,
        purpose=_("name colleagues in the draaiboek only if they agree"),
        until=_("until it is withdrawn"),
        fields="user given_at",
    ),
    Processing(
        model="reports.PlaybookPackage",
        called=_("packages of a draaiboek"),
        about=STAFF,
        purpose=_("know from where texts were taken over"),
        until=_("PACKAGE_DAYS while nothing of it was decided, then for ever"),
        fields="brought_by brought_at installed_by installed_at",
        plain="edition content checksum added replaced kept",
    ),
    Processing(
        model="reports.CardFile",
        called=_("files of cards"),
        about=STAFF,
        purpose=_("take the draaiboek over"),
        until=_("names SCAN_NAMES_DAYS, what was written for ever"),
        fields="added_by added_at",
        plain="method kept title language brought_sha256",
    ),
)
