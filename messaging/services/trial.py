"""A notice sent to its writer alone, to see how it arrives."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.direct import Words, send_directly
from messaging.mails import mail_of
from messaging.models import Notice
from messaging.noticepage import page_of
from messaging.readers import Child, Reader
from parents.models import PointKind
from parents.signin import Reachable
from schools import audit
from schools.languages import language
from schools.limits import Limit
from schools.models import User

TRIALS = Limit("notices sent to oneself", 30, 3600)


def send_trial(*, notice: Notice, by: User, codes: Sequence[str]) -> None:
    """Mail the notice in these languages to its writer's own address, now and outside the outbox; no child is named.

    Raises ValidationError for no language, too many trials in an hour, or a mail server that refuses.
    """
    texts = {text.language: text for text in notice.texts.all()}
    wanted = [code for code in codes if code in texts]
    if not wanted:
        raise ValidationError(_("Choose a language first."))
    for code in wanted:
        if not TRIALS.spend(str(by.pk)):
            raise ValidationError(
                _("You sent yourself many tests. Wait one hour, or look at the examples on this page.")
            )
        url = settings.SITE_URL + reverse("notice_preview", args=[notice.pk, code, "pagina"])
        child = _("(the child's name)")
        reader = Reader(
            language=code, children=[Child(0, child, child, "")], url=url, sees_all=not notice.is_confidential
        )
        mail = mail_of(page_of(notice, texts, reader, open_names=True), reader)
        subject = _("Test: %(subject)s") % {"subject": mail.subject}
        text, html = (part.replace(f"{url}uitschrijven/", url) for part in (mail.text, mail.html))
        words = Words(subject=subject, text=text, html=html, sms="")
        if not send_directly(Reachable(PointKind.EMAIL, by.email), words, language(code)):
            raise ValidationError(_("The mail server did not take the test. Try again later."))
    audit.record(actor=by, verb="tried", target=notice, school_id=notice.school_id, languages=wanted)
