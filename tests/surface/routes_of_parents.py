"""Who may what with families, talks, meetings, gatherings and their data."""

from __future__ import annotations

from tests.parents.kept_talks import form_of, row, talk
from tests.surface.roles import (
    CHECKERS,
    CLB,
    FAMILY_WORKERS,
    OF_3B,
    OF_GATHERING,
    OF_LISTS,
    OF_ROUND,
    ORGANISERS,
    RECEIVERS,
    RESPONSIBLE,
    SCHOOL,
    TEACHERS,
    Route,
    for_staff,
)

PARENTS: dict[str, Route] = {
    "family_list": for_staff(FAMILY_WORKERS),
    "family_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "class_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.classes["3b"].pk]),
    "evening_choose": for_staff(FAMILY_WORKERS),
    "class_evening": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.classes["3b"].pk]),
    "class_list": Route(FAMILY_WORKERS | {"office"}, OF_3B | {"office"}, lambda rows: [rows.cast.classes["3b"].pk]),
    "class_list_file": Route(
        FAMILY_WORKERS | {"office"}, OF_3B | {"office"}, lambda rows: [rows.cast.classes["3b"].pk, "csv"]
    ),
    "conference_list": for_staff(RECEIVERS),
    "my_calendar": for_staff(RECEIVERS),
    "my_calendar_end": for_staff(RECEIVERS, method="post"),
    "conference_hour_file": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.hours[0].pk]),
    "conference_host_file": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.host.pk]),
    "conference_new": for_staff(RECEIVERS),
    **{
        name: Route(RECEIVERS, OF_ROUND, lambda rows: [rows.host.round_id], method)
        for name, method in (("conference_detail", "get"), ("conference_places", "post"), ("conference_remove", "post"))
    },
    "conference_rule": Route(
        RECEIVERS,
        OF_ROUND,
        lambda rows: [rows.host.round_id],
        "post",
        lambda rows: {"host": rows.host.pk, "pupil": rows.cast.pupils["simran"].pk, "rule": "EACH"},
    ),
    "conference_host": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.host.pk]),
    "conference_attendance": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.host.pk], "post"),
    **{
        name: Route(RECEIVERS, OF_ROUND, lambda rows: [rows.hours[1].pk], method)
        for name, method in (
            ("conference_hour", "get"),
            ("conference_cancel", "post"),
            ("conference_move", "post"),
            ("conference_correct", "post"),
            ("conference_hour_remove", "post"),
        )
    },
    "gathering_list": for_staff(ORGANISERS),
    "gathering_new": for_staff(ORGANISERS),
    "gathering_attendance": Route(ORGANISERS, OF_GATHERING, lambda rows: [rows.reading.pk]),
    "gathering_edit": Route(ORGANISERS, OF_GATHERING - TEACHERS, lambda rows: [rows.gathering.pk]),
    "gathering_cancel": Route(
        ORGANISERS, OF_GATHERING - TEACHERS, lambda rows: [rows.gathering.pk], "post", lambda rows: {"because": "Ziek."}
    ),
    "gathering_reopen": Route(ORGANISERS, OF_GATHERING - TEACHERS, lambda rows: [rows.gathering.pk], "post"),
    "gathering_enter": Route(
        ORGANISERS,
        OF_GATHERING - {"teacher_1a"},
        lambda rows: [rows.gathering.pk],
        query=lambda rows: f"?pupil={rows.cast.pupils['yusuf'].pk}",
    ),
    "gathering_take_off": Route(
        ORGANISERS,
        OF_GATHERING - {"teacher_1a"},
        lambda rows: [rows.gathering.pk],
        "post",
        lambda rows: {"sign_up": rows.gathering.sign_ups.get().pk},
    ),
    "partner_gatherings": for_staff(frozenset({"partner"})),
    "partner_gathering": Route(frozenset({"partner"}), frozenset({"partner"}), lambda rows: [rows.reading.pk]),
    **{name: for_staff(RECEIVERS) for name in ("interpreter_list", "interpreter_sheet", "interpreter_sheet_csv")},
    "interpreter_new": Route(RECEIVERS, OF_ROUND, query=lambda rows: f"?pupil={rows.cast.pupils['yusuf'].pk}"),
    "interpreter_detail": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.father_slot.interpreters.get().pk]),
    "absence_list": for_staff(RECEIVERS),
    "absence_seen": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.absence.pk], "post"),
    "growth_new": Route(
        TEACHERS | SCHOOL,
        frozenset({"teacher_3b", "head", "care"}),
        query=lambda rows: f"?pupil={rows.cast.pupils['yusuf'].pk}",
    ),
    "growth_take_back": Route(
        TEACHERS | SCHOOL, frozenset({"teacher_3b", "head"}), lambda rows: [rows.growth.pk], "post"
    ),
    "contact_new": Route(FAMILY_WORKERS, OF_3B, query=lambda rows: f"?pupil={rows.cast.pupils['yusuf'].pk}"),
    "contact_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.moments["gate"].pk]),
    "contact_correct": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.cast.moments["gate"].pk]),
    "contact_withdraw": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b", "head"}),
        lambda rows: [rows.cast.moments["gate"].pk],
        "post",
    ),
    "offline_children": for_staff(FAMILY_WORKERS),
    "offline_send": for_staff(FAMILY_WORKERS, method="post"),
    "offline_mend": Route(
        FAMILY_WORKERS, frozenset({"teacher_3b"}), method="post", data=lambda rows: form_of(row(talk(rows.cast)))
    ),
    "clb_note_new": Route(CLB, OF_3B & CLB, lambda rows: [rows.cast.moments["gate"].pk], "post"),
    "follow_up_done": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.follow_up.pk], "post"),  # type: ignore[union-attr]
    "roster_list": for_staff(OF_LISTS),
    **{
        name: Route(OF_LISTS, frozenset({"head", "office", "admin"}), lambda rows: [rows.roster.pk], method)
        for name, method in (
            ("roster_detail", "get"),
            ("roster_columns", "get"),
            ("roster_status", "get"),
            ("roster_apply", "post"),
            ("roster_stop", "post"),
            ("roster_again", "post"),
        )
    },
    "pupil_list": for_staff(frozenset({"head", "head_go", "office"})),
    "pupil_new": for_staff(OF_LISTS),
    **{
        name: Route(
            frozenset({"head", "head_go", "office"}),
            frozenset({"head", "office"}),
            lambda rows: [rows.cast.pupils["yusuf"].pk],
        )
        for name in ("pupil_detail", "guardian_new")
    },
    "guardian_tie": Route(
        frozenset({"head", "head_go", "office"}),
        frozenset({"head", "office"}),
        lambda rows: [rows.cast.pupils["yusuf"].pk, rows.cast.guardians["separated_mother"].pk],
    ),
    "family_viewers": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "family_rights": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "contact_share": Route(
        CLB,
        frozenset({"clb_vclb", "director_vclb", "joint"}),
        lambda rows: [rows.cast.moments["clb"].pk],
        "post",
    ),
    "clb_files_waiting": for_staff(CLB),
    **{
        name: Route(
            CLB,
            OF_3B & CLB,
            lambda rows: [rows.cast.families["haddad"].pk, rows.cast.centres["vclb"].pk, rows.cast.pupils["yusuf"].pk],
        )
        for name in ("clb_pupil_csv", "clb_pupil_pdf")
    },
    "clb_file": Route(CLB, OF_3B & CLB, lambda rows: [rows.cast.families["haddad"].pk]),
    **{
        name: Route(
            CLB,
            OF_3B & CLB,
            lambda rows: [rows.cast.families["haddad"].pk, rows.cast.centres["vclb"].pk],
            method,
        )
        for name, method in (("clb_file_csv", "get"), ("clb_file_confirm", "post"))
    },
    "same_families": for_staff(frozenset({"joint"})),
    "same_family_decide": Route(
        frozenset({"joint"}),
        frozenset({"joint"}),
        lambda rows: [rows.alike.pk],
        "post",
        lambda rows: {"answer": "same"},
    ),
    "same_family_undo": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.joined.pk], "post"),
    "data_checks": for_staff(CHECKERS),
    "data_check_ask": Route(
        CHECKERS,
        frozenset({"head", "office", "care", "clb_vclb", "director_vclb", "joint"}),
        lambda rows: [rows.cast.schools["kersenboom"].pk, "taal"],
        "post",
    ),
    "guardian_join": Route(
        frozenset({"head", "head_go", "office"}),
        frozenset({"head", "office"}),
        lambda rows: [rows.cast.schools["kersenboom"].pk, *sorted(one.pk for one in rows.twice)],
    ),
    "pupil_join": Route(
        frozenset({"head", "head_go", "office"}),
        frozenset({"head", "office"}),
        lambda rows: [rows.cast.schools["kersenboom"].pk, *sorted(one.pk for one in rows.twins)],
    ),
    "pupil_part": Route(
        frozenset({"head", "head_go", "office"}),
        frozenset({"head", "office"}),
        lambda rows: [rows.joined_twins.pk],
        "post",
    ),
    "assignment_extend": Route(
        frozenset({"head", "head_go"}),
        frozenset({"head"}),
        lambda rows: [rows.cast.schools["kersenboom"].pk, rows.ending.pk],
        "post",
    ),
    "reading_alerts": for_staff(RESPONSIBLE),
    "reading_alert_seen": Route(
        RESPONSIBLE, frozenset({"head"}), lambda rows: [rows.alert.pk], "post", lambda rows: {"finding": "Toetsen."}
    ),
}
