"""The answers to a notice child by child, and lists to take along."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging import answerlist
from messaging.exporting import answers_table, unreached_table
from messaging.models import Notice
from messaging.standing import Standing
from messaging.titles import with_titles
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.confirming import confirmed_file
from schools.languages import MASTER
from schools.spreadsheet import XLSX, as_csv, as_xlsx

ROWS_ON_A_PAGE = 50
UNREACHED, ANSWERS = "niet-bereikt", "antwoorden"


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Each child with what its guardians answered, late or not yet."""
    notice = get_visible_or_404(with_titles(Notice.objects.ever_sent()), request.user, pk=pk)
    language = get_language() or MASTER
    standing = Standing(notice, member_of_staff(request), language)
    wanted = _wanted(request, notice)
    rows = answerlist.children_of(notice, request.user, wanted)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "notice": notice,
        "page": page,
        "rows": [
            {
                "row": row,
                "answers": [
                    {
                        "answer": answer,
                        "label": notice.answer_label(answer.key, language),
                        "is_late": answer.is_late(notice.answer_by),
                        "right": row.right_of(answer),
                    }
                    for answer in row.answers
                ],
            }
            for row in answerlist.answered(notice, page.object_list)
        ],
        "tabs": _tabs(standing, wanted),
        "query": urlencode({"wat": wanted}) if wanted else "",
    }
    return render(request, "messaging/notice_answers.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
@confirmed_file
def notice_export(request: HttpRequest, pk: int, what: str, form: str) -> HttpResponse:
    """A list as CSV or a workbook, of what the reader may see; a line in the access log."""
    notice = get_visible_or_404(with_titles(Notice.objects.ever_sent()), request.user, pk=pk)
    colleague, language = member_of_staff(request), get_language() or MASTER
    if what not in (UNREACHED, ANSWERS) or form not in ("csv", "xlsx"):
        raise Http404
    wanted = _wanted(request, notice) if what == ANSWERS else ""
    children = answerlist.children_of(notice, colleague, wanted)
    if what == UNREACHED:
        head, rows = unreached_table(Standing(notice, colleague, language))
    else:
        head, rows = answers_table(notice, colleague, language, wanted)
    audit.record_reading(
        actor=colleague,
        verb="exported",
        target=notice,
        school_id=notice.school_id,
        pupils=children.values_list("pupil_id", flat=True),
        what=what,
    )
    made_by = colleague.full_name
    if form == "csv":
        response = HttpResponse(as_csv(head, rows, made_by), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(as_xlsx(head, rows, made_by, what), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{what}-{notice.pk}.{form}"'
    return response


def _wanted(request: HttpRequest, notice: Notice) -> str:
    """Which answers are asked for; an unknown word means all."""
    wanted = request.GET.get("wat", "")
    known = {answerlist.NONE, answerlist.LATE, *(option["key"] for option in notice.answers)}
    return wanted if wanted in known else ""


def _tabs(standing: Standing, wanted: str) -> list[dict[str, Any]]:
    """All, each answer, none yet, late."""
    tabs: list[tuple[str, Any, int | None]] = [("", _("All children"), None)]
    tabs += [(option.key, option.label, option.count) for option in standing.options]
    tabs.append((answerlist.NONE, _("No answer yet"), None))
    if standing.late_answers:
        tabs.append((answerlist.LATE, _("Late"), standing.late_answers))
    return [
        {"label": label, "url": f"?wat={key}" if key else "?", "current": key == wanted, "count": count}
        for key, label, count in tabs
    ]
