"""Who may what with notices, letters, questions and translations."""

from __future__ import annotations

from tests.surface.roles import (
    ALL_STAFF,
    CLB,
    FAMILY_WORKERS,
    NOBODY,
    OF_3B,
    OF_GATHERING,
    OF_KERSENBOOM,
    ORGANISERS,
    RECEIVERS,
    REGISTRARS,
    Route,
    for_staff,
)

MESSAGING: dict[str, Route] = {
    "family_notices": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.families["haddad"].pk]),
    "guardian_data": Route(
        frozenset({"head", "head_go", "office"}),
        frozenset({"head", "office"}),
        lambda rows: [rows.cast.pupils["yusuf"].pk, rows.cast.guardians["separated_mother"].pk],
    ),
    "gate_code": for_staff(RECEIVERS),
    "gathering_detail": Route(ORGANISERS, OF_GATHERING, lambda rows: [rows.gathering.pk]),
    "gathering_announce": Route(
        ORGANISERS - {"office"}, OF_GATHERING - {"office"}, lambda rows: [rows.gathering.pk], "post"
    ),
    "notice_list": for_staff(FAMILY_WORKERS),
    "notice_new": for_staff(FAMILY_WORKERS),
    "notice_compose": for_staff(FAMILY_WORKERS, arguments=lambda rows: ["coffee-morning"]),
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
    "translation_rules": for_staff(CLB | {"head", "head_go", "admin"}),
    "translation_log": for_staff(CLB | {"head", "head_go", "admin"}),
    "translation_log_csv": for_staff(CLB | {"head", "head_go", "admin"}),
    "voice_ask": Route(
        FAMILY_WORKERS,
        frozenset({"teacher_3b"}),
        method="post",
        data=lambda rows: {"notice": rows.draft.pk, "language": "pa"},
    ),
    "voice_unask": Route(FAMILY_WORKERS, frozenset({"teacher_3b"}), lambda rows: [rows.voice.pk], "post"),
    "voice_work": Route(frozenset({"translator"}), frozenset({"translator"}), lambda rows: [rows.voice.pk]),
    "voice_take_back": Route(frozenset({"translator"}), NOBODY, lambda rows: [rows.voice.pk], "post"),
    "translation_queue": for_staff(frozenset({"translator"})),
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
    "template_voices": for_staff(FAMILY_WORKERS),
    "template_voice_desk": for_staff(FAMILY_WORKERS, arguments=lambda rows: ["coffee-morning"]),
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
    "letter_not_returned": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.letter.pk], "post"),
    "letter_returned": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.letter.pk], "post"),
    "letter_centre": for_staff(FAMILY_WORKERS),
    "letters_make": for_staff(FAMILY_WORKERS, method="post"),
    "letters_returned": for_staff(FAMILY_WORKERS),
    "ladder_policies": for_staff(frozenset({"head", "head_go", "office", "admin"})),
    "call_list": for_staff(FAMILY_WORKERS),
    "contact_told": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.cast.follow_up.pk], "post"),  # type: ignore[union-attr]
    "contact_decided": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.wish.pk], "post"),
    "call_done": Route(FAMILY_WORKERS, OF_3B, lambda rows: [rows.call.pk], "post"),
    "thread_list": for_staff(FAMILY_WORKERS),
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
    "plain_hints": for_staff(ALL_STAFF, method="post", data=lambda rows: {"plain_field": "text", "text": "Kom!"}),
    "data_requests": for_staff(REGISTRARS),
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
}
