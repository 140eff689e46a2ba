"""The school decides about another number or address: used unverified and told, or everything stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from messaging.models import RecordedNotice
from parents import signin
from parents.access import points_of
from parents.models import ContactPoint, ContactRequest, FollowUp, FollowUpStatus
from parents.retention import RULES
from parents.services import ask_to_change_contact, contactrequests
from parents.services.contactrequests import decline_contact
from parents.services.reachability import kinds_to_ask
from parents.services.wishes import tell_schools
from parents.signin import Reachable
from parents.tasks import offer_same_families
from schools import clock
from schools.keeping import carry_out
from schools.models import AuditEntry, Enrolment
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent
from tests.messaging.rendered import mail_for

NEW = "nadia.nieuw@thuis.example"


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def wish(cast: Cast) -> ContactRequest:
    """Yusuf's mother has another address."""
    return ask(cast, "separated_mother", "yusuf", NEW, "nadia@thuis.example")


def ask(cast: Cast, guardian: str, child: str, value: str, old: str = "") -> ContactRequest:
    kind = "EMAIL" if "@" in value else "PHONE"
    return ask_to_change_contact(
        guardian=cast.guardians[guardian],
        children=[cast.pupils[child]],
        contact=Reachable(kind, value),
        replaces=ContactPoint.objects.filter(value=old).first(),
    )


def decide(cast: Cast, wish: ContactRequest, decision: str, key: str = "teacher_3b") -> Any:
    task = FollowUp.objects.filter(contact_request=wish).order_by("pk")[0]
    return cast.client(key).post(reverse("contact_decided", args=[task.pk]), {"decision": decision})


def values_of(cast: Cast, guardian: str) -> list[str]:
    return [point.value for point in points_of(cast.guardians[guardian])]


def test_used_it_takes_the_place_of_the_old_and_both_hear_of_it(cast: Cast, wish: ContactRequest) -> None:
    assert decide(cast, wish, "use").status_code == 302
    assert sorted(values_of(cast, "separated_mother")) == ["+32470000002", NEW]
    new, old = ContactPoint.objects.get(value=NEW), ContactPoint.objects.get(value="nadia@thuis.example")
    assert (new.verified_on, old.valid_until, old.ended_because) == (None, clock.today(), "REPLACED")
    assert kinds_to_ask([cast.guardians["separated_mother"]]) == {}
    with translation.override("fr"):
        changed = translation.gettext("Something was changed for you at %(school)s.") % {"school": "VBS De Kersenboom"}
        here = translation.gettext("From now on %(school)s writes to you here.") % {"school": "VBS De Kersenboom"}
    assert {(message.to[0], message.subject) for message in mail.outbox} == {
        ("nadia@thuis.example", changed),
        (NEW, here),
    }
    (text,) = RecordedNotice.objects.filter(channel="SMS")
    assert text.recipient == "+32470000002"
    assert reverse("guardian_sign_in") in mail.outbox[-1].body
    assert "Nadia" not in "".join(f"{message.subject}{message.body}" for message in mail.outbox)


def test_a_code_opened_there_verifies_it(cast: Cast, wish: ContactRequest) -> None:
    decide(cast, wish, "use")
    delivery = sent(cast).deliveries.get(guardian=cast.guardians["separated_mother"])
    assert delivery.address == NEW
    assert "15:30" not in mail_for(delivery).text, "a link only, until it is verified"
    contact = Reachable("EMAIL", NEW)
    issued = signin.issue_code(contact)
    assert issued
    assert signin.check_code(contact, issued.digits) == [cast.guardians["separated_mother"]]
    assert ContactPoint.objects.get(value=NEW).verified_on == clock.today()
    assert "15:30" in mail_for(type(delivery).objects.get(pk=delivery.pk)).text


def test_what_waits_for_the_old_address_goes_to_the_new_one(cast: Cast, wish: ContactRequest) -> None:
    delivery = sent(cast).deliveries.get(guardian=cast.guardians["separated_mother"])
    assert (delivery.status, delivery.address) == ("QUEUED", "nadia@thuis.example")
    decide(cast, wish, "use")
    delivery.refresh_from_db()
    assert delivery.contact_point is not None
    assert (delivery.status, delivery.address, delivery.contact_point.value) == ("QUEUED", NEW, NEW)


def test_what_waits_takes_the_next_way_where_the_new_one_is_a_phone(cast: Cast) -> None:
    notice = sent(cast)
    wish = ask(cast, "separated_mother", "yusuf", "+32470998877", "nadia@thuis.example")
    decide(cast, wish, "use")
    rows = notice.deliveries.filter(guardian=cast.guardians["separated_mother"]).order_by("pk")
    assert list(rows.values_list("channel", "status")) == [("EMAIL", "CANCELLED"), ("SMS", "QUEUED")]
    assert "nadia@thuis.example" not in rows.last().address  # type: ignore[union-attr]


def test_declined_everything_stays_and_nobody_hears(cast: Cast, wish: ContactRequest) -> None:
    decide(cast, wish, "keep")
    assert sorted(values_of(cast, "separated_mother")) == ["+32470000002", "nadia@thuis.example"]
    assert mail.outbox == []
    assert not ContactPoint.objects.filter(value=NEW).exists()


@pytest.mark.parametrize("decision", ["use", "keep"])
def test_decided_it_is_off_every_list_and_its_value_forgotten(cast: Cast, wish: ContactRequest, decision: str) -> None:
    decide(cast, wish, decision)
    wish.refresh_from_db()
    assert (wish.value, wish.decided_by) == ("", cast.staff["teacher_3b"])
    task = FollowUp.objects.get(contact_request=wish)
    assert (task.status, NEW in task.what) == (FollowUpStatus.DONE, False)
    assert not AuditEntry.objects.filter(detail__icontains="nieuw").exists()
    decide(cast, wish, "use")
    assert ContactPoint.objects.filter(value=NEW).count() == (decision == "use"), "the second decision changes nothing"


def test_one_school_decides_for_both(cast: Cast) -> None:
    mother = cast.guardians["mother"]
    wish = ask_to_change_contact(
        guardian=mother,
        children=[cast.pupils["simran"], cast.pupils["gurjot"]],
        contact=Reachable("PHONE", "+32470998877"),
    )
    assert FollowUp.objects.open().filter(contact_request=wish).count() == 2
    decide(cast, wish, "use")
    assert not FollowUp.objects.open().filter(contact_request=wish).exists()


def test_what_the_grandfather_uses_too_only_the_mother_leaves(cast: Cast) -> None:
    wish = ask(cast, "mother", "simran", "+32470998877", "+32470000001")
    decide(cast, wish, "use")
    assert sorted(values_of(cast, "mother")) == ["+32470998877", "harpreet@thuis.example"]
    assert values_of(cast, "grandfather") == ["+32470000001"]


def test_a_wish_is_decided_not_ticked_off(cast: Cast, wish: ContactRequest) -> None:
    task = FollowUp.objects.get(contact_request=wish)
    teacher = cast.client("teacher_3b")
    for page in ("call_list", "my_week"):
        assert reverse("follow_up_done", args=[task.pk]) not in teacher.get(reverse(page)).content.decode()
    family = teacher.get(reverse("family_detail", args=[task.family_id])).content.decode()
    assert reverse("contact_decided", args=[task.pk]) in family
    assert teacher.post(reverse("follow_up_done", args=[task.pk])).status_code == 404
    cast.client("teacher_3b").post(reverse("contact_told", args=[task.pk]), {"contact": "0470 12 12 12"})
    assert FollowUp.objects.open().filter(pk=task.pk).exists()


def test_a_teacher_of_another_class_does_not_decide(cast: Cast, wish: ContactRequest) -> None:
    assert decide(cast, wish, "use", "teacher_1a").status_code == 404
    assert ContactRequest.objects.get().state == "OPEN"


def test_a_signed_in_parent_says_which_one_it_replaces(cast: Cast) -> None:
    old = ContactPoint.objects.get(value="nadia@thuis.example")
    cast.guardian_client("separated_mother").post(
        reverse("portal_choices"),
        {"form": "contact", "contact-contact": NEW, "contact-replaces": str(old.pk)},
    )
    request = ContactRequest.objects.get()
    assert (request.value, request.replaces, request.is_proven) == (NEW, old, True)


def test_the_database_keeps_no_value_of_a_decided_wish(wish: ContactRequest) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactRequest.objects.filter(pk=wish.pk).update(state="DECLINED", decided_at=clock.now())


def test_a_number_stands_in_the_task_as_people_dial_it(cast: Cast) -> None:
    asked = ask(cast, "separated_mother", "yusuf", "+32470001122")
    assert "0470 00 11 22." in FollowUp.objects.filter(contact_request=asked)[0].what


def test_so_does_the_number_it_replaces(cast: Cast) -> None:
    asked = ask(cast, "mother", "simran", "+32470998877", "+32470000001")
    task = FollowUp.objects.filter(contact_request=asked)[0]
    page = cast.client("teacher_3b").get(reverse("family_detail", args=[task.family_id])).content.decode()
    assert "Het vervangt" in page
    assert '<bdi dir="ltr">0470 00 00 01</bdi>' in page.split("Het vervangt")[1][:60]


class TestAChildChangesSchool:
    """Nobody decided the wish before the child left: the school where it is now does."""

    def _moves(self, cast: Cast, child: str = "yusuf", days_ago: int = 1) -> None:
        day = clock.today() - timedelta(days=days_ago)
        Enrolment.objects.filter(pupil=cast.pupils[child]).update(ends_on=day)
        there = cast.classes["go2"]
        Enrolment.objects.create(
            pupil=cast.pupils[child], school=there.school, school_class=there, starts_on=day + timedelta(days=1)
        )

    def _asked(self, wish: ContactRequest) -> dict[str, str]:
        rows = FollowUp.objects.filter(contact_request=wish).select_related("school").order_by("pk")
        return {row.school.name: row.status for row in rows}

    def test_its_new_school_is_asked_once_and_the_old_one_no_longer(self, cast: Cast, wish: ContactRequest) -> None:
        assert offer_same_families() == 0
        old, new = cast.schools["kersenboom"].name, cast.classes["go2"].school.name
        assert self._asked(wish) == {old: "OPEN"}
        self._moves(cast)
        for _night in range(2):
            offer_same_families()
            assert self._asked(wish) == {old: "DROPPED", new: "OPEN"}
        task = FollowUp.objects.open().get(contact_request=wish)
        assert NEW in task.what
        assert cast.client("head_go").post(reverse("contact_decided", args=[task.pk]), {"decision": "use"})
        assert ContactPoint.objects.get(value=NEW).ended_because == ""
        assert NEW in values_of(cast, "separated_mother")

    def test_of_a_child_that_left_for_nowhere_it_is_forgotten_with_the_numbers(
        self, cast: Cast, wish: ContactRequest, settings: Any
    ) -> None:
        (rule,) = (one for one in RULES if one.key == "contact data")
        Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today())
        for days, is_known in ((settings.LEFT_CONTACT_DAYS - 5, True), (settings.LEFT_CONTACT_DAYS + 5, False)):
            with time_machine.travel(clock.now() + timedelta(days=days)):
                assert offer_same_families() == 0
                carry_out(rule, dry_run=False)
            assert ContactRequest.objects.filter(pk=wish.pk).exists() == is_known
            task = FollowUp.objects.get(kind="CONTACT_DATA")
            assert (NEW in task.what, task.status) == (is_known, "OPEN" if is_known else "DROPPED")

    def test_what_somebody_decides_meanwhile_is_told_to_no_other_school(
        self, cast: Cast, wish: ContactRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its value would stand in a task again that nobody closes."""
        second = ask(cast, "separated_mother", "yusuf", "+32470998877")
        self._moves(cast)

        def tell_and_let_decide(**of: Any) -> int:
            decline_contact(request=second, by=cast.staff["head"], school=cast.schools["kersenboom"])
            return tell_schools(**of)

        monkeypatch.setattr(contactrequests, "tell_schools", tell_and_let_decide)
        offer_same_families()
        assert not FollowUp.objects.filter(contact_request=second, status=FollowUpStatus.OPEN).exists()
        assert not FollowUp.objects.filter(what__contains="99 88 77").exists()
