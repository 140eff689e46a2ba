"""What is kept is told with the first mail and the first letter, in the reader's language; afterwards by a link."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.channels.letter import print_content
from messaging.codes import send_code
from messaging.letters import letters_for, print_run
from messaging.models import Channel, Delivery, DeliveryStatus
from parents.models import Guardian
from parents.signin import IssuedCode, Reachable
from schools import languages
from schools.typeset import typeset
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent, settle
from tests.messaging.rendered import mail_for

pytestmark = pytest.mark.django_db

CODES = ["nl", "ar", "pa"]
PAGE = reverse("privacy_notice")


def words(code: str) -> tuple[str, str]:
    """The sentence that is told once, and the words of the link."""
    with translation.override(languages.language(code).interface):
        return (
            _(
                "The school keeps your name, how to reach you and in which language, to inform you about your child. "
                "You may see it, correct it and say no to some things."
            ),
            _("What we keep about you"),
        )


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0])


def reads(cast: Cast, code: str) -> Guardian:
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(contact_language=code)
    return Guardian.objects.get(pk=cast.guardians["separated_father"].pk)


@pytest.mark.parametrize("code", CODES)
def test_the_first_mail_tells_it_and_the_second_only_links(cast: Cast, code: str) -> None:
    reads(cast, code)
    first = sent(cast)
    told, link = words(code)
    found = mail_for(delivery_to(first, cast, "separated_father"))
    assert told in found.html
    assert told in found.text
    assert f"{PAGE}?taal={code}" in found.html
    settle(first)
    later = mail_for(delivery_to(sent(cast, place="turnzaal"), cast, "separated_father"))
    assert told not in later.html + later.text
    assert link in later.html
    assert f"{PAGE}?taal={code}" in later.text
    again = mail_for(delivery_to(first, cast, "separated_father"))
    assert told in again.html, "sent once more, it is still the first"


def test_a_notice_that_never_left_was_not_the_first(cast: Cast) -> None:
    reads(cast, "nl")
    Delivery.objects.filter(notice=sent(cast)).update(status=DeliveryStatus.CANCELLED, due_at=None)
    found = mail_for(delivery_to(sent(cast, place="turnzaal"), cast, "separated_father"))
    assert words("nl")[0] in found.text


def test_to_an_address_that_nobody_confirmed_it_is_told_too(cast: Cast) -> None:
    father = reads(cast, "nl")
    father.contact_points.update(verified_on=None)
    found = mail_for(delivery_to(sent(cast), cast, "separated_father"))
    assert "Yusuf" not in found.text, "only a link"
    assert words("nl")[0] in found.text


@pytest.mark.parametrize("code", CODES)
def test_the_first_letter_says_where_it_stands(cast: Cast, code: str) -> None:
    guardian = reads(cast, code)
    guardian.contact_points.all().delete()
    deliveries = [delivery_to(sent(cast, place=place), cast, "separated_father") for place in ("lokaal 12", "turnzaal")]
    assert {row.channel for row in deliveries} == {Channel.LETTER}
    first, later = letters_for(deliveries)
    own = "own" if code != "nl" else "nl"
    assert words(code)[1] in first.contact[own]
    assert PAGE in first.contact[own]
    assert PAGE not in later.contact["nl"]
    run = print_run(deliveries[0].notice.school, [code], "Brief")
    assert typeset("letter", print_content(run, [first])).startswith(b"%PDF")


@pytest.mark.parametrize("code", CODES)
def test_a_sign_in_code_comes_with_the_link(cast: Cast, code: str) -> None:
    send_code(IssuedCode(Reachable("EMAIL", "karim@elders.example"), "123456"), code)
    (message,) = mail.outbox
    assert f"{words(code)[1]}: " in str(message.body)
    assert f"{PAGE}?taal={code}" in str(message.body)
    assert f"{PAGE}?taal={code}" in html_of(message)
