"""A whole notice before the checker of plain Dutch, as parents get it."""

from __future__ import annotations

from messaging import plain_dutch
from messaging.models import Notice, NoticeKind, NoticeText
from messaging.plain_dutch import Facts, Report
from schools.languages import MASTER


def report_of(notice: Notice, text: NoticeText) -> Report:
    """What is found in its Dutch ``text``, and what is not said in it."""
    template = notice.template
    facts = Facts(
        category=template.category if template and not template.is_blank else "",
        slots=text.slots,
        variables=[name for name, value in notice.values.items() if value],
        asks=notice.kind == NoticeKind.ACTIE,
        can_answer=bool(notice.answers) or notice.is_invitation,
        has_last_day=notice.answer_by is not None or notice.is_invitation,
    )
    return plain_dutch.report(f"{text.title}\n{text.body}", facts)


def findings_of(notice: Notice) -> int | None:
    """How many findings its Dutch has, those in the words of its template too: parents read them all the same. None
    without a Dutch text."""
    text = notice.texts.filter(language=MASTER).first()
    return len(report_of(notice, text).findings) if text else None
