"""Who may what: one row for each named route. ``test_access.py`` walks it and fails for a route without a row.

A row names who gets in (200, or 302/422 for a form). Everybody else on a staff route gets 404 when the role could open
the page but not this row, 403 when the role cannot, and the sign-in page without an account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.parents.kept_talks import form_of, row, talk
from tests.surface.rows import Rows

TEACHERS = frozenset({"teacher_3b", "teacher_1a", "teacher_go"})
SCHOOL = frozenset({"head", "head_go", "care"})
CLB = frozenset({"clb_vclb", "clb_go", "director_vclb", "director_go", "joint"})
FAMILY_WORKERS = TEACHERS | SCHOOL | CLB
#: Those who work with Yusuf Haddad of 3B in De Kersenboom.
OF_3B = frozenset({"teacher_3b", "head", "care", "clb_vclb", "director_vclb", "joint"})
#: Those who work at De Kersenboom, or accompany it.
OF_KERSENBOOM = OF_3B | {"teacher_1a"}
ALL_STAFF = FAMILY_WORKERS | {"office", "coordinator", "partner", "translator", "admin"}
#: Those who maintain the texts of all schools; a school's own people write its welcome page.
KEEPERS = frozenset({"clb_vclb", "clb_go", "joint", "admin"})
MAINTAINERS = KEEPERS | {"translator", "head", "head_go", "office"}
#: Those who answer for a school or a centre, and the operator.
RESPONSIBLE = frozenset({"head", "head_go", "director_vclb", "director_go", "admin"})
#: Those who answer requests about data.
REGISTRARS = frozenset({"head", "head_go", "office"}) | CLB
#: Those who keep a school's data right.
CHECKERS = SCHOOL | CLB | {"office"}
#: Who brings the lists of schools in.
OF_LISTS = frozenset({"head", "head_go", "office", "admin"})
#: Who receives parents, and who plans it; those of the round of 3B.
RECEIVERS = TEACHERS | SCHOOL | {"office"}
OF_ROUND = frozenset({"teacher_3b", "head", "care", "office"})
#: Who brings parents together, and those of De Kersenboom.
ORGANISERS = RECEIVERS | {"joint"}
OF_GATHERING = frozenset({"teacher_3b", "teacher_1a", "head", "care", "office", "joint"})
NOBODY: frozenset[str] = frozenset()

Arguments = Callable[[Rows], list[object]]


@dataclass(frozen=True)
class Route:
    """``roles`` may open the page at all, ``rows`` may open it for the row of ``arguments``."""

    roles: frozenset[str]
    rows: frozenset[str]
    arguments: Arguments = lambda rows: []
    method: str = "get"
    data: Callable[[Rows], dict[str, object]] = lambda rows: {}
    query: Callable[[Rows], str] = lambda rows: ""


def _staff(roles: frozenset[str], **more: object) -> Route:
    return Route(roles, roles, **more)  # type: ignore[arg-type]


STAFF: dict[str, Route] = {
    "my_week": _staff(FAMILY_WORKERS),
    "family_list": _staff(FAMILY_WORKERS),
    "search": _staff(FAMILY_WORKERS, query=lambda rows: "?q=a"),
    "family_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "family_notices": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "family_ladder": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "class_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.classes["3b"].pk]),
    "evening_choose": _staff(FAMILY_WORKERS),
    "class_evening": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.classes["3b"].pk]),
    "class_list": Route(FAMILY_WORKERS | {"office"}, OF_3B | {"office"}, lambda rows: [rows.cast.classes["3b"].pk]),
    "class_list_file": Route(
        FAMILY_WORKERS | {"office"}, OF_3B | {"office"}, lambda rows: [rows.cast.classes["3b"].pk, "csv"]
    ),
    "conference_list": _staff(RECEIVERS),
    "gate_code": _staff(RECEIVERS),
    "my_calendar": _staff(RECEIVERS),
    "my_calendar_end": _staff(RECEIVERS, method="post"),
    "conference_hour_file": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.hours[0].pk]),
    "conference_host_file": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.host.pk]),
    "conference_new": _staff(RECEIVERS),
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
    "gathering_list": _staff(ORGANISERS),
    "gathering_new": _staff(ORGANISERS),
    "gathering_detail": Route(ORGANISERS, OF_GATHERING, lambda rows: [rows.gathering.pk]),
    "gathering_attendance": Route(ORGANISERS, OF_GATHERING, lambda rows: [rows.reading.pk]),
    "gathering_announce": Route(
        ORGANISERS - {"office"}, OF_GATHERING - {"office"}, lambda rows: [rows.gathering.pk], "post"
    ),
    "gathering_edit": Route(ORGANISERS, OF_GATHERING - TEACHERS, lambda rows: [rows.gathering.pk]),
    "gathering_cancel": Route(
        ORGANISERS, OF_GATHERING - TEACHERS, lambda rows: [rows.gathering.pk], "post", lambda rows: {"because": "Ziek."}
    ),
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
    "partner_gatherings": _staff(frozenset({"partner"})),
    "partner_gathering": Route(frozenset({"partner"}), frozenset({"partner"}), lambda rows: [rows.reading.pk]),
    **{name: _staff(RECEIVERS) for name in ("interpreter_list", "interpreter_sheet", "interpreter_sheet_csv")},
    "interpreter_new": Route(RECEIVERS, OF_ROUND, query=lambda rows: f"?pupil={rows.cast.pupils['yusuf'].pk}"),
    "interpreter_detail": Route(RECEIVERS, OF_ROUND, lambda rows: [rows.father_slot.interpreters.get().pk]),
    "absence_list": _staff(RECEIVERS),
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
    "offline_children": _staff(FAMILY_WORKERS),
    "offline_send": _staff(FAMILY_WORKERS, method="post"),
    "offline_mend": Route(
        FAMILY_WORKERS, frozenset({"teacher_3b"}), method="post", data=lambda rows: form_of(row(talk(rows.cast)))
    ),
    "clb_note_new": Route(CLB, OF_3B & CLB, lambda rows: [rows.cast.moments["gate"].pk], "post"),
    "follow_up_done": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.follow_up.pk], "post"),  # type: ignore[union-attr]
    "notice_list": _staff(FAMILY_WORKERS),
    "notice_new": _staff(FAMILY_WORKERS),
    "notice_compose": _staff(FAMILY_WORKERS, arguments=lambda rows: ["coffee-morning"]),
    "notice_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk]),
    "notice_status": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk]),
    "notice_answers": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk]),
    "notice_export": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk, "niet-bereikt", "csv"]),
    "notice_bulk": Route(
        FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk], "post", lambda rows: {"act": "opnieuw", "alle": "1"}
    ),
    "notice_remind": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk], "post"),
    "round_undo": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk], "post"),
    "notice_edit": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk]),
    "notice_check": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk]),
    "notice_preview": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk, "ar", "mail"]),
    "notice_publish": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk], "post"),
    **{
        name: Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk], "post")
        for name in ("notice_schedule", "notice_trial", "notice_discard")
    },
    "notice_unschedule": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.scheduled.pk], "post"),
    **{
        name: Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.notice.pk], "post")
        for name in ("notice_undo", "notice_cancel", "notice_correct")
    },
    **{
        name: Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk], method)
        for name, method in (
            ("notice_words", "get"),
            ("notice_words_reset", "post"),
            ("notice_translations", "get"),
            ("machine_status", "get"),
            ("notice_reason", "post"),
            ("notice_ask", "post"),
            ("notice_machine", "post"),
            ("machine_stop", "post"),
            ("notice_languages", "post"),
        )
    },
    "notice_translation": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk, "ar"]),
    "notice_unask": Route(
        FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk, rows.asked.pk], "post"
    ),
    "translation_rules": _staff(CLB | {"head", "head_go", "admin"}),
    "translation_log": _staff(CLB | {"head", "head_go", "admin"}),
    "translation_log_csv": _staff(CLB | {"head", "head_go", "admin"}),
    "voice_ask": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b"}),
        method="post",
        data=lambda rows: {"notice": rows.draft.pk, "language": "pa"},
    ),
    "voice_unask": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.voice.pk], "post"),
    "voice_work": Route(frozenset({"translator"}), frozenset({"translator"}), lambda rows: [rows.voice.pk]),
    "voice_take_back": Route(frozenset({"translator"}), NOBODY, lambda rows: [rows.voice.pk], "post"),
    "translator_list": _staff(CLB | {"head", "head_go", "care", "admin"}),
    "translator_languages": Route(
        CLB | {"head", "head_go", "care", "admin"},
        frozenset({"head", "care", "clb_vclb", "director_vclb", "joint", "admin"}),
        lambda rows: [rows.school_translator.pk],
    ),
    "translation_queue": _staff(frozenset({"translator"})),
    "translation_work": Route(frozenset({"translator"}), frozenset({"translator"}), lambda rows: [rows.asked.pk]),
    **{
        name: Route(frozenset({"translator"}), frozenset({"translator"}), lambda rows: [rows.asked.pk], "post")
        for name in ("translation_take", "translation_return")
    },
    "notice_files": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk]),
    "notice_file": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk, rows.notice.attachments.get().pk]),
    "notice_file_remove": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b"}),
        lambda rows: [rows.draft.pk, rows.draft.attachments.get().pk],
        "post",
    ),
    "notice_recordings": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk]),
    "notice_recording": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk, rows.notice.recordings.get().pk]),
    "notice_recording_confirm": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b"}),
        lambda rows: [rows.draft.pk, rows.draft.recordings.get().pk],
        "post",
    ),
    "notice_recording_remove": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b", "head", "care"}),
        lambda rows: [rows.notice.pk, rows.notice.recordings.get().pk],
        "post",
    ),
    "notice_recording_use": Route(
        FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.draft.pk, rows.general_voice.pk], "post"
    ),
    "template_voices": _staff(FAMILY_WORKERS),
    "template_voice_desk": _staff(FAMILY_WORKERS, arguments=lambda rows: ["coffee-morning"]),
    "template_recording": Route(
        FAMILY_WORKERS, OF_KERSENBOOM, lambda rows: ["parent-meeting-invitation", rows.general_voice.pk]
    ),
    "template_recording_remove": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b", "head", "care"}),
        lambda rows: ["parent-meeting-invitation", rows.general_voice.pk],
        "post",
    ),
    "letter_batch_new": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.notice.pk], "post"),
    "letter_batch_pdf": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk]),
    "letter_batch_given": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk], "post"),
    "letter_batch": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk]),
    "letter_batch_status": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk]),
    "letter_batch_taken_back": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk], "post"),
    "letter_batch_stop": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk], "post"),
    "letter_batch_resume": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk], "post"),
    "letter_batch_drop": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk], "post"),
    "letter_strips": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.batch.pk]),
    "letter_strip": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.letter.pk]),
    "letter_returned": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.letter.pk], "post"),
    "letter_centre": _staff(FAMILY_WORKERS),
    "letters_make": _staff(FAMILY_WORKERS, method="post"),
    "letters_returned": _staff(FAMILY_WORKERS),
    "school_calendar": _staff(frozenset({"head", "head_go", "office", "admin"})),
    "school_rollover": _staff(frozenset({"head", "head_go", "office", "admin"})),
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
    "roster_list": _staff(OF_LISTS),
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
    "ladder_policies": _staff(frozenset({"head", "head_go", "office", "admin"})),
    "call_list": _staff(FAMILY_WORKERS),
    "contact_told": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.follow_up.pk], "post"),  # type: ignore[union-attr]
    "contact_decided": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.wish.pk], "post"),
    "call_done": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.call.pk], "post"),
    "thread_list": _staff(FAMILY_WORKERS),
    "thread_detail": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.thread.pk]),
    "thread_assign": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.thread.pk], "post", lambda rows: {"to": "ik"}),
    "thread_state": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.thread.pk], "post"),
    "thread_translate": Route(
        FAMILY_WORKERS,
        OF_3B,
        lambda rows: [rows.thread.pk, rows.thread.posts.get().pk],
        "post",
        lambda rows: {"text": "Wanneer?"},
    ),
    "plain_hints": _staff(ALL_STAFF, method="post", data=lambda rows: {"plain_field": "text", "text": "Kom!"}),
    "working_days": _staff(FAMILY_WORKERS),
    "text_list": _staff(MAINTAINERS),
    "text_detail": Route(MAINTAINERS, KEEPERS | {"translator"}, lambda rows: ["sjabloon", rows.template.pk]),
    "text_edit": Route(MAINTAINERS, KEEPERS | {"translator"}, lambda rows: ["sjabloon", rows.template.pk, "pa"]),
    "text_reviewed": Route(
        MAINTAINERS, KEEPERS | {"translator"}, lambda rows: ["sjabloon", rows.template.pk, "pa"], "post"
    ),
    "family_rights": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "contact_share": Route(
        CLB,
        frozenset({"clb_vclb", "director_vclb", "joint"}),
        lambda rows: [rows.cast.moments["clb"].pk],
        "post",
    ),
    "data_requests": _staff(REGISTRARS),
    "data_request_new": Route(
        REGISTRARS, REGISTRARS & (OF_3B | {"office"}), lambda rows: [rows.cast.guardians["separated_father"].pk]
    ),
    "data_request": Route(REGISTRARS, frozenset({"head", "office"}), lambda rows: [rows.data_request.pk]),
    "data_request_export": Route(
        REGISTRARS, frozenset({"head", "office"}), lambda rows: [rows.data_request.pk, "json"]
    ),
    "data_request_extend": Route(
        REGISTRARS,
        frozenset({"head", "office"}),
        lambda rows: [rows.data_request.pk],
        "post",
        lambda rows: {"because": "Veel"},
    ),
    "data_request_lift": Route(REGISTRARS, frozenset({"head", "office"}), lambda rows: [rows.data_request.pk], "post"),
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
    "same_families": _staff(frozenset({"joint"})),
    "same_family_decide": Route(
        frozenset({"joint"}),
        frozenset({"joint"}),
        lambda rows: [rows.alike.pk],
        "post",
        lambda rows: {"answer": "same"},
    ),
    "same_family_undo": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.joined.pk], "post"),
    "data_checks": _staff(CHECKERS),
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
    "processing_register": _staff(frozenset({"admin", "director_vclb", "director_go"})),
    "processing_register_csv": _staff(frozenset({"admin", "director_vclb", "director_go"})),
    "reading_alerts": _staff(RESPONSIBLE),
    "reading_alert_seen": Route(
        RESPONSIBLE, frozenset({"head"}), lambda rows: [rows.alert.pk], "post", lambda rows: {"finding": "Toetsen."}
    ),
    "not_reached": _staff(CLB | SCHOOL),
    "dashboard": _staff(CLB | {"head", "head_go", "coordinator"}),
    "indicator_detail": _staff(CLB | {"head", "head_go", "coordinator"}, arguments=lambda rows: ["I01"]),
    "how_we_count": _staff(CLB | {"head", "head_go", "coordinator"}),
    "report_list": _staff(frozenset({"joint", "director_vclb", "director_go", "coordinator"})),
    "report_detail": Route(
        frozenset({"joint", "director_vclb", "director_go", "coordinator"}),
        frozenset({"joint", "director_vclb", "director_go"}),
        lambda rows: [rows.report.pk],
    ),
    **{
        name: Route(
            frozenset({"joint", "director_vclb", "director_go", "coordinator"}),
            frozenset({"joint", "director_vclb", "director_go"}),
            lambda rows: [rows.report.pk],
        )
        for name in ("report_workbook", "report_tables")
    },
    "project_next_year": Route(
        frozenset({"joint", "coordinator"}),
        frozenset({"joint", "coordinator"}),
        lambda rows: [rows.cast.project.pk],  # type: ignore[union-attr]
    ),
    "report_new": _staff(
        frozenset({"joint"}),
        method="post",
        data=lambda rows: {"project": rows.cast.project.pk},
    ),
    "chapter_edit": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk, 1]),
    "report_review": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk], "post"),
    "report_refresh": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk], "post"),
    "report_submit": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk], "post"),
}
