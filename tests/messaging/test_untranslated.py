"""A notice without a translation: the Dutch with an offer to call, and the five slots in the reader's language."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from messaging.formats import long_day
from messaging.letters import letters_for
from messaging.models import CallTask, Channel, Delivery, Notice, NoticeText, TextKind
from messaging.services import choose_languages, publish_notice, update_notice
from parents.models import ContactPoint, FollowUp, Guardian
from schools.languages import language
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft
from tests.messaging.rendered import mail_for, page_for, sms_for

pytestmark = pytest.mark.django_db

WORDS = {"body": "Beste ouder,\nKom eens langs over {child}."}
SLOTS = {"what": "Een babbel", "when": "{when}", "where": "{where}", "bring": "", "answer": "Zeg of u komt."}


def sent(cast: Cast, **dutch: object) -> Notice:
    notice = update_notice(draft(cast), dutch=WORDS | dutch)
    choices = dict.fromkeys(("pa", "fr", "ar"), "DUTCH")
    choose_languages(notice=notice, choices=choices, by=notice.author)
    publish_notice(notice=notice, by=notice.author)
    return Notice.objects.get(pk=notice.pk)


def to_father(notice: Notice, cast: Cast) -> Delivery:
    """He reads Arabic."""
    return Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_father"])


def day_in(notice: Notice, code: str) -> str:
    return long_day(date.fromisoformat(notice.values["date"]), code)


def test_the_slots_that_still_hold_are_those_of_the_ready_text(cast: Cast) -> None:
    notice = sent(cast)
    page = page_for(to_father(notice, cast))
    ready = NoticeText.objects.get(notice=notice, language="ar")
    assert page.untranslated == language("ar")
    assert page.text.language == language("nl")
    shown = {slot.key: slot.text for slot in page.slots}
    assert shown["when"] == ready.slots["when"]
    assert day_in(notice, "ar") in shown["when"]
    assert {slot.label for slot in page.slots} >= {"متى"}
    assert all(not slot.is_dutch for slot in page.slots)
    assert {choice.label for choice in page.answers} != {choice.dutch for choice in page.answers}


def test_slots_that_were_written_anew_keep_their_values(cast: Cast) -> None:
    """The day, the hour and the place as the language writes them; what is words alone stays Dutch, and says so."""
    when = "Kom op " + day_in(draft(cast), "nl") + " om 15.30"
    notice = sent(cast, slots=SLOTS | {"when": when, "where": "in lokaal 12"})
    page = page_for(to_father(notice, cast))
    shown = {slot.key: slot for slot in page.slots}
    assert day_in(notice, "ar") in shown["when"].text
    assert "\u206815:30\u2069" in shown["when"].text
    assert shown["where"].text == "\u2068lokaal 12\u2069"
    assert shown["what"].is_dutch
    assert 'lang="nl-BE"' in shown["what"].html


def test_an_hour_that_the_dutch_does_not_say_is_not_made_up(cast: Cast) -> None:
    notice = sent(cast, slots=SLOTS | {"when": "Binnenkort", "where": "Bij ons"})
    shown = {slot.key: slot for slot in page_for(to_father(notice, cast)).slots}
    assert (shown["when"].text, shown["when"].is_dutch) == ("Binnenkort", True)


def test_the_page_offers_a_call_and_the_call_becomes_a_task(cast: Cast) -> None:
    notice = sent(cast)
    delivery = to_father(notice, cast)
    parent = cast.guardian_client("separated_father")
    address = reverse("portal_notice", args=[delivery.pk])
    answer = parent.get(address, {"taal": "ar"})
    page = " ".join(answer.content.decode().split())
    assert '<html lang="ar"' in page
    assert page.count('value="not_understood"') == 2, "beside the button that every notice has"
    assert "Beste ouder," in page
    before = FollowUp.objects.count()
    parent.post(address, {"action": "not_understood"})
    assert FollowUp.objects.count() == before + 1
    assert CallTask.objects.filter(delivery=delivery).count() <= 1


def test_the_mail_says_it_first_in_the_readers_language(cast: Cast) -> None:
    notice = sent(cast)
    delivery = to_father(notice, cast)
    assert delivery.text_kind == TextKind.FALLBACK
    mail = mail_for(delivery)
    assert 'dir="rtl"' in mail.html
    assert day_in(notice, "ar") in mail.text
    assert mail.text.index(day_in(notice, "ar")) < mail.text.index("Beste ouder")
    assert notice.answer_by is not None
    with override("ar"):
        by = gettext("Please answer by %(answer_by)s.") % {"answer_by": long_day(notice.answer_by, "ar")}
    assert mail.text.index(by) < mail.text.index("Beste ouder")
    assert by in mail.html
    assert "Yusuf" in mail.text
    assert not any("\ue0f0" <= letter <= "\ue0ff" for letter in mail.text + mail.html)


def test_where_others_read_along_the_mail_speaks_the_readers_language(cast: Cast) -> None:
    """It holds a link and no word of the notice, so there is nothing to translate."""
    delivery = to_father(sent(cast), cast)
    ContactPoint.objects.filter(value=delivery.address).update(is_shared=True)
    mail = mail_for(delivery)
    assert (mail.html_lang, mail.direction) == ("ar", "rtl")
    with override("ar"):
        assert gettext("Read and answer") in mail.html
    assert "heeft een bericht voor u" in mail.html, "the Dutch stands below"
    assert "Beste ouder" not in mail.text + mail.html


def test_a_text_message_to_a_shared_phone_speaks_the_readers_language(cast: Cast) -> None:
    notice = sent(cast)
    delivery = to_father(notice, cast)
    Delivery.objects.filter(pk=delivery.pk).update(channel=Channel.SMS)
    delivery.refresh_from_db()
    dutch = NoticeText.objects.get(notice=notice, language="nl").sms
    assert sms_for(delivery).startswith(dutch), "on his own phone stands what the notice says"
    ContactPoint.objects.filter(value=delivery.address).update(is_shared=True)
    assert sms_for(delivery).startswith("لديكم رسالة من")


def test_two_readers_of_dutch_get_each_their_own_mail(cast: Cast) -> None:
    """One reads no Dutch: the skeleton of the one is not the other's."""
    notice = sent(cast)
    mails = {
        row.guardian.contact_language: mail_for(row).text
        for row in Delivery.objects.filter(notice=notice, channel="EMAIL").select_related("guardian")
    }
    assert len(set(mails.values())) == len(mails) >= 2


def test_the_letter_stands_in_two_columns_all_the_same(cast: Cast) -> None:
    notice = sent(cast)
    delivery = to_father(notice, cast)
    (letter,) = letters_for([delivery])
    assert letter.own is not None
    assert (letter.language, letter.direction) == ("ar", "rtl")
    assert [key for key, _label, _text in letter.own.slots] == [key for key, _label, _text in letter.dutch.slots]
    assert "own" in letter.banner


def test_who_switches_the_page_to_a_language_that_may_be_sent_reads_it(cast: Cast) -> None:
    notice = draft(cast)
    publish_notice(notice=notice, by=notice.author)
    delivery = to_father(notice, cast)
    answer = cast.guardian_client("separated_father").get(reverse("portal_notice", args=[delivery.pk]), {"taal": "pl"})
    assert answer.context["page"].text.language == language("pl")
    assert answer.context["page"].untranslated is None


def test_in_french_its_labels_leave_room_before_the_colon(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(contact_language="fr")
    mail = mail_for(to_father(sent(cast), cast))
    assert "Quand\u00a0:" in mail.text
    assert "<b>Quand\u00a0:</b>" in mail.html
