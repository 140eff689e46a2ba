"""Who may what with figures and reports."""

from __future__ import annotations

from tests.surface.roles import (
    ALL_STAFF,
    CLB,
    FAMILY_WORKERS,
    KEEPERS,
    OF_3B,
    RESPONSIBLE,
    SCHOOL,
    TEACHERS,
    Route,
    for_staff,
)

#: The team of De Kersenboom; who opens and closes a measurement; who reads what came of it, and who helps at the gate.
_TEAM = frozenset({"teacher_3b", "teacher_1a", "head", "care"})
_LEADERS = frozenset({"head", "head_go", "joint"})
_READERS = TEACHERS | SCHOOL | {"joint"}
_HELPERS = _READERS | {"office"}

#: Who reads figures of people they work with, and opens the lists behind them.
_LISTED = CLB | TEACHERS | {"head", "head_go"}

#: Who sets targets, directs, agrees or coordinates.
AGREEING = frozenset({"joint", "director_vclb", "director_go", "head", "head_go", "coordinator"})

#: Who reads what the project costs; all but the coordinator keep it.
MEANS = frozenset({"joint", "director_vclb", "director_go", "coordinator"})

#: Who measures how easy a school makes it for parents.
SCANNERS = frozenset({"joint", "head", "head_go"})

#: Who publishes editions of the draaiboek, and who takes those of others over.
_PUBLISHERS, _INSTALLERS = frozenset({"joint", "coordinator"}), frozenset({"joint", "admin"})

#: Who works with a school's year plan, and those of De Kersenboom.
PLANNERS = TEACHERS | SCHOOL | {"office", "joint"}
_OF_PLAN = _TEAM | {"office", "joint"}

REPORTS: dict[str, Route] = {
    "breach_new": for_staff(ALL_STAFF),
    **{name: for_staff(RESPONSIBLE) for name in ("breach_list", "breach_print", "breach_csv")},
    "breach": Route(RESPONSIBLE, frozenset({"head", "admin"}), lambda rows: [rows.breach.pk]),
    "left_tasks": for_staff(frozenset({"head", "head_go", "director_vclb", "director_go"})),
    "playbook_share": for_staff(_PUBLISHERS | _INSTALLERS),
    "package_bring": for_staff(_INSTALLERS, method="post"),
    "package_detail": Route(_INSTALLERS, _INSTALLERS, lambda rows: [rows.package.pk]),
    "plan_list": for_staff(PLANNERS | {"coordinator"}),
    **{
        name: Route(PLANNERS, _OF_PLAN, lambda rows: [rows.planned.plan.school_id])
        for name in ("plan_school", "plan_print")
    },
    "card_list": for_staff(PLANNERS),
    "card_at_school": for_staff(PLANNERS, arguments=lambda rows: ["good-news-call"]),
    "card_questions": for_staff(PLANNERS),
    "card_question": Route(PLANNERS, _OF_PLAN, lambda rows: [rows.card_question.pk]),
    "adaptation_decide": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.adaptation.pk], "post"),
    "card_files": for_staff(KEEPERS, arguments=lambda rows: ["good-news-call"]),
    "card_file_remove": for_staff(KEEPERS, arguments=lambda rows: [rows.card_file.pk], method="post"),
    "edition_new": for_staff(_PUBLISHERS),
    "own_name": for_staff(PLANNERS),
    "plan_step": Route(PLANNERS, _OF_PLAN, lambda rows: [rows.planned.pk]),
    "plan_step_settle": Route(PLANNERS, _OF_PLAN, lambda rows: [rows.planned.pk], "post"),
    "measurement_list": for_staff(_HELPERS),
    "measurement_new": for_staff(_LEADERS),
    "measurement_detail": Route(_READERS, _TEAM | {"joint"}, lambda rows: [rows.wave.pk]),
    "measurement_answer": Route(TEACHERS | SCHOOL, _TEAM, lambda rows: [rows.team_wave.pk]),
    "measurement_review": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.wave.pk]),
    "measurement_sheet": Route(_HELPERS, _TEAM | {"joint", "office"}, lambda rows: [rows.wave.pk, "pa"]),
    **{
        name: Route(_HELPERS, _TEAM | {"joint", "office"}, lambda rows: [rows.wave.pk])
        for name in ("measurement_paper", "measurement_tablet")
    },
    **{
        name: Route(_LEADERS, frozenset({"head", "joint"}), lambda rows: [rows.wave.pk], "post")
        for name in ("measurement_announce", "measurement_close", "measurement_extend")
    },
    "my_week": for_staff(FAMILY_WORKERS),
    "search": for_staff(FAMILY_WORKERS, query=lambda rows: "?q=a"),
    "family_ladder": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "processing_register": for_staff(frozenset({"admin", "director_vclb", "director_go"})),
    "processing_register_csv": for_staff(frozenset({"admin", "director_vclb", "director_go"})),
    "target_list": for_staff(AGREEING),
    "target_detail": for_staff(AGREEING, arguments=lambda rows: ["I01"]),
    "target_agree": Route(frozenset({"head", "head_go"}), frozenset({"head"}), lambda rows: [rows.target.pk], "post"),
    **{
        name: for_staff(MEANS)
        for name in ("hours", "hours_csv", "hours_workbook", "budget", "budget_csv", "budget_workbook")
    },
    "hours_copy": for_staff(frozenset({"joint"}), method="post"),
    "budget_line": Route(MEANS, MEANS, lambda rows: [rows.booking.line_id]),
    "booking_reverse": Route(MEANS - {"coordinator"}, MEANS - {"coordinator"}, lambda rows: [rows.booking.pk], "post"),
    "scan_list": for_staff(SCANNERS | {"coordinator"}),
    **{
        name: Route(SCANNERS, SCANNERS - {"head_go"}, lambda rows: [rows.scan.school_id])
        for name in ("scan_school", "scan_new")
    },
    "scan_correct": Route(SCANNERS, SCANNERS - {"head_go"}, lambda rows: [rows.scan.pk]),
    "scan_action_done": Route(SCANNERS, SCANNERS - {"head_go"}, lambda rows: [rows.action.pk], "post"),
    "equity_list": for_staff(AGREEING),
    "equity_import": for_staff(frozenset({"joint"})),
    "not_reached": for_staff(CLB | SCHOOL),
    "dashboard": for_staff(_LISTED | {"coordinator"}),
    "figure_list": for_staff(_LISTED, arguments=lambda rows: ["I01"]),
    "figures_again": for_staff(_LISTED | {"coordinator"}, method="post"),
    "figures_work": for_staff(_LISTED | {"coordinator"}),
    "indicator_detail": for_staff(_LISTED | {"coordinator"}, arguments=lambda rows: ["I01"]),
    "how_we_count": for_staff(_LISTED | {"coordinator"}),
    "report_list": for_staff(frozenset({"joint", "director_vclb", "director_go", "coordinator"})),
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
        for name in ("report_word", "report_workbook", "report_tables")
    },
    **{
        name: Route(
            frozenset({"joint", "director_vclb", "director_go", "coordinator"}),
            frozenset({"joint", "director_vclb", "director_go"}),
            lambda rows: [rows.report.pk, "fr"],
        )
        for name in ("report_summary", "report_summary_pdf")
    },
    "summary_edit": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk, "fr"]),
    "application_new": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk], method="post"),
    "application_wishes": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.application.pk]),
    "project_next_year": Route(
        frozenset({"joint", "coordinator"}),
        frozenset({"joint", "coordinator"}),
        lambda rows: [rows.cast.project.pk],  # type: ignore[union-attr]
    ),
    "report_outline": Route(
        frozenset({"joint"}),
        frozenset({"joint"}),
        lambda rows: [rows.report.project_id],
    ),
    "report_new": for_staff(
        frozenset({"joint"}),
        method="post",
        data=lambda rows: {"project": rows.cast.project.pk},
    ),
    "chapter_edit": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk, 1]),
    "chapter_versions": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk, 1]),
    "draft_discard": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk, 1], "post"),
    "diary_list": for_staff(frozenset({"joint"})),
    "diary_note": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.diary_note.pk]),
    "chapter_comments": Route(
        frozenset({"joint", "director_vclb", "director_go"}),
        frozenset({"joint", "director_vclb", "director_go"}),
        lambda rows: [rows.report.pk, 1],
    ),
    "comment_resolve": Route(
        frozenset({"joint", "director_vclb", "director_go"}),
        frozenset({"joint", "director_vclb", "director_go"}),
        lambda rows: [rows.report.pk, 1],
        "post",
    ),
    "report_review": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk], "post"),
    "report_refresh": Route(frozenset({"joint"}), frozenset({"joint"}), lambda rows: [rows.report.pk], "post"),
    "report_submit": Route(
        frozenset({"joint", "director_vclb", "director_go"}),
        frozenset({"joint", "director_vclb", "director_go"}),
        lambda rows: [rows.report.pk],
        "post",
    ),
}
