"""Lists of a notice as rows for a spreadsheet: only what the reader may see, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from messaging.answerlist import answered, children_of
from messaging.models import Notice
from messaging.progress import FamilyRow
from messaging.standing import Standing
from schools import clock
from schools.marks import colon

Table = tuple[list[str], Iterator[list[str]]]


def unreached_table(standing: Standing) -> Table:
    """Each family that needs a person: why, what comes next, by when and whose."""
    head = [_("Children"), _("Parents"), _("What went wrong"), _("Next"), _("By when?"), _("Whose")]
    return head, (_unreached_row(row) for row in standing.all_unreached())


def _unreached_row(row: FamilyRow) -> list[str]:
    failed = [
        f"{one.guardian.full_name}{colon()} {one.get_channel_display()}, {one.get_reason_display()}"
        for one in row.failed
    ]
    step = row.step
    return [
        ", ".join(child.full_name for child in row.children),
        ", ".join(dict.fromkeys(one.guardian.full_name for one in row.deliveries)),
        "; ".join(failed) or ("" if row.deliveries else _("nothing was sent to this family")),
        step.channel_name,
        f"{step.day:%Y-%m-%d}" if step.day else "",
        step.owner,
    ]


def answers_table(notice: Notice, user: object, language: str, wanted: str = "") -> Table:
    """Each child with the answers of its guardians; late ones are marked."""
    head = [_("Child"), _("Class"), _("Parent"), _("Answer"), _("Answered on"), _("Late"), _("Authority"), _("Counts")]
    return head, _answer_rows(notice, user, language, wanted)


def _answer_rows(notice: Notice, user: object, language: str, wanted: str) -> Iterator[list[str]]:
    for row in answered(notice, children_of(notice, user, wanted)):
        if not row.answers:
            said = _("a time was chosen") if row.has_time else ""
            yield [row.child.full_name, row.class_name, ", ".join(row.guardians), said, "", "", "", ""]
        for answer in row.answers:
            yield [
                row.child.full_name,
                row.class_name,
                answer.guardian.full_name,
                notice.answer_label(answer.key, language),
                f"{answer.answered_at.astimezone(clock.BRUSSELS):%Y-%m-%d %H:%M}",
                _("late") if answer.is_late(notice.answer_by) else "",
                row.right_of(answer),
                _("yes") if answer.stands else _("no: another answer of this family counts"),
            ]
