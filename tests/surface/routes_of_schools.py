"""Who may what with a school's year and lists."""

from __future__ import annotations

from tests.surface.roles import (
    ALL_STAFF,
    CLB,
    FAMILY_WORKERS,
    KEEPERS,
    MAINTAINERS,
    NOBODY,
    OF_LISTS,
    RESPONSIBLE,
    Route,
    for_staff,
)

#: Who appoints the teacher of 3B, and who may be the second of two about somebody of the own place.
OF_TEACHER_3B = frozenset({"head", "admin"})
CONFIRMERS = RESPONSIBLE | {"care", "office", "clb_vclb", "clb_go"}

SCHOOLS: dict[str, Route] = {
    "school_account_link": Route(ALL_STAFF, NOBODY, lambda rows: ["kersenboom"], "post"),
    "school_account_unlink": for_staff(ALL_STAFF, arguments=lambda rows: ["kersenboom"], method="post"),
    "own_account": for_staff(ALL_STAFF),
    "own_session_end": for_staff(ALL_STAFF, method="post"),
    "translator_list": for_staff(CLB | {"head", "head_go", "care", "admin"}),
    "translator_languages": Route(
        CLB | {"head", "head_go", "care", "admin"},
        frozenset({"head", "care", "clb_vclb", "director_vclb", "joint", "admin"}),
        lambda rows: [rows.school_translator.pk],
    ),
    "school_calendar": for_staff(frozenset({"head", "head_go", "office", "admin"})),
    "school_rollover": for_staff(frozenset({"head", "head_go", "office", "admin"})),
    "class_new": for_staff(OF_LISTS),
    "class_edit": Route(OF_LISTS, frozenset({"head", "office", "admin"}), lambda rows: [rows.cast.classes["3b"].pk]),
    "rollover_undo": Route(
        frozenset({"head", "head_go", "office", "admin"}),
        frozenset({"head", "office", "admin"}),
        lambda rows: [rows.rollover.pk],
        "post",
    ),
    "free_days_remove": Route(
        frozenset({"head", "head_go", "office", "admin"}),
        frozenset({"head", "office", "admin"}),
        lambda rows: [rows.study_day.pk],
        "post",
    ),
    "operations": for_staff(frozenset({"admin"})),
    "first_steps": Route(frozenset({"admin"}), NOBODY),
    "first_step": Route(frozenset({"admin"}), NOBODY, lambda rows: ["mail"]),
    "help_index": for_staff(ALL_STAFF),
    "help_topic": for_staff(ALL_STAFF, arguments=lambda rows: ["contact"]),
    "places": for_staff(frozenset({"admin"})),
    "place_list": for_staff(frozenset({"admin"}), arguments=lambda rows: ["scholen"]),
    "place_new": for_staff(frozenset({"admin"}), arguments=lambda rows: ["projecten"]),
    "place_edit": for_staff(
        frozenset({"admin"}), arguments=lambda rows: ["scholen", rows.cast.schools["kersenboom"].pk]
    ),
    "staff_list": for_staff(RESPONSIBLE),
    "post_review": for_staff(RESPONSIBLE),
    "post_decision_undo": Route(RESPONSIBLE, OF_TEACHER_3B, lambda rows: [rows.post_decision.pk], "post"),
    "staff_new": for_staff(RESPONSIBLE),
    "staff_person": Route(RESPONSIBLE, OF_TEACHER_3B, lambda rows: [rows.cast.staff["teacher_3b"].pk]),
    "staff_invite": Route(RESPONSIBLE, OF_TEACHER_3B, lambda rows: [rows.cast.staff["teacher_3b"].pk], "post"),
    "factor_reset_ask": Route(RESPONSIBLE, OF_TEACHER_3B, lambda rows: [rows.cast.staff["teacher_3b"].pk], "post"),
    "factor_resets": for_staff(CONFIRMERS),
    "factor_reset_decide": Route(
        CONFIRMERS, OF_TEACHER_3B | {"care", "office"}, lambda rows: [rows.factor_reset.pk], "post"
    ),
    "working_days": for_staff(FAMILY_WORKERS),
    "text_list": for_staff(MAINTAINERS),
    "text_detail": Route(MAINTAINERS, KEEPERS | {"translator"}, lambda rows: ["sjabloon", rows.template.pk]),
    "text_edit": Route(MAINTAINERS, KEEPERS | {"translator"}, lambda rows: ["sjabloon", rows.template.pk, "pa"]),
    "text_reviewed": Route(
        MAINTAINERS, KEEPERS | {"translator"}, lambda rows: ["sjabloon", rows.template.pk, "pa"], "post"
    ),
}
