"""A guardian stops a purpose by one way; the family moves to the other way, and what is urgent still arrives."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging import outbox
from messaging.models import Delivery, DeliveryStatus, Notice, OptOut, Reason
from messaging.refusable import name_for_parents, purpose_key
from messaging.services import get_again, mark_opened, opt_out
from messaging.tokens import make_token
from parents.models import ContactPoint, Guardian
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.cast import Cast
from tests.messaging.ladder_world import leave, publish, rungs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_phone(settings: Any) -> None:
    settings.SMS_DRIVER = "record"


@pytest.fixture
def mailed() -> Delivery:
    """An invitation that was mailed to a mother with a phone."""
    school_class = make.make_class()
    make.make_family(school_class, phones=["+32470000001"])
    publish(make.make_notice(school_class))
    leave()
    return Delivery.objects.select_related("notice__template", "guardian").get()


def next_notice(delivery: Delivery, slug: str) -> str:
    notice = publish(make.make_notice(delivery.notice.school_class, delivery.notice.author, slug=slug))
    return Delivery.objects.get(notice=notice).channel


def unsubscribe(delivery: Delivery, **data: str) -> Any:
    address = reverse("token_unsubscribe", args=[make_token(delivery)])
    return Client(enforce_csrf_checks=True).post(address, data)


def test_one_click_of_the_mail_program_stops_this_purpose_by_mail_only(mailed: Delivery) -> None:
    assert unsubscribe(mailed, **{"List-Unsubscribe": "One-Click"}).status_code == 200
    row = OptOut.objects.get()
    assert (row.channel, row.category) == ("EMAIL", "appointment")
    assert next_notice(mailed, "parent-meeting-invitation") == "SMS"
    assert next_notice(mailed, "swimming-bag") == "EMAIL"


def test_the_page_offers_to_stop_all_mails(mailed: Delivery) -> None:
    page = unsubscribe(mailed, what="this").content.decode()
    assert 'value="everything"' in page
    assert 'value="everything"' not in unsubscribe(mailed, what="everything").content.decode()
    assert set(OptOut.objects.values_list("category", flat=True)) == {"appointment", ""}
    assert next_notice(mailed, "swimming-bag") == "SMS"


def test_where_others_read_along_the_page_does_not_say_what_it_was_about(mailed: Delivery) -> None:
    """Who opens the link from the mailbox of two says no second fact here: what is stopped hides nothing."""
    address = reverse("token_unsubscribe", args=[make_token(mailed)])
    about = name_for_parents(purpose_key(mailed.notice))
    assert about in Client().get(address, {"taal": "nl"}).content.decode()
    ContactPoint.objects.update(is_shared=True)
    page = Client().get(address, {"taal": "nl"}).content.decode()
    assert about not in page
    assert 'value="everything"' in page
    done = Client().post(f"{address}?taal=nl", {"List-Unsubscribe": "One-Click"}).content.decode()
    assert about not in done
    assert "U krijgt geen e-mails van deze soort meer." in done
    assert OptOut.objects.get().category == "appointment"


def test_where_others_read_along_one_kind_can_be_stopped_too(mailed: Delivery) -> None:
    """To stop everything is not the only way out of one kind."""
    ContactPoint.objects.update(is_shared=True)
    address = reverse("token_unsubscribe", args=[make_token(mailed)])
    assert "Geen e-mails van deze soort meer" in Client().get(address, {"taal": "nl"}).content.decode()


def test_what_was_refused_is_said_when_the_page_is_opened_again(mailed: Delivery) -> None:
    address = reverse("token_unsubscribe", args=[make_token(mailed)])
    unsubscribe(mailed, what="this")
    page = Client().get(address, {"taal": "nl"}).content.decode()
    assert "U krijgt geen e-mails meer over:" in page
    assert 'value="this"' not in page
    unsubscribe(mailed, what="everything")
    page = Client().get(address, {"taal": "nl"}).content.decode()
    assert "U krijgt geen berichten meer via e-mail." in page
    assert 'value="everything"' not in page


def test_what_is_urgent_still_comes(mailed: Delivery) -> None:
    opt_out(mailed, everything=True)
    Guardian.objects.update(preferred_channel="EMAIL")
    assert next_notice(mailed, "urgent-early-closing") == "EMAIL"


def test_the_family_moves_to_the_other_way_at_once(mailed: Delivery) -> None:
    opt_out(mailed)
    assert rungs() == ["EMAIL", "SMS"]


def test_who_reacted_already_is_not_asked_again_by_another_way(mailed: Delivery) -> None:
    mark_opened(mailed)
    opt_out(mailed)
    assert rungs() == ["EMAIL"]


def test_what_only_informs_and_arrived_is_not_sent_twice() -> None:
    school_class = make.make_class()
    make.make_family(school_class, phones=["+32470000001"])
    publish(make.make_notice(school_class, slug="school-closed"))
    leave()
    opt_out(Delivery.objects.get())
    assert rungs() == ["EMAIL"]


def test_what_still_waits_takes_the_other_way(mailed: Delivery) -> None:
    second = publish(make.make_notice(mailed.notice.school_class, mailed.notice.author))
    opt_out(mailed)
    waiting = Delivery.objects.get(notice=second, channel="EMAIL")
    assert (waiting.status, waiting.reason) == (DeliveryStatus.CANCELLED, Reason.OPTED_OUT)
    assert Delivery.objects.get(notice=second, channel="SMS").status == DeliveryStatus.QUEUED


@pytest.mark.parametrize(
    ("category", "of_notice", "is_found"),
    [
        ("appointment", "", True), ("", "", True), ("other", "", False), ("other", "without a template", True),
        ("", "urgent", False),
    ],
)  # fmt: skip
def test_a_refusal_in_the_same_moment_as_the_sending_is_found_by_the_worker(
    mailed: Delivery, category: str, of_notice: str, is_found: bool
) -> None:
    second = publish(make.make_notice(mailed.notice.school_class, mailed.notice.author))
    if of_notice == "without a template":
        Notice.objects.update(template=None)
    Delivery.objects.filter(notice=second).update(is_urgent=of_notice == "urgent")
    OptOut.objects.create(guardian=mailed.guardian, channel="EMAIL", category=category, since=mailed.created_at)
    outbox.claim()
    row = Delivery.objects.get(notice=second, channel="EMAIL")
    assert (row.status, row.reason) == (("CANCELLED", Reason.OPTED_OUT) if is_found else ("SENDING", ""))


def test_a_notice_without_a_template_is_refused_as_other_matters(mailed: Delivery) -> None:
    Notice.objects.update(template=None)
    opt_out(Delivery.objects.select_related("notice__template", "guardian").get())
    assert OptOut.objects.get().category == "other"
    assert rungs() == ["EMAIL", "SMS"]


def test_it_is_written_down_once(mailed: Delivery) -> None:
    for _click in range(3):
        opt_out(mailed)
    entry = AuditEntry.objects.get(verb="opted out")
    assert entry.detail == {"channel": "EMAIL", "category": "appointment", "because": "asked"}


def test_nobody_takes_back_somebody_elses_refusal(mailed: Delivery) -> None:
    opt_out(mailed)
    row, stranger = OptOut.objects.get(), make.make_guardian([])
    assert not get_again(guardian=stranger, refusal=row.pk)
    assert get_again(guardian=mailed.guardian, refusal=row.pk)
    assert not OptOut.objects.exists()


def test_a_guardian_takes_it_back_under_my_choices(cast: Cast) -> None:
    mother = cast.guardians["mother"]
    row = OptOut.objects.create(
        guardian=mother, channel="EMAIL", category="trip", since=cast.moments["gate"].recorded_at
    )
    client = cast.guardian_client("mother")
    page = client.get(reverse("portal_choices")).content.decode()
    assert f'value="{row.pk}"' in page
    client.post(reverse("portal_choices"), {"form": "again", "refusal": str(row.pk)})
    assert not OptOut.objects.exists()
    client.post(reverse("portal_choices"), {"form": "again", "refusal": "no number"})


@pytest.mark.parametrize(("before", "comes_back"), [("", True), ("LETTER", True), ("SMS", False)])
def test_who_asks_for_a_way_takes_back_that_nothing_comes_by_it(cast: Cast, before: str, comes_back: bool) -> None:
    """With the way chosen already, the refusal was said later: it stays until it is taken back by its own button."""
    mother = cast.guardians["mother"]
    Guardian.objects.filter(pk=mother.pk).update(preferred_channel=before)
    for channel, category in (("SMS", ""), ("SMS", "trip"), ("EMAIL", "")):
        OptOut.objects.create(guardian=mother, channel=channel, category=category, since=clock.now())
    fields = {"form": "reading", "reading-reading_mode": "TEXT", "reading-preferred_channel": "SMS"}
    page = cast.guardian_client("mother").post(reverse("portal_choices"), fields, follow=True)
    kept = {(row.channel, row.category) for row in OptOut.objects.all()}
    assert kept == {("SMS", "trip"), ("EMAIL", "")} | (set() if comes_back else {("SMS", "")})
    assert AuditEntry.objects.filter(verb="opted in again").exists() == comes_back
    assert page.status_code == 200


def test_the_way_is_named_in_the_parents_own_language(cast: Cast) -> None:
    father = cast.guardians["separated_father"]
    for channel in ("EMAIL", "SMS"):
        OptOut.objects.create(guardian=father, channel=channel, category="", since=clock.now())
    page = cast.guardian_client("separated_father").get(reverse("portal_choices"), {"taal": "ar"}).content.decode()
    assert "البريد الإلكتروني: كل شيء" in page
    assert "رسالة نصية (SMS): كل شيء" in page


def test_staff_see_it_on_the_familys_page(cast: Cast) -> None:
    OptOut.objects.create(
        guardian=cast.guardians["separated_mother"],
        channel="EMAIL",
        category="trip",
        since=cast.moments["gate"].recorded_at,
    )
    page = cast.client("teacher_3b").get(reverse("family_notices", args=[cast.families["haddad"].pk]))
    assert "Nadia Haddad" in page.content.decode()
